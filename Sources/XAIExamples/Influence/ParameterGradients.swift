public import XAIAttribution
public import XAIKernels
import XAINetworks
import XAIStatistics
public import XAITensor

/// Gradients of an image's cross-entropy by every trained parameter.
///
/// In evaluation mode: batch norm with its running statistics. Weights, biases, gamma and beta; no weight decay.
public struct ParameterGradients {
  private let network: ExplainedNetwork
  private let form: NetworkForm
  private let algorithm: ConvolutionAlgorithm
  private let names: [String]

  /// Prepares to differentiate.
  /// - Parameters:
  ///   - network: The network.
  ///   - names: Nodes whose parameters count; all where it is nil.
  ///   - algorithm: How convolutions sum.
  public init(
    _ network: ExplainedNetwork, of names: [String]? = nil,
    algorithm: ConvolutionAlgorithm = .direct
  ) {
    (self.network, form, self.algorithm) = (network, network.trained, algorithm)
    self.names = names ?? network.network.nodes.filter { !$0.parameterShapes.isEmpty }.map(\.name)
  }

  /// The gradient of one image.
  /// - Parameters:
  ///   - image: `[1, C, H, W]`, normalized.
  ///   - label: The class of its loss.
  /// - Returns: All derivatives, in the order of nodes and their parameters.
  /// - Throws: `ExampleFailure` where there is no such class, or where a kernel fails.
  public func gradient(of image: Tensor, label: Int) throws -> [Float] {
    let passes = try signals(of: image, labels: [label])
    var gradient: [Float] = []
    for (index, node) in form.nodes.enumerated() where names.contains(node.name) {
      guard let signal = passes[index], let input = passes.inputs[index] else { continue }
      gradient += try derivatives(of: node, input, signal)
    }
    return gradient
  }

  /// What dense layers see and what arrives at them: their gradients are the products of both.
  /// - Parameters:
  ///   - images: `[N, C, H, W]`, normalized.
  ///   - labels: The class of each one's loss.
  /// - Returns: By layer, inputs `[N, d]` and derivatives by outputs `[N, outputs]`.
  /// - Throws: `ExampleFailure` where there is no such class, or where a kernel fails.
  public func factors(
    of images: Tensor, labels: [Int]
  ) throws -> [(layer: String, inputs: Tensor, errors: Tensor)] {
    let passes = try signals(of: images, labels: labels)
    return form.nodes.enumerated().compactMap { index, node in
      guard node.isDense, names.contains(node.name), let signal = passes[index],
        let input = passes.inputs[index]
      else { return nil }
      return (node.name, form.backend.download(input), form.backend.download(signal))
    }
  }

  /// What a pass leaves at every node.
  private struct Passes {
    var inputs: [Int: DeviceTensor] = [:]
    var outputs: [Int: DeviceTensor] = [:]
    subscript(index: Int) -> DeviceTensor? { outputs[index] }
  }

  private func signals(of images: Tensor, labels: [Int]) throws -> Passes {
    let classes = network.network.architecture.classes
    if let label = labels.first(where: { !(0..<classes).contains($0) }) {
      throw ExampleFailure(.unknownClass(label, count: classes))
    }
    let recording = try form.record(
      try form.backend.upload(images), keeping: .everything, algorithm: algorithm)
    let logits = form.backend.download(recording.output)
    let seed = Tensor(
      shape: logits.shape,
      labels.enumerated().flatMap { row, label in
        logits.logits(row).softmax.enumerated().map { Float($1 - ($0 == label ? 1 : 0)) }
      })
    var passes = Passes()
    var walk = BackwardWalk(Composite(), algorithm: algorithm)
    walk.observe = { index, signal in passes.outputs[index] = signal }
    let first = form.nodes.firstIndex { names.contains($0.name) } ?? 0
    _ = try walk.signal(
      from: try form.backend.uploadActivation(seed), of: recording, at: first - 1)
    for index in form.nodes.indices { passes.inputs[index] = recording.input(of: index) }
    return passes
  }

  /// The gradient of one node's trained parameters, of a batch of 1.
  private func derivatives(
    of node: Node, _ input: DeviceTensor, _ signal: DeviceTensor
  ) throws -> [Float] {
    let backend = form.backend
    let errors = backend.download(signal)
    switch node.operation {
    case .convolution:
      let weights = try backend.zeros(node.parameterShapes[0].shape)
      try backend.convolutionWeightGradient(
        input: input, signal: signal, into: weights, algorithm: algorithm)
      return backend.download(weights).elements + channelSums(errors)
    case .dense:
      let values = backend.download(input).elements
      let products = errors.elements.flatMap { error in values.map { error * $0 } }
      return products + errors.elements
    case .batchNorm: return normDerivatives(of: node, backend.download(input), errors)
    default: return []
    }
  }

  private func channelSums(_ errors: Tensor) -> [Float] {
    let plane = errors.shape.dropFirst(2).reduce(1, *)
    return errors.reshaped(to: [errors.count / plane, plane]).rowSums.map { Float($0) }
  }

  /// Gamma and beta: sums of the signal times the normalized input, and of the signal.
  private func normDerivatives(of node: Node, _ input: Tensor, _ errors: Tensor) -> [Float] {
    let moments = network.parameters.evaluationMoments(of: node)
    let plane = errors.shape.dropFirst(2).reduce(1, *)
    let (values, signals) = (input.elements, errors.elements)
    var (slopes, shifts) = ([Float](), [Float]())
    for channel in moments.means.indices {
      var (slope, shift) = (0.0, 0.0)
      for index in channel * plane..<(channel + 1) * plane {
        let signal = Double(signals[index])
        slope += signal * (Double(values[index]) - moments.means[channel]) * moments.scales[channel]
        shift += signal
      }
      slopes.append(Float(slope))
      shifts.append(Float(shift))
    }
    return slopes + shifts
  }
}
