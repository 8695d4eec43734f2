public import XAIKernels
import XAITensor

/// The z^B rule, or box rule, for the node that sees the image, whose values lie between bounds l and h.
///
/// Montavon et al. 2017, *Explaining Nonlinear Classification Decisions with Deep Taylor
/// Decomposition*: pixel x gets its share of `z = W x - W+ l - W- h`, without bias. `z` is computed as
/// `W+ (x - l) + W- (x - h)`: within the bounds no term is negative, so nothing cancels.
///
/// Without given bounds, l and h are the smallest and the largest value of each image over all channels, as in
/// the code of Nam et al. 2020, and not those of the data.
/// - Note: Deviation: Nam et al. add 1e-9 to the denominator; by default a denominator of exactly 0 gives 0.
public struct BoundedInputRelevance: BackwardRule {
  /// What pixels can be; those of each image where it is `nil`.
  public let bounds: PixelBounds?
  /// What protects from denominators of zero.
  public let division: Division

  /// Creates the rule.
  /// - Parameters:
  ///   - bounds: What pixels can be; those of each image where it is `nil`.
  ///   - division: What protects from denominators of zero.
  public init(_ bounds: PixelBounds? = nil, division: Division = .orZero) {
    (self.bounds, self.division) = (bounds, division)
  }

  /// Hands relevance back through a linear node.
  public func propagate(
    _ signal: DeviceTensor, through step: BackwardStep
  ) throws(KernelFailure) -> DeviceTensor {
    let backend = step.backend
    let (above, below) = try distances(of: try step.blockedInput(), backend)
    let total = try backend.sum(
      try step.contribution(of: above, through: .positive),
      try step.contribution(of: below, through: .negative), times: 1)
    let quotients = try backend.quotient(signal, by: total, division, times: 1)
    let fromAbove = try backend.product(
      above, try step.handingBack(quotients, through: .positive), adding: nil)
    return try backend.product(
      below, try step.handingBack(quotients, through: .negative), adding: fromAbove)
  }

  /// How far pixels are above the lower bound, and the upper bound above them, negative.
  private func distances(
    of input: DeviceTensor, _ backend: any Backend
  ) throws(KernelFailure) -> (above: DeviceTensor, below: DeviceTensor) {
    guard let bounds else {
      return (
        try backend.difference(of: input, from: .minimum),
        try backend.difference(of: input, from: .maximum)
      )
    }
    func distance(_ bound: Tensor) throws(KernelFailure) -> DeviceTensor {
      let bound = bound.rows(at: Array(repeating: 0, count: input.shape[0]))
      return try backend.sum(input, try backend.uploadActivation(bound), times: -1)
    }
    return (try distance(bounds.low), try distance(bounds.high))
  }
}
