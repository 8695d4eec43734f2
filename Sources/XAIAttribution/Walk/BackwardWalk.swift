public import XAIKernels
import XAINetworks
import XAITensor

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
    var at = Place(signal: seed, index: recording.last)
    try observe?(at.index, at.signal)
    while at.index > stop && at.index >= recording.start {
      let step = BackwardStep(
        index: at.index, form: form, recording: recording, reference: reference,
        algorithm: algorithm)
      if let below = try fused(at, through: step, above: stop) {
        at = below
        continue
      }
      at.signal = try composite.rule(for: step.node, in: form.network)
        .propagate(at.signal, through: step)
      at.index -= 1
      try observe?(at.index < recording.start ? -1 : at.index, at.signal)
    }
    return at.signal
  }

  /// How far a walk has come.
  private struct Place {
    var signal: DeviceTensor
    /// The node at whose output the signal is.
    var index: Int
    /// Whether the signal, at the output of a pooling, has passed the rectifier before it already.
    var isRectified = false
  }

  /// Walks back through several nodes at once, where their rules allow it and nobody asks for the
  /// signals between them.
  private func fused(
    _ place: Place, through step: BackwardStep, above stop: Int
  ) throws(KernelFailure) -> Place? {
    if step.hasWinners { return try pooledConvolution(place, through: step, above: stop) }
    guard composite.rule(for: step.node, in: step.form.network) is Gradient else { return nil }
    switch step.node.operation {
    case .maxPool:
      guard let rectifier = rectifierInReach(of: step, above: stop),
        let gate = gate(of: rectifier, in: step.form)
      else { return nil }
      // At the winner the rectifier's output is the pool's, elsewhere no signal arrives: a quarter of
      // the elements decides.
      return Place(
        signal: try step.backend.maxPoolGradient(
          try step.backend.rectify(place.signal, output: try step.output, gate: gate),
          input: try step.input),
        index: rectifier - 1)
    case .convolution:
      guard let gate = try inputGate(of: step, above: stop) else { return nil }
      return Place(
        signal: try step.backend.convolutionInputGradient(
          place.signal, weights: try step.form.weights(of: step.node), gate: gate.tensor,
          algorithm: step.algorithm),
        index: gate.index, isRectified: gate.isBehindPooling)
    default: return nil
    }
  }

  /// Walks back through a pooling, the rectifier and the convolution before it, which ran as one.
  private func pooledConvolution(
    _ place: Place, through step: BackwardStep, above stop: Int
  ) throws(KernelFailure) -> Place {
    let (form, backend) = (step.form, step.backend)
    let convolution =
      form.nodes[..<step.index].lastIndex { $0.operation == .convolution } ?? step.index
    let below = BackwardStep(
      index: convolution, form: form, recording: step.recording, reference: step.reference,
      algorithm: algorithm)
    let rectifier = gate(of: convolution + 1, in: form)
    guard observe == nil, convolution > stop, rectifier != nil,
      [step, below].allSatisfy({ composite.rule(for: $0.node, in: form.network) is Gradient })
    else {
      throw KernelFailure(
        kind: .usage,
        "What lies between \(below.node.name) and \(step.node.name) was not recorded; keep gates, or what "
          + "the composite's extent asks for")
    }
    var signal = place.signal
    if let rectifier, !place.isRectified {
      signal = try backend.rectify(signal, output: try step.output, gate: rectifier)
    }
    let gate = try inputGate(of: below, above: stop)
    return Place(
      signal: try backend.pooledConvolutionInputGradient(
        signal, output: try step.output, weights: try form.weights(of: below.node),
        gate: gate?.tensor),
      index: gate?.index ?? convolution - 1, isRectified: gate?.isBehindPooling ?? false)
  }

  /// A rectifier before a convolution, which gates the convolution's gradient.
  private struct InputGate {
    /// Positive where the signal passes.
    let tensor: DeviceTensor
    /// The node at whose output the gated signal is.
    let index: Int
    /// Whether that is a pooling, whose output decides for the rectifier before it.
    let isBehindPooling: Bool
  }

  private func inputGate(
    of step: BackwardStep, above stop: Int
  ) throws(KernelFailure) -> InputGate? {
    let (form, recording) = (step.form, step.recording)
    if let rectifier = rectifierInReach(of: step, above: stop) {
      guard gate(of: rectifier, in: form) == .gradient else { return nil }
      return InputGate(tensor: try step.input, index: rectifier - 1, isBehindPooling: false)
    }
    guard observe == nil,
      let pool = nodeInReach(of: step, above: stop), form.nodes[pool].operation == .maxPool,
      let output = recording.output(of: pool), output.hasWinners,
      let convolution = form.nodes[..<pool].lastIndex(where: { $0.operation == .convolution }),
      gate(of: convolution + 1, in: form) == .gradient
    else { return nil }
    return InputGate(tensor: output, index: pool, isBehindPooling: true)
  }

  /// The rectifier whose output is the input of a node, dropout aside, where nobody asks for the
  /// signal between the two.
  private func rectifierInReach(of step: BackwardStep, above stop: Int) -> Int? {
    guard observe == nil, let below = nodeInReach(of: step, above: stop) else { return nil }
    return step.form.nodes[below].operation == .relu ? below : nil
  }

  /// The node whose output is the input of a node, dropout aside.
  private func nodeInReach(of step: BackwardStep, above stop: Int) -> Int? {
    var below = step.index - 1
    while below > stop, below >= step.recording.start {
      guard case .dropout = step.form.nodes[below].operation else { return below }
      below -= 1
    }
    return nil
  }

  /// What a rectifier lets pass, where its rule is a gate.
  private func gate(of rectifier: Int, in form: NetworkForm) -> RectifierGate? {
    (composite.rule(for: form.nodes[rectifier], in: form.network) as? any Gate)?.gate
  }
}
