public import XAINetworks
public import XAITensor

/// Layer-wise relevance propagation by the flat rule in every linear node: each input gets the same.
///
/// The map tells through which units, and which winners of pooling windows, relevance can reach a pixel, and
/// nothing about weights: of a network without max pooling it is the same for all images. As a rule of the
/// first layer alone it evens out what the layers above found (see `LRPEpsilonAlphaBeta`).
///
/// No bias takes part, so the map sums to what entered, which is checked unless average pooling meets maps
/// that are zero everywhere.
public struct LRPFlat: RelevanceMethod {
  /// Keeps denominators from zero.
  public var stabilizer: Double
  /// What enters at the target's logit.
  public var seed: RelevanceSeed

  /// Describes the method.
  /// - Parameters:
  ///   - stabilizer: Keeps denominators from zero, more than 0.
  ///   - seed: What enters at the target's logit.
  public init(stabilizer: Double = 1e-6, seed: RelevanceSeed = .unit) {
    (self.stabilizer, self.seed) = (stabilizer, seed)
  }

  /// The flat rule in every linear node.
  public var composite: Composite { .flat(stabilizer: Float(stabilizer)) }

  /// The stabilizer keeps from zero.
  public func requirePossibleParameters() throws(AttributionFailure) {
    try RelevanceParameter.requireStabilizer(stabilizer, "stabilizer", of: "lrp-flat")
  }

  /// Nothing is lost but at average pooling.
  public func laws(of maps: Tensor, logits: [Double], on network: Network) -> [LawCheck] {
    guard !network.nodes.contains(where: \.isAveragePooling) else { return [] }
    return Array(conservationOf: maps, expected: seed.relevance(logits), tolerance: 1e-2)
  }
}
