public import XAINetworks
public import XAITensor

/// Layer-wise relevance propagation by the w-square rule in every linear node: each input gets its share of the
/// squared weights.
///
/// Montavon et al. 2017, Explaining Nonlinear Classification Decisions with Deep Taylor Decomposition.
///
/// Without biases the map sums to what entered, which is checked as for `LRPFlat`.
///
/// - Note: Deviation from zennit 0.5, which squares biases too and lets them absorb relevance: the paper's
///   rule has none and conserves relevance, zennit's loses 59 to 72 % of it on two small networks.
///   `includesBias` makes it zennit's.
public struct LRPWSquare: RelevanceMethod {
  /// Whether squared biases keep their share.
  public var includesBias: Bool
  /// Keeps denominators from zero.
  public var stabilizer: Double
  /// What enters at the target's logit.
  public var seed: RelevanceSeed

  /// Describes the method.
  /// - Parameters:
  ///   - includesBias: Whether squared biases keep their share, as in zennit.
  ///   - stabilizer: Keeps denominators from zero, more than 0.
  ///   - seed: What enters at the target's logit.
  public init(
    includesBias: Bool = false, stabilizer: Double = 1e-6, seed: RelevanceSeed = .unit
  ) {
    (self.includesBias, self.stabilizer, self.seed) = (includesBias, stabilizer, seed)
  }

  /// The w-square rule in every linear node.
  public var composite: Composite {
    .wSquare(includesBias: includesBias, stabilizer: Float(stabilizer))
  }

  /// The stabilizer keeps from zero.
  public func requirePossibleParameters() throws(AttributionFailure) {
    try RelevanceParameter.requireStabilizer(stabilizer, "stabilizer", of: "lrp-w-square")
  }

  /// Without biases nothing is lost but at average pooling.
  public func laws(of maps: Tensor, logits: [Double], on network: Network) -> [LawCheck] {
    guard !includesBias, !network.nodes.contains(where: \.isAveragePooling) else { return [] }
    return Array(conservationOf: maps, expected: seed.relevance(logits), tolerance: 1e-2)
  }
}
