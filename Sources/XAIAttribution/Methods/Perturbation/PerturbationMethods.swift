extension MethodCatalog {
  static let perturbationMethods: [MethodEntry] = [
    MethodEntry(
      "dasp", .perturbation,
      summary: "Approximate Shapley values of windows, by propagating mean and variance",
      source: "Ancona et al. 2019, Explaining Deep Neural Networks with a Polynomial Time Algorithm"
        + " for Shapley Values Approximation",
      method: DASP())
  ]
}
