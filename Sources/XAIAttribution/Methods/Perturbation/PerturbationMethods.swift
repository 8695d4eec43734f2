extension MethodCatalog {
  static let perturbationMethods: [MethodEntry] = [
    MethodEntry(
      "occlusion", .perturbation, summary: "How much the logit falls under a sliding window",
      source: "Zeiler and Fergus 2014, Visualizing and Understanding Convolutional Networks",
      method: Occlusion()),
    MethodEntry(
      "lime", .perturbation, summary: "A linear model of which superpixels are present",
      source: "Ribeiro et al. 2016, \"Why Should I Trust You?\"", method: LIME()),
    MethodEntry(
      "kernel-shap", .perturbation,
      summary: "Shapley values of superpixels by weighted least squares",
      source: "Lundberg and Lee 2017, A Unified Approach to Interpreting Model Predictions",
      method: KernelSHAP()),
    MethodEntry(
      "shapley-values", .perturbation,
      summary: "Exact Shapley values of a few segments, from all coalitions",
      source: "Shapley 1953, A Value for n-Person Games", method: ShapleyValues()),
    MethodEntry(
      "rise", .perturbation, summary: "The mean of random masks, weighted with their scores",
      source: "Petsiuk et al. 2018, RISE", method: RISE()),
    MethodEntry(
      "dasp", .perturbation,
      summary: "Approximate Shapley values of windows, by propagating mean and variance",
      source: "Ancona et al. 2019, Explaining Deep Neural Networks with a Polynomial Time Algorithm"
        + " for Shapley Values Approximation",
      method: DASP()),
    MethodEntry(
      "meaningful-perturbation", .perturbation,
      summary: "The smallest smooth mask that lowers the probability; 300 steps",
      source:
        "Fong and Vedaldi 2017, Interpretable Explanations of Black Boxes by Meaningful Perturbation",
      method: MeaningfulPerturbation()),
    MethodEntry(
      "extremal-perturbation", .perturbation,
      summary: "The mask of a given area that keeps the logit highest; 800 steps for each area",
      source:
        "Fong et al. 2019, Understanding Deep Networks via Extremal Perturbations and Smooth Masks",
      method: ExtremalPerturbation()),
  ]
}
