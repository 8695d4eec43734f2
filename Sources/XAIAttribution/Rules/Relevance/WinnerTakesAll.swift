public import XAIKernels

/// Max pooling: the first maximum of a window gets all its relevance; a window of zeros drops it.
///
/// Nam et al. 2020, *Relative Attributing Propagation*: `a` times the gradient of `R / y`, where a
/// division by 0 gives 0. As `a = y` at the winner, that is the gradient of R where a is not 0.
public struct WinnerTakesAll: BackwardRule {
  /// Creates the rule.
  public init() {}

  /// Walks back through max pooling.
  public func propagate(
    _ signal: DeviceTensor, through step: BackwardStep
  ) throws(KernelFailure) -> DeviceTensor {
    let input = try step.blockedInput()
    return try step.backend.kept(
      try step.backend.maxPoolGradient(signal, input: input), whereNonzero: input)
  }
}
