public import XAIKernels
import XAINetworks

/// The z^B rule for the node that sees the image, whose values lie between bounds l and h.
///
/// Montavon et al. 2017, *Explaining Nonlinear Classification Decisions with Deep Taylor
/// Decomposition*: pixel x gets its share of `z = W x - W+ l - W- h`, without bias. As in the code of
/// Nam et al. 2020, l and h are the smallest and the largest value of each image over all channels,
/// not those of the data. `z` is computed as `W+ (x - l) + W- (x - h)`: no term is negative, so nothing
/// cancels.
/// - Note: Deviation: Nam et al. add 1e-9 to the denominator; here a denominator of exactly 0 gives 0.
public struct BoundedInputRelevance: BackwardRule {
  /// Creates the rule.
  public init() {}

  /// Walks back through a linear node.
  public func propagate(
    _ signal: DeviceTensor, through step: BackwardStep
  ) throws(KernelFailure) -> DeviceTensor {
    let backend = step.backend
    let input = try step.blockedInput()
    let above = try backend.difference(of: input, from: .minimum)
    let below = try backend.difference(of: input, from: .maximum)
    let total = try backend.sum(
      try step.contribution(of: above, through: .positive),
      try step.contribution(of: below, through: .negative), times: 1)
    let quotients = try backend.quotient(signal, by: total, .orZero, times: 1)
    let fromAbove = try backend.product(
      above, try step.handingBack(quotients, through: .positive), adding: nil)
    return try backend.product(
      below, try step.handingBack(quotients, through: .negative), adding: fromAbove)
  }
}
