public import XAIKernels
import XAINetworks

/// Relative attributing propagation in a hidden linear node.
///
/// Nam et al. 2020, *Relative Attributing Propagation: Interpreting the Comparative Contributions of
/// Individual Units in Deep Neural Networks*, as their code has it: with `P = W+ a` and `N = -W- a`,
/// relevance goes to supporting inputs in full and to opposing inputs by their part `N / (P + N)`, both
/// with the same sign; then one number is subtracted from all nonzero inputs of an image, so that they
/// sum to what arrived. That shift is what makes relevance negative.
///
/// Where inputs have both signs, the negative ones are treated like the positive ones of `-a`, each by
/// itself: the relevance is then handed out twice, as in their code.
public struct RelativeRelevance: BackwardRule {
  /// Where negative relevance goes; the two classes of the released code differ.
  public enum NegativeRelevance: Sendable {
    /// To supporting inputs, like positive relevance: dense nodes.
    case toSupporting
    /// To opposing inputs: convolutions.
    case toOpposing
  }

  /// Where negative relevance goes.
  public let negative: NegativeRelevance

  /// Creates the rule.
  /// - Parameter negative: Where negative relevance goes.
  public init(negative: NegativeRelevance) { self.negative = negative }

  /// Walks back through a linear node.
  public func propagate(
    _ signal: DeviceTensor, through step: BackwardStep
  ) throws(KernelFailure) -> DeviceTensor {
    let input = try step.blockedInput()
    if step.inputIsNonNegative { return try branch(signal, input, step) }
    return try step.backend.sum(
      try branch(signal, try step.backend.part(input, .positive), step),
      try branch(signal, try step.backend.part(input, .opposite), step), times: 1)
  }

  private func branch(
    _ signal: DeviceTensor, _ input: DeviceTensor, _ step: BackwardStep
  ) throws(KernelFailure) -> DeviceTensor {
    let backend = step.backend
    let supporting = try step.contribution(of: input, through: .positive)
    let opposing = try step.contribution(of: input, through: .negative)
    let magnitude = try backend.sum(supporting, opposing, times: -1)
    var inFull = signal
    var opposed = try backend.kept(
      try backend.quotient(signal, by: magnitude, .orZero, times: -1), whereNonzero: opposing)
    if negative == .toOpposing {
      inFull = try backend.part(signal, .positive)
      opposed = try backend.sum(
        opposed,
        try backend.quotient(
          try backend.part(signal, .negative), by: opposing, .orZero, times: 1), times: 1)
    }
    let handed = try backend.sum(
      try step.handingBack(
        try backend.quotient(inFull, by: supporting, .orZero, times: 1), through: .positive),
      try step.handingBack(opposed, through: .negative), times: 1)
    return try backend.shiftingNonzero(
      try backend.product(input, handed, adding: nil), toSumOf: signal)
  }
}
