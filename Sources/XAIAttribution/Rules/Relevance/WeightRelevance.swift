public import XAIKernels

/// A rule that asks for weights alone: an input gets its share of a function of them, whatever its value.
///
/// `R_j = sum_k v_jk R_k / sum_i v_ik` with `v = 1` in the flat rule (Lapuschkin et al. 2019, Unmasking Clever Hans
/// Predictors) and `v = w^2` in the w-square rule (Montavon et al. 2017, Explaining Nonlinear Classification
/// Decisions with Deep Taylor Decomposition). What lies beyond the border of an image gets nothing.
public struct WeightRelevance: BackwardRule {
  /// The function of the weights, not negative.
  public let part: WeightPart
  /// Whether the function of the bias is in the denominator, and keeps its share.
  public let includesBias: Bool
  /// What protects from denominators of zero.
  public let division: Division

  /// Creates the rule.
  /// - Parameters:
  ///   - part: The function of the weights, not negative.
  ///   - includesBias: Whether the bias takes part.
  ///   - division: What protects from denominators of zero.
  public init(
    _ part: WeightPart, includesBias: Bool = false, division: Division = .stabilised(1e-6)
  ) {
    (self.part, self.includesBias, self.division) = (part, includesBias, division)
  }

  /// Hands relevance back through a linear node.
  public func propagate(
    _ signal: DeviceTensor, through step: BackwardStep
  ) throws(KernelFailure) -> DeviceTensor {
    let total = try step.contribution(
      of: try step.ones(for: signal), through: part, bias: includesBias ? part : nil)
    return try step.handingBack(
      try step.backend.quotient(signal, by: total, division, times: 1), through: part)
  }
}
