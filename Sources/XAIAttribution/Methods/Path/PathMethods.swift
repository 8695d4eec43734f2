extension MethodCatalog {
  static let pathMethods: [MethodEntry] = []
}
