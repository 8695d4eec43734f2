extension MethodCatalog {
  static let relevanceMethods: [MethodEntry] =
    [1, 2, 3, 4, 5, 6, 9].map { alpha in
      MethodEntry(
        "lrp-a\(alpha)b\(alpha - 1)", .relevance,
        summary: "Relevance by the alpha-beta rule with alpha = \(alpha), beta = \(alpha - 1)",
        source: "Bach et al. 2015, On Pixel-Wise Explanations; rules of Nam et al. 2020",
        method: LRPAlphaBeta(alpha: Double(alpha)))
    } + [
      MethodEntry(
        "lrp-alpha-beta", .relevance,
        summary: "Relevance by the alpha-beta rule with any alpha of at least 1",
        source: "Bach et al. 2015, On Pixel-Wise Explanations; rules of Nam et al. 2020",
        method: LRPAlphaBeta(alpha: 2)),
      MethodEntry(
        "lrp-epsilon", .relevance, summary: "Relevance by the epsilon rule, biases included",
        source: "Bach et al. 2015, On Pixel-Wise Explanations",
        method: LRPEpsilon()),
      MethodEntry(
        "lrp-z-plus", .relevance, summary: "Relevance by supporting contributions alone",
        source: "Montavon et al. 2017, Explaining Nonlinear Classification Decisions with Deep "
          + "Taylor Decomposition",
        method: LRPAlphaBeta.zPlus),
      MethodEntry(
        "rap", .relevance, summary: "Relative attributing propagation",
        source: "Nam et al. 2020, Relative Attributing Propagation",
        method: RelativeAttributingPropagation()),
    ] + compositeMethods

  /// Rules and composites of zennit; they came after the thesis.
  private static let compositeMethods: [MethodEntry] = [
    MethodEntry(
      "lrp-gamma", .relevance,
      summary: "Relevance by the gamma rule, which favors the output's sign",
      source: "Montavon et al. 2019, Layer-Wise Relevance Propagation: An Overview",
      method: LRPGamma(), isInThesisSet: false),
    MethodEntry(
      "lrp-flat", .relevance, summary: "Relevance by the flat rule: every input gets the same",
      source: "Lapuschkin et al. 2019, Unmasking Clever Hans Predictors", method: LRPFlat(),
      isInThesisSet: false),
    MethodEntry(
      "lrp-w-square", .relevance, summary: "Relevance by squared weights",
      source: "Montavon et al. 2017, Explaining Nonlinear Classification Decisions with Deep "
        + "Taylor Decomposition", method: LRPWSquare(), isInThesisSet: false),
    MethodEntry(
      "lrp-epsilon-plus", .relevance,
      summary: "Relevance by supporting contributions in convolutions, by epsilon in dense layers",
      source: overview, method: LRPEpsilonAlphaBeta(alpha: 1), isInThesisSet: false),
    MethodEntry(
      "lrp-epsilon-plus-flat", .relevance,
      summary: "As lrp-epsilon-plus, and flat in the first layer",
      source: overview, method: LRPEpsilonAlphaBeta(alpha: 1, first: .flat), isInThesisSet: false),
    MethodEntry(
      "lrp-epsilon-alpha2-beta1", .relevance,
      summary: "Relevance by alpha-beta (2, 1) in convolutions, by epsilon in dense layers",
      source: overview, method: LRPEpsilonAlphaBeta(alpha: 2), isInThesisSet: false),
    MethodEntry(
      "lrp-epsilon-alpha2-beta1-flat", .relevance,
      summary: "As lrp-epsilon-alpha2-beta1, and flat in the first layer",
      source: overview, method: LRPEpsilonAlphaBeta(alpha: 2, first: .flat), isInThesisSet: false),
    MethodEntry(
      "lrp-epsilon-gamma-box", .relevance,
      summary:
        "Relevance by the box rule in the first layer, then gamma, and epsilon in dense layers",
      source: overview, method: LRPEpsilonGammaBox(), isInThesisSet: false),
  ]

  private static let overview =
    "Montavon et al. 2019, Layer-Wise Relevance Propagation: An Overview; composites of zennit 0.5"
}
