import XAINetworks
import XAITensor
import XAITestSupport

/// Gradients of logits and sums along lines, in Double and as literally as the papers write them.
struct LiteralPath {
  private let network: ReferenceNetwork

  init(_ fixture: FixtureNetwork) {
    let architecture = fixture.network.architecture
    var parameters: [String: ReferenceArray] = [:]
    for name in fixture.parameters.names {
      parameters[name] = fixture.parameters[name].map { ReferenceArray($0) }
    }
    network = ReferenceNetwork(
      stacks: architecture.stacks.map(\.count), hidden: architecture.hidden.count,
      pooling: architecture.pooling, batchNorm: architecture.batchNorm, parameters: parameters)
  }

  /// The logit of one class of one image.
  func logit(_ image: ReferenceArray, _ target: Int) -> Double {
    network.evaluate(image).last?[0, target] ?? .nan
  }

  /// The gradient of that logit.
  func gradient(_ image: ReferenceArray, _ target: Int) -> ReferenceArray {
    let outputs = network.evaluate(image)
    var signal = ReferenceArray(outputs[outputs.count - 1].shape)
    signal[0, target] = 1
    for (index, layer) in network.layers.enumerated().reversed() {
      let input = index == 0 ? image : outputs[index - 1]
      let weights = network["\(layer.name).weight"]
      switch layer.operation {
      case .convolution: signal = Reference.convolutionInputGradient(signal, weights)
      case .dense: signal = Reference.denseInputGradient(signal, weights)
      case .relu: signal = Reference.reluGradient(signal, input: input)
      case .maxPool: signal = Reference.maxPoolGradient(signal, input: input)
      case .flatten: signal = signal.reshaped(input.shape)
      case .adaptivePool: signal = Reference.adaptivePoolGradient(signal, input: input)
      case .averagePool: signal = Reference.averagePoolGradient(signal, input: input)
      case .batchNorm:
        // Linear in its input: without mean and shift it is its own derivative.
        let zero = ReferenceArray(weights.shape)
        signal = Reference.batchNorm(
          signal, mean: zero, variance: network["\(layer.name).running_var"], scale: weights,
          shift: zero)
      }
    }
    return signal
  }

  /// `sum_k w_k (x - b) grad f(b + a_k (x - b))` of one image.
  func sum(
    from start: ReferenceArray, to end: ReferenceArray, _ target: Int,
    _ nodes: [(point: Double, weight: Double)]
  ) -> ReferenceArray {
    var sum = ReferenceArray(end.shape)
    for (position, weight) in nodes {
      let point = start.combined(with: end) { $0 + position * ($1 - $0) }
      let slope = gradient(point, target)
      for index in sum.values.indices {
        let difference = end.values[index] - start.values[index]
        sum.values[index] += weight * difference * slope.values[index]
      }
    }
    return sum
  }
}
