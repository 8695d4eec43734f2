extension MethodCatalog {
  static let perturbationMethods: [MethodEntry] = []
}
