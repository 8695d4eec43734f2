public import XAIKernels
import XAINetworks
import XAITensor

/// Relative attributing propagation in the last dense node: absolute contributions share the logit.
///
/// Nam et al. 2020, as their code has it: input j contributed
/// `A_j = a_j w_j + a+_j w+_j b P / ((P + Q) W+ a+) + a+_j w-_j b Q / ((P + Q) W- a+)` to the logit,
/// where P sums what supports it and Q what opposes it, so that the bias b is distributed too; then
/// `R_j = |A_j| / sum |A| * logit`. It replaces a seed of 1 by the logit: the whole map has its sign.
public struct RelativeLogitRelevance: BackwardRule {
  /// Creates the rule.
  public init() {}

  /// Walks back through a dense node from a seed at some of its outputs.
  public func propagate(
    _ signal: DeviceTensor, through step: BackwardStep
  ) throws(KernelFailure) -> DeviceTensor {
    let backend = step.backend
    let input = try step.blockedInput()
    let isNonNegative = step.inputIsNonNegative
    let positive = isNonNegative ? input : try backend.part(input, .positive)
    let supported = try step.contribution(of: positive, through: .positive)
    let opposed = try step.contribution(of: positive, through: .negative)
    var (supporting, opposing) = (supported, opposed)
    if !isNonNegative {
      let negative = try backend.part(input, .negative)
      supporting = try backend.sum(
        supporting, try step.contribution(of: negative, through: .negative), times: 1)
      opposing = try backend.sum(
        opposing, try step.contribution(of: negative, through: .positive), times: 1)
    }
    let bias = try backend.quotient(
      try backend.product(signal, try biases(of: step), adding: nil),
      by: try backend.sum(supporting, opposing, times: 1), .orZero, times: 1)

    func biasShare(
      _ total: DeviceTensor, _ contribution: DeviceTensor, _ part: WeightPart
    ) throws(KernelFailure) -> DeviceTensor {
      let quotients = try backend.quotient(
        try backend.product(bias, total, adding: nil), by: contribution, .orZero, times: 1)
      return try step.handingBack(quotients, through: part)
    }
    let shares = try backend.sum(
      try biasShare(supporting, supported, .positive),
      try biasShare(opposing, opposed, .negative), times: 1)
    let contributions = try backend.product(
      input, try step.handingBack(signal, through: .all),
      adding: try backend.product(positive, shares, adding: nil))
    return try backend.absoluteShares(
      of: contributions, totalling: try backend.product(signal, try step.output, adding: nil))
  }

  /// The bias in each image's row.
  private func biases(of step: BackwardStep) throws(KernelFailure) -> DeviceTensor {
    let bias = step.backend.download(try step.form.bias(of: step.node))
    let row = bias.reshaped(to: [1, bias.count])
    return try step.backend.uploadActivation(
      row.rows(at: Array(repeating: 0, count: step.recording.batch)))
  }
}
