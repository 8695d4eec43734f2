import XAITensor

/// Layer-wise relevance propagation by the alpha-beta rule in convolutions and the epsilon rule in dense nodes:
/// zennit's EpsilonPlus (alpha = 1), EpsilonAlpha2Beta1 (alpha = 2) and their Flat variants.
///
/// Batch norm is merged, rectifiers pass relevance on, max pooling hands it to the winner and average pooling
/// to what it averaged. Biases keep their share, so the map need not sum to what entered.
///
/// Its composites are those of zennit 0.5, numbers and all.
///
/// - Note: Deviation from zennit 0.5, whose canonizer merges batch norm and leaves its eps behind, so that the
///   network divides by sqrt(1 + eps) once more at each of them: merging must not change what is explained.
public struct LRPEpsilonAlphaBeta: RelevanceMethod {
  /// What the first linear node does, which sees the image.
  public enum First: String, Sendable, Codable {
    /// What others of its kind do.
    case likeOthers = "like-others"
    /// The flat rule: every pixel that a unit sees gets the same.
    case flat
  }

  /// The share of supporting contributions, at least 1; that of opposing ones is `alpha - 1`.
  public var alpha: Double
  /// What the first linear node does.
  public var first: First
  /// Of the epsilon rule.
  public var epsilon: Double
  /// Keeps the denominators of all other rules from zero.
  public var stabilizer: Double
  /// What enters at the target's logit.
  public var seed: RelevanceSeed

  /// Describes the method.
  /// - Parameters:
  ///   - alpha: The share of supporting contributions, at least 1.
  ///   - first: What the first linear node does.
  ///   - epsilon: Of the epsilon rule, more than 0.
  ///   - stabilizer: Keeps the denominators of all other rules from zero, more than 0.
  ///   - seed: What enters at the target's logit.
  public init(
    alpha: Double, first: First = .likeOthers, epsilon: Double = 1e-6, stabilizer: Double = 1e-6,
    seed: RelevanceSeed = .unit
  ) {
    (self.alpha, self.first, self.epsilon) = (alpha, first, epsilon)
    (self.stabilizer, self.seed) = (stabilizer, seed)
  }

  /// Alpha-beta in convolutions, epsilon in dense nodes.
  public var composite: Composite {
    .epsilonAlphaBeta(
      alpha: Float(alpha), isFirstFlat: first == .flat, epsilon: Float(epsilon),
      stabilizer: Float(stabilizer))
  }

  /// Alpha is a share, epsilon and the stabilizer keep from zero.
  public func requirePossibleParameters() throws(AttributionFailure) {
    let name = "relevance by the epsilon and the alpha-beta rule"
    guard alpha >= 1 else {
      throw AttributionFailure(
        .usage, "\(name) has alpha = \(alpha); give a number of at least 1 (beta is alpha - 1)")
    }
    try RelevanceParameter.requireFactor(alpha, "alpha", of: name)
    try RelevanceParameter.requireStabilizer(epsilon, "epsilon", of: name)
    try RelevanceParameter.requireStabilizer(stabilizer, "stabilizer", of: name)
  }
}
