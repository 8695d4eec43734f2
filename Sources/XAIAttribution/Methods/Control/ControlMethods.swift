extension MethodCatalog {
  static let controlMethods: [MethodEntry] = []
}
