extension MethodCatalog {
  static let relevanceMethods: [MethodEntry] = []
}
