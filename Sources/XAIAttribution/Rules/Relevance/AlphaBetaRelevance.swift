public import XAIKernels
import XAINetworks

/// The alpha-beta rule of layer-wise relevance propagation in a linear node.
///
/// Supporting contributions get `alpha` of the relevance, opposing ones `-beta`, with
/// `alpha - beta = 1` (Bach et al. 2015, *On Pixel-Wise Explanations*, equation 60). With the input a
/// and the weights W, `+` and `-` for positive and negative parts, the supporting contributions are
/// `W+ a+` and `W- a-`, the opposing ones `W- a+` and `W+ a-`.
public struct AlphaBetaRelevance: BackwardRule {
  /// What the contributions of positive and of negative inputs are divided by.
  public enum Denominators: String, Sendable, Codable {
    /// Each by its own sum, as in the code of Nam et al. 2020: a unit that has both hands its relevance
    /// out twice. After a rectifier there are no negative inputs, and it is the same as `joint`.
    case separate
    /// Both by the sum of both, as in Bach et al. 2015 and in zennit.
    case joint
  }

  /// The share of supporting contributions; that of opposing ones is `alpha - 1`.
  public let alpha: Float
  /// What contributions are divided by.
  public let denominators: Denominators
  /// Whether the positive (negative) part of the bias supports (opposes), and keeps its share.
  public let includesBias: Bool
  /// What protects from denominators of zero.
  public let division: Division

  /// Creates the rule.
  /// - Parameters:
  ///   - alpha: The share of supporting contributions, at least 1.
  ///   - denominators: What contributions are divided by.
  ///   - includesBias: Whether the bias takes part.
  ///   - division: What protects from denominators of zero.
  public init(
    alpha: Float, denominators: Denominators = .separate, includesBias: Bool = false,
    division: Division = .orZero
  ) {
    (self.alpha, self.denominators) = (alpha, denominators)
    (self.includesBias, self.division) = (includesBias, division)
  }

  /// Walks back through a linear node.
  public func propagate(
    _ signal: DeviceTensor, through step: BackwardStep
  ) throws(KernelFailure) -> DeviceTensor {
    let inputs = try step.inputParts()
    let supporting = try share(of: signal, alpha, .positive, .negative, inputs, step, nil)
    guard alpha > 1 else { return supporting }
    return try share(of: signal, 1 - alpha, .negative, .positive, inputs, step, supporting)
  }

  /// Adds what contributions of one kind get: positive inputs through one part of the weights,
  /// negative inputs through the other.
  private func share(
    of signal: DeviceTensor, _ factor: Float, _ part: WeightPart, _ other: WeightPart,
    _ inputs: [SignedInput], _ step: BackwardStep,
    _ sum: DeviceTensor?
  ) throws(KernelFailure) -> DeviceTensor {
    let backend = step.backend
    var contributions: [DeviceTensor] = []
    for input in inputs {
      contributions.append(
        try step.contribution(
          of: input.values, through: input.isNegative ? other : part,
          bias: includesBias && !input.isNegative ? part : nil))
    }
    if denominators == .joint && contributions.count == 2 {
      let both = try backend.sum(contributions[0], contributions[1], times: 1)
      contributions = [both, both]
    }
    var sum = sum
    for (input, denominator) in zip(inputs, contributions) {
      let quotients = try backend.quotient(signal, by: denominator, division, times: factor)
      let handed = try step.handingBack(quotients, through: input.isNegative ? other : part)
      sum = try backend.product(input.values, handed, adding: sum)
    }
    return sum ?? signal
  }
}
