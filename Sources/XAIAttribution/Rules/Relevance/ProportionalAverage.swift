public import XAIKernels

/// Average pooling: every position gets the share that it contributed to the mean.
///
/// `R_i = a_i R / (n y)` with the number n of positions of a window, summed over the windows that cover
/// a position, and 0 where the mean y is exactly 0 (Nam et al. 2020 treat average pooling so).
public struct ProportionalAverage: BackwardRule {
  /// Creates the rule.
  public init() {}

  /// Walks back through average pooling.
  public func propagate(
    _ signal: DeviceTensor, through step: BackwardStep
  ) throws(KernelFailure) -> DeviceTensor {
    let quotients = try step.backend.quotient(signal, by: try step.output, .orZero, times: 1)
    return try step.backend.product(
      try step.blockedInput(), try Gradient().propagate(quotients, through: step), adding: nil)
  }
}
