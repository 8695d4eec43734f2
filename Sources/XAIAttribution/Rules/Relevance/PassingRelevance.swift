public import XAIKernels

/// Passes relevance on unchanged: rectifiers, and batch norm in Nam et al.
///
/// Nam et al. 2020, *Relative Attributing Propagation*, treat batch norm as a product with its slope;
/// as it has one input for each output, all relevance goes back to that input.
/// - Note: Deviation: their code adds 1e-9 to the denominator and so drops relevance where the input is
///   exactly 0; here it passes.
public struct PassingRelevance: BackwardRule {
  /// Creates the rule.
  public init() {}

  /// Walks one step back.
  public func propagate(
    _ signal: DeviceTensor, through step: BackwardStep
  ) throws(KernelFailure) -> DeviceTensor { signal }
}
