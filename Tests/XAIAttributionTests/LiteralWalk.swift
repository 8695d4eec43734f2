import XAIAttribution
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport

/// Gradient-type walks in Double, every layer by its definition and batch norm a layer of its own.
struct LiteralWalk {
  /// What a rectifier makes of a signal: signal, output and the shape of both.
  typealias Rectifier = (ReferenceArray, ReferenceArray) -> ReferenceArray

  let network: ReferenceNetwork
  let images: ReferenceArray
  /// Every layer's output, in the order of the layers.
  let outputs: [ReferenceArray]

  init(_ architecture: Architecture, _ parameters: Parameters, images: Tensor) {
    var arrays: [String: ReferenceArray] = [:]
    for name in parameters.names { arrays[name] = parameters[name].map(ReferenceArray.init) }
    network = ReferenceNetwork(
      stacks: architecture.stacks.map(\.count), hidden: architecture.hidden.count,
      pooling: architecture.pooling, averaging: architecture.globalAveragePooling,
      adaptive: architecture.adaptivePooling, batchNorm: architecture.batchNorm,
      denseBatchNorm: architecture.denseBatchNorm, parameters: arrays)
    self.images = ReferenceArray(images)
    outputs = network.evaluate(self.images)
  }

  /// The output of a layer.
  func output(of layer: String) -> ReferenceArray {
    network.layers.firstIndex { $0.name == layer }.map { outputs[$0] } ?? ReferenceArray([0])
  }

  /// The signal at a layer's output, or at the image, of a seed of 1 at each target's logit.
  func signal(
    _ targets: [Int], at layer: String? = nil,
    rectifier: Rectifier = { Reference.reluGradient($0, input: $1) }
  ) -> ReferenceArray {
    var signal = ReferenceArray(outputs[outputs.count - 1].shape)
    for (image, target) in targets.enumerated() { signal[image, target] = 1 }
    for index in network.layers.indices.reversed() {
      let (name, operation) = network.layers[index]
      if name == layer { break }
      let input = index == 0 ? images : outputs[index - 1]
      switch operation {
      case .convolution:
        signal = Reference.convolutionInputGradient(signal, network["\(name).weight"])
      case .dense: signal = Reference.denseInputGradient(signal, network["\(name).weight"])
      case .batchNorm:
        let (gamma, variance) = (network["\(name).weight"], network["\(name).running_var"])
        let plane = signal.shape.dropFirst(2).reduce(1, *)
        for element in signal.values.indices {
          let channel = element / plane % signal.shape[1]
          signal.values[element] *=
            gamma.values[channel] / (variance.values[channel] + Reference.epsilon).squareRoot()
        }
      case .relu: signal = rectifier(signal, outputs[index])
      case .maxPool: signal = Reference.maxPoolGradient(signal, input: input)
      case .flatten: signal = signal.reshaped(input.shape)
      case .adaptivePool: signal = Reference.adaptivePoolGradient(signal, input: input)
      case .averagePool: signal = Reference.averagePoolGradient(signal, input: input)
      }
    }
    return signal
  }
}

/// A network with drawn parameters, of which no tensor is trivial, and images for it.
struct LivelyNetwork {
  let network: Network
  let parameters: Parameters
  let explained: ExplainedNetwork
  let request: AttributionRequest

  init(_ architecture: Architecture, images: Int = 3, seed: UInt64 = 7) throws {
    network = Network(architecture)
    var parameters = Parameters.initial(for: network, seed: seed)
    for (name, shape) in network.parameterShapes where shape.count == 1 {
      var stream = RandomStream(seed: seed, purpose: "lively/\(name)")
      let tensor = stream.normal(shape: shape, standardDeviation: 0.3)
      let isScale = name.hasSuffix("_bn.weight") || name.hasSuffix("running_var")
      parameters[name] = isScale ? tensor.map { 1 + abs($0) } : tensor
    }
    self.parameters = parameters
    explained = ExplainedNetwork(network, parameters: parameters, backend: try CPUBackend())
    request = AttributionRequest(
      images: ReferenceArray.random([images] + architecture.input, "images").tensor,
      targets: (0..<images).map { $0 % architecture.classes })
  }

  /// The same network with other parameters.
  init(_ other: LivelyNetwork, parameters: Parameters) {
    (network, request, self.parameters) = (other.network, other.request, parameters)
    explained = ExplainedNetwork(
      network, parameters: parameters, backend: other.explained.backend)
  }

  func attribution(
    of method: any AttributionMethod, _ context: AttributionContext = AttributionContext()
  ) throws -> Attribution {
    try method.attribute(request, on: explained, in: context)
  }

  /// The same in Double.
  var literal: LiteralWalk {
    LiteralWalk(network.architecture, parameters, images: request.images)
  }
}

extension FixtureNetwork {
  /// The same in Double.
  var literal: LiteralWalk {
    LiteralWalk(network.architecture, parameters, images: images)
  }
}
