public import XAIKernels
public import XAINetworks

/// Sends a signal from a node's output back to the input, each node by the rule its composite names.
public struct BackwardWalk {
  /// Which rule for which node.
  public let composite: Composite
  /// How convolutions sum.
  public let algorithm: ConvolutionAlgorithm
  /// Sees the signal that arrives at the output of each node, last node first; then, under the index
  /// -1, the one at the input.
  public var observe: ((Int, DeviceTensor) throws(KernelFailure) -> Void)?

  /// Prepares a walk.
  /// - Parameters:
  ///   - composite: Which rule for which node.
  ///   - algorithm: How convolutions sum.
  public init(_ composite: Composite, algorithm: ConvolutionAlgorithm) {
    self.composite = composite
    self.algorithm = algorithm
  }

  /// Walks back.
  /// - Parameters:
  ///   - seed: The signal at the output of the last node that was recorded.
  ///   - recording: The forward pass.
  ///   - reference: The forward pass of a baseline, for rules of differences; its batch is that of the
  ///     recording, or one of the two is 1.
  ///   - stop: The node whose output the signal is wanted at; -1 stands for the input.
  /// - Returns: The signal there, blocked.
  /// - Throws: Where a kernel fails.
  public func signal(
    from seed: DeviceTensor, of recording: Recording, reference: Recording? = nil,
    at stop: Int = -1
  ) throws(KernelFailure) -> DeviceTensor {
    let form = recording.form
    var signal = seed
    var index = recording.last
    try observe?(index, signal)
    while index > stop && index >= recording.start {
      let step = BackwardStep(
        index: index, form: form, recording: recording, reference: reference,
        algorithm: algorithm)
      if let rectifier = rectifierInReach(of: index, in: recording, above: stop),
        let passed = try fused(signal, through: step, and: rectifier)
      {
        signal = passed
        index = rectifier - 1
        continue
      }
      signal = try composite.rule(for: step.node, in: form.network)
        .propagate(signal, through: step)
      index -= 1
      try observe?(index < recording.start ? -1 : index, signal)
    }
    return signal
  }

  /// The rectifier whose output is the input of a node, dropout aside, where nobody asks for the
  /// signal between the two.
  private func rectifierInReach(
    of index: Int, in recording: Recording, above stop: Int
  ) -> Int? {
    guard observe == nil else { return nil }
    var below = index - 1
    while below > stop, below >= recording.start {
      switch recording.form.nodes[below].operation {
      case .dropout: below -= 1
      case .relu: return below
      default: return nil
      }
    }
    return nil
  }

  /// Walks back through a node and the rectifier before it at once, where their rules allow it.
  private func fused(
    _ signal: DeviceTensor, through step: BackwardStep, and rectifier: Int
  ) throws(KernelFailure) -> DeviceTensor? {
    let network = step.form.network
    guard composite.rule(for: step.node, in: network) is Gradient,
      let gate = composite.rule(for: network.nodes[rectifier], in: network) as? any Gate
    else { return nil }
    switch step.node.operation {
    case .maxPool:
      // At the winner the rectifier's output is the pool's, elsewhere no signal arrives: a quarter of
      // the elements decides.
      return try step.backend.maxPoolGradient(
        try step.backend.rectify(signal, output: step.output, gate: gate.gate), input: step.input)
    case .convolution where gate.gate == .gradient:
      return try step.backend.convolutionInputGradient(
        signal, weights: try step.form.weights(of: step.node), gate: step.input,
        algorithm: step.algorithm)
    default: return nil
    }
  }
}

/// A rule whose way through a rectifier is a gate.
protocol Gate {
  var gate: RectifierGate { get }
}

extension Gradient: Gate {
  var gate: RectifierGate { .gradient }
}

extension GatedRectifier: Gate {}

/// One node on the way back, with what the forward pass recorded there.
public struct BackwardStep {
  /// The index of the node.
  public let index: Int
  /// Where the walk takes place.
  public let form: NetworkForm
  /// The forward pass of the images.
  public let recording: Recording
  /// The forward pass of the baselines.
  public let reference: Recording?
  /// How convolutions sum.
  public let algorithm: ConvolutionAlgorithm

  /// The node.
  public var node: Node { form.nodes[index] }
  /// What computes.
  public var backend: any Backend { form.backend }

  /// The node's input in the forward pass.
  public var input: DeviceTensor { kept(recording.input(of: index), "input") }
  /// The node's output in the forward pass.
  public var output: DeviceTensor { kept(recording.output(of: index), "output") }
  /// The node's input in the forward pass of the baselines.
  public var referenceInput: DeviceTensor {
    kept(reference?.input(of: index), "baseline's input")
  }
  /// The node's output in the forward pass of the baselines.
  public var referenceOutput: DeviceTensor {
    kept(reference?.output(of: index), "baseline's output")
  }

  private func kept(_ tensor: DeviceTensor?, _ what: String) -> DeviceTensor {
    precondition(tensor != nil, "the \(what) of \(node.name) was not recorded")
    return tensor.unsafelyUnwrapped
  }
}
