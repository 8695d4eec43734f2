import XAITensor

/// Layer-wise relevance propagation by the gamma rule in every linear node; see `GammaRelevance`.
///
/// Batch norm is merged, rectifiers pass relevance on, max pooling hands it to the winner and average pooling
/// to what it averaged. Biases keep their share, so the map need not sum to what entered.
public struct LRPGamma: RelevanceMethod {
  /// How much contributions of the output's own sign are favored.
  public var gamma: Double
  /// Keeps denominators from zero.
  public var stabilizer: Double
  /// What enters at the target's logit.
  public var seed: RelevanceSeed

  /// Describes the method.
  /// - Parameters:
  ///   - gamma: How much contributions of the output's own sign are favored, at least 0.
  ///   - stabilizer: Keeps denominators from zero, more than 0.
  ///   - seed: What enters at the target's logit.
  public init(gamma: Double = 0.25, stabilizer: Double = 1e-6, seed: RelevanceSeed = .unit) {
    (self.gamma, self.stabilizer, self.seed) = (gamma, stabilizer, seed)
  }

  /// The gamma rule in every linear node.
  public var composite: Composite { .gamma(Float(gamma), stabilizer: Float(stabilizer)) }

  /// Gamma is a factor, and the stabilizer keeps from zero.
  public func requirePossibleParameters() throws(AttributionFailure) {
    try RelevanceParameter.requireFactor(gamma, "gamma", of: "lrp-gamma")
    try RelevanceParameter.requireStabilizer(stabilizer, "stabilizer", of: "lrp-gamma")
  }
}
