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
    ]
}
