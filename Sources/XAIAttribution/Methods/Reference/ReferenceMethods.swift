extension MethodCatalog {
  static let referenceMethods: [MethodEntry] = []
}
