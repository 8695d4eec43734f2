import XAITensor

/// Layer-wise relevance propagation by the box rule in the first convolution, the gamma rule in the others and
/// the epsilon rule in dense nodes: zennit's EpsilonGammaBox.
///
/// Montavon et al. 2019, Layer-Wise Relevance Propagation: An Overview.
///
/// The box is what pixels can be: black and white as the network's images are normalized, which requests made
/// of pictures know. Where a request has no bounds, they are the smallest and the largest value of each image,
/// and a note says so.
///
/// Batch norm is merged, rectifiers pass relevance on, max pooling hands it to the winner and average pooling
/// to what it averaged. Biases keep their share, so the map need not sum to what entered.
public struct LRPEpsilonGammaBox: RelevanceMethod {
  /// How much contributions of the output's own sign are favored.
  public var gamma: Double
  /// Of the epsilon rule.
  public var epsilon: Double
  /// Keeps the denominators of all other rules from zero.
  public var stabilizer: Double
  /// What enters at the target's logit.
  public var seed: RelevanceSeed

  /// Describes the method.
  /// - Parameters:
  ///   - gamma: How much contributions of the output's own sign are favored, at least 0.
  ///   - epsilon: Of the epsilon rule, more than 0.
  ///   - stabilizer: Keeps the denominators of all other rules from zero, more than 0.
  ///   - seed: What enters at the target's logit.
  public init(
    gamma: Double = 0.25, epsilon: Double = 1e-6, stabilizer: Double = 1e-6,
    seed: RelevanceSeed = .unit
  ) {
    (self.gamma, self.epsilon) = (gamma, epsilon)
    (self.stabilizer, self.seed) = (stabilizer, seed)
  }

  /// With the bounds of each image.
  public var composite: Composite { composite(nil) }

  /// With the bounds of the request.
  public func composite(for request: AttributionRequest) -> Composite { composite(request.bounds) }

  private func composite(_ bounds: PixelBounds?) -> Composite {
    .epsilonGammaBox(
      bounds, gamma: Float(gamma), epsilon: Float(epsilon), stabilizer: Float(stabilizer))
  }

  /// Gamma is a factor, epsilon and the stabilizer keep from zero.
  public func requirePossibleParameters() throws(AttributionFailure) {
    let name = "lrp-epsilon-gamma-box"
    try RelevanceParameter.requireFactor(gamma, "gamma", of: name)
    try RelevanceParameter.requireStabilizer(epsilon, "epsilon", of: name)
    try RelevanceParameter.requireStabilizer(stabilizer, "stabilizer", of: name)
  }

  /// Which bounds were taken, where nobody gave them.
  public func notes(on request: AttributionRequest) -> [Attribution.Note] {
    request.bounds == nil
      ? [
        Attribution.Note(
          "the bounds of pixels are not known, so the box is the smallest and the largest value of each image"
        )
      ] : []
  }
}
