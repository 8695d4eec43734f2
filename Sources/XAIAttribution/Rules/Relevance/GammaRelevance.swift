public import XAIKernels

/// The gamma rule: contributions of the output's own sign are favored.
///
/// With positive inputs a, an output z > 0 hands `R_k a_j (w_jk + gamma w+_jk) / sum` of its relevance to input
/// j (Montavon et al. 2019, Layer-Wise Relevance Propagation: An Overview, equation 6), biases included in the
/// sum. An output z < 0 favors negative weights instead, and negative inputs contribute through weights of the
/// other sign (Andeol et al. 2021, Learning Domain Invariant Representations by Joint Wasserstein Distance
/// Minimization), as in zennit. Where z is exactly 0 nothing is handed back.
public struct GammaRelevance: BackwardRule {
  /// How much contributions of the output's own sign are favored.
  public let gamma: Float
  /// What protects from denominators of zero.
  public let division: Division

  /// Creates the rule.
  /// - Parameters:
  ///   - gamma: How much contributions of the output's own sign are favored, at least 0.
  ///   - division: What protects from denominators of zero.
  public init(gamma: Float = 0.25, division: Division = .stabilised(1e-6)) {
    (self.gamma, self.division) = (gamma, division)
  }

  /// The sign of outputs decides.
  public var extent: Recording.Extent { .everything }

  /// Hands relevance back through a linear node.
  public func propagate(
    _ signal: DeviceTensor, through step: BackwardStep
  ) throws(KernelFailure) -> DeviceTensor {
    let (backend, output) = (step.backend, try step.output)
    let inputs = try step.inputParts()
    let positive = WeightPart.favoringPositive(by: gamma)
    let negative = WeightPart.favoringNegative(by: gamma)
    let above = try share(
      of: try backend.rectify(signal, output: output, gate: .gradient), inputs, positive, negative,
      step, adding: nil)
    let isBelow = try backend.part(output, .opposite)
    return try share(
      of: try backend.rectify(signal, output: isBelow, gate: .gradient), inputs, negative, positive,
      step, adding: above)
  }

  /// Adds what outputs of one sign hand back: to positive inputs through one part, to negative ones through
  /// the other.
  private func share(
    of signal: DeviceTensor, _ inputs: [SignedInput], _ part: WeightPart, _ other: WeightPart,
    _ step: BackwardStep, adding sum: DeviceTensor?
  ) throws(KernelFailure) -> DeviceTensor {
    let backend = step.backend
    var total: DeviceTensor?
    for input in inputs {
      let contribution = try step.contribution(
        of: input.values, through: input.isNegative ? other : part,
        bias: input.isNegative ? nil : part)
      if let known = total {
        total = try backend.sum(known, contribution, times: 1)
      } else {
        total = contribution
      }
    }
    guard let total else { return signal }
    let quotients = try backend.quotient(signal, by: total, division, times: 1)
    var result = sum
    for input in inputs {
      let handed = try step.handingBack(quotients, through: input.isNegative ? other : part)
      result = try backend.product(input.values, handed, adding: result)
    }
    return result ?? signal
  }
}
