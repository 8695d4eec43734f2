public import XAIKernels
import XAINetworks

/// The epsilon rule: every input gets the share that it contributed to the output.
///
/// `R_j = a_j sum_k w_jk R_k / (z_k + epsilon sign(z_k))` with sign(0) = 1 (Bach et al. 2015, equation
/// 58). It suits linear nodes, batch norm and max pooling, where the winner contributed all.
public struct EpsilonRelevance: BackwardRule {
  /// What keeps denominators from zero.
  public let epsilon: Float
  /// Whether z includes the bias of a linear node and the shift of batch norm, which then keep their
  /// share.
  public let includesBias: Bool

  /// Creates the rule.
  /// - Parameters:
  ///   - epsilon: What keeps denominators from zero, more than 0.
  ///   - includesBias: Whether biases keep their share.
  public init(epsilon: Float, includesBias: Bool = true) {
    (self.epsilon, self.includesBias) = (epsilon, includesBias)
  }

  /// Whole outputs are the denominators; without biases they are computed, but from the whole input,
  /// which for batch norm is what a linear node put out.
  public var extent: Recording.Extent { .everything }

  /// Walks back through a linear node, batch norm or max pooling.
  public func propagate(
    _ signal: DeviceTensor, through step: BackwardStep
  ) throws(KernelFailure) -> DeviceTensor {
    let backend = step.backend
    let input = try step.blockedInput()
    let denominator: DeviceTensor
    if !includesBias && step.node.isLinear {
      denominator = try step.contribution(of: input, through: .all)
    } else if !includesBias && step.node.isBatchNorm {
      denominator = try backend.scaleChannels(
        input, by: try step.form.affine(of: step.node).scale, adding: nil)
    } else {
      denominator = try step.output
    }
    let quotients = try backend.quotient(
      signal, by: denominator, .stabilised(epsilon), times: 1)
    let handed =
      step.node.isLinear
      ? try step.handingBack(quotients, through: .all)
      : try Gradient().propagate(quotients, through: step)
    return try backend.product(input, handed, adding: nil)
  }
}
