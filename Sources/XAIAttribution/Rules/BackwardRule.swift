public import XAIKernels

/// Sends a signal from a node's output to its input.
///
/// A rule is a value of a few lines. What it needs of the forward pass it finds in the step, as far as its
/// extent asks for it, and `BackwardStep` has what rules of relevance are made of: `blockedInput`,
/// `contribution`, `handingBack`. The epsilon rule without biases, for linear nodes:
///
///     struct Epsilon: BackwardRule {
///       func propagate(
///         _ signal: DeviceTensor, through step: BackwardStep
///       ) throws(KernelFailure) -> DeviceTensor {
///         let input = try step.blockedInput()
///         let quotients = try step.backend.quotient(
///           signal, by: try step.contribution(of: input, through: .all), .stabilised(1e-6), times: 1)
///         return try step.backend.product(
///           input, try step.handingBack(quotients, through: .all), adding: nil)
///       }
///     }
public protocol BackwardRule: Sendable {
  /// What of the forward pass the rule reads.
  var extent: Recording.Extent { get }

  /// Walks one step back.
  /// - Parameters:
  ///   - signal: What arrives at the output: the shape of the output, blocked.
  ///   - step: The node and the forward pass.
  /// - Returns: The signal at the input: the shape of the input, blocked.
  /// - Throws: Where a kernel fails.
  func propagate(
    _ signal: DeviceTensor, through step: BackwardStep
  ) throws(KernelFailure) -> DeviceTensor
}

extension BackwardRule {
  /// Gates suffice for most rules.
  public var extent: Recording.Extent { .gates }
}
