public import XAIKernels
import XAINetworks
import XAITensor

/// What becomes of multipliers at a max pooling.
public enum MaxPoolRule: String, Sendable, Codable, CaseIterable {
  /// They go to the maximum of the image, as in the first authors' program; not complete.
  case gradient
  /// `RescaleMaxPool`, which is complete.
  case rescale
}

/// Sends DeepLIFT's multipliers back by the RevealCancel rule.
///
/// Shrikumar et al. 2017, section 3.5.3, and the first authors' program for linear nodes.
///
/// Differences d at the input of a linear node contribute p, the positive part `W+ d+ + W- d-`, and n,
/// the negative part `W+ d- + W- d+`, to the difference at its output. The rectifier behind it has one
/// multiplier for each: m+ and m-. A linear node returns `W+ m+ + W- m-` to positive differences, the
/// same with m+ and m- exchanged to negative ones, and `W (m+ + m-) / 2` to those that are 0.
///
/// Nothing but a linear node tells positive from negative, so a pair of multipliers exists only
/// between a rectifier and the linear node before it. With `W+ = (W + |W|) / 2` and
/// `W- = (W - |W|) / 2`, the spread `p - n` is `|W| |d|`, and what is returned is
/// `W (m+ + m-) / 2 + sign(d) |W| (m+ - m-) / 2`: two linear operations instead of four.
public struct RevealCancelWalk {
  /// What becomes of multipliers at a max pooling.
  public let maxPool: MaxPoolRule
  /// How convolutions sum.
  public let algorithm: ConvolutionAlgorithm

  /// Prepares a walk.
  /// - Parameters:
  ///   - maxPool: What becomes of multipliers at a max pooling.
  ///   - algorithm: How convolutions sum.
  public init(maxPool: MaxPoolRule, algorithm: ConvolutionAlgorithm) {
    (self.maxPool, self.algorithm) = (maxPool, algorithm)
  }

  /// Walks back to the input.
  /// - Parameters:
  ///   - seed: The multipliers at the output of the last node that was recorded.
  ///   - recording: The forward pass, everything kept; of a form in which batch norm is merged.
  ///   - reference: That of the baselines; its batch is the recording's, or one of the two is 1.
  /// - Returns: The multipliers at the input, blocked.
  /// - Throws: Where a kernel fails.
  public func multipliers(
    from seed: DeviceTensor, of recording: Recording, reference: Recording
  ) throws(KernelFailure) -> DeviceTensor {
    var signal = seed
    var index = recording.last
    while index >= recording.start {
      func step(_ index: Int) -> BackwardStep {
        BackwardStep(
          index: index, form: recording.form, recording: recording, reference: reference,
          algorithm: algorithm)
      }
      let current = step(index)
      switch current.node.operation {
      case .relu:
        guard index > recording.start, step(index - 1).node.isLinear else {
          throw KernelFailure(
            kind: .usage,
            "\(current.node.name) does not follow a linear node; use a form in which batch norm is merged"
          )
        }
        signal = try throughRectifier(signal, current, after: step(index - 1))
        index -= 1
      case .maxPool where maxPool == .rescale:
        signal = try RescaleMaxPool().propagate(signal, through: current)
      case .maxPool, .convolution, .dense, .batchNorm, .dropout, .flatten, .globalAveragePool,
        .adaptiveAveragePool:
        signal = try Gradient().propagate(signal, through: current)
      }
      index -= 1
    }
    return signal
  }

  private func throughRectifier(
    _ signal: DeviceTensor, _ rectifier: BackwardStep, after linear: BackwardStep
  ) throws(KernelFailure) -> DeviceTensor {
    let (backend, node) = (linear.backend, LinearPart(step: linear))
    // An image may be plain, which direct convolutions of few channels are faster on.
    let input = try backend.blocked(try linear.input)
    let baseline = try backend.blocked(try linear.referenceInput)
    let difference = try backend.absoluteDifference(input, baseline)
    let spread = try node.forward(
      try linear.input.layout == .plain
        ? try backend.upload(backend.download(difference)) : difference, .absolute)
    let pair = try backend.revealCancelRectifier(
      signal, input: try rectifier.input, baseline: try rectifier.referenceInput, spread: spread)
    return try backend.signedSum(
      even: try node.backward(pair.mean, .all),
      odd: try node.backward(pair.halfDifference, .absolute),
      input: input, baseline: baseline)
  }
}

/// A linear node with a part of its weights, without bias.
private struct LinearPart {
  let step: BackwardStep

  func forward(
    _ input: DeviceTensor, _ part: WeightPart
  ) throws(KernelFailure) -> DeviceTensor {
    let weights = try step.form.weights(of: step.node, part)
    return step.node.operation == .dense
      ? try step.backend.dense(input, weights: weights, bias: nil)
      : try step.backend.convolution(
        input, weights: weights, bias: nil, mode: .inference, algorithm: step.algorithm)
  }

  func backward(
    _ signal: DeviceTensor, _ part: WeightPart
  ) throws(KernelFailure) -> DeviceTensor {
    let weights = try step.form.weights(of: step.node, part)
    return step.node.operation == .dense
      ? try step.backend.denseInputGradient(signal, weights: weights)
      : try step.backend.convolutionInputGradient(
        signal, weights: weights, gate: nil, algorithm: step.algorithm)
  }
}
