import XAIExperimentsTestSupport
import XAINetworks
import XAITensor
import XAITestSupport

/// Cosine similarity convergence in Double, written down as the definition has it.
struct LiteralConvergence {
  enum Rule { case gradient, guided, zPlus }

  let network: ReferenceNetwork
  let images: ReferenceArray

  init(_ trained: TrainedNetwork, images: Tensor) {
    var arrays: [String: ReferenceArray] = [:]
    for name in trained.parameters.names {
      arrays[name] = trained.parameters[name].map { ReferenceArray($0) }
    }
    network = ReferenceNetwork(stacks: [2, 2], hidden: 1, parameters: arrays)
    self.images = ReferenceArray(images)
  }

  /// Signals at the output of each linear layer, batch norm included, and at the input.
  private func signals(_ seed: ReferenceArray, image: Int, _ rule: Rule) -> [ReferenceArray] {
    let shape = [1] + images.shape.dropFirst()
    let count = shape.reduce(1, *)
    let image = ReferenceArray(shape, Array(images.values[image * count..<(image + 1) * count]))
    let outputs = network.evaluate(image)
    var signal = seed
    var signals: [ReferenceArray] = [seed]
    for index in network.layers.indices.reversed() {
      let (name, operation) = network.layers[index]
      let input = index == 0 ? image : outputs[index - 1]
      if operation == .batchNorm { signals.append(signal) }
      switch (operation, rule) {
      case (.convolution, .zPlus), (.dense, .zPlus):
        signal = zPlus(signal, input, network["\(name).weight"], operation == .convolution)
      case (.batchNorm, .zPlus), (.relu, .zPlus): break
      case (.convolution, _):
        signal = Reference.convolutionInputGradient(signal, network["\(name).weight"])
      case (.dense, _): signal = Reference.denseInputGradient(signal, network["\(name).weight"])
      case (.batchNorm, _):
        let (gamma, variance) = (network["\(name).weight"], network["\(name).running_var"])
        let plane = signal.shape.dropFirst(2).reduce(1, *)
        for element in signal.values.indices {
          let channel = element / plane % signal.shape[1]
          signal.values[element] *=
            gamma.values[channel] / (variance.values[channel] + Reference.epsilon).squareRoot()
        }
      case (.relu, _):
        signal = Reference.reluGradient(signal, input: input)
        if rule == .guided { signal.values = signal.values.map { max($0, 0) } }
      case (.maxPool, _):
        signal = Reference.maxPoolGradient(signal, input: input)
        if rule == .zPlus { signal = signal.combined(with: input) { $1 == 0 ? 0 : $0 } }
      case (.flatten, _): signal = signal.reshaped(input.shape)
      case (.adaptivePool, _): signal = Reference.adaptivePoolGradient(signal, input: input)
      case (.averagePool, _): break
      }
    }
    return signals + [signal]
  }

  /// `a W+^T (R / (W+ a))` for inputs that are not negative.
  private func zPlus(
    _ signal: ReferenceArray, _ input: ReferenceArray, _ weights: ReferenceArray,
    _ isConvolution: Bool
  ) -> ReferenceArray {
    var positive = weights
    positive.values = weights.values.map { max($0, 0) }
    let bias = ReferenceArray([weights.shape[0]])
    let total =
      isConvolution
      ? Reference.convolution(input, positive, bias: bias)
      : Reference.dense(input, positive, bias: bias)
    let shares = signal.combined(with: total) { $1 == 0 ? 0 : $0 / $1 }
    let back =
      isConvolution
      ? Reference.convolutionInputGradient(shares, positive)
      : Reference.denseInputGradient(shares, positive)
    return back.combined(with: input, *)
  }

  private func cosines(_ left: ReferenceArray, _ right: ReferenceArray) -> [Double] {
    let plane = left.shape.dropFirst(2).reduce(1, *)
    return (0..<plane).compactMap { position in
      var (product, first, second) = (0.0, 0.0, 0.0)
      for channel in 0..<left.shape[1] {
        let (x, y) = (
          left.values[channel * plane + position], right.values[channel * plane + position]
        )
        product += x * y
        first += x * x
        second += y * y
      }
      return first == 0 || second == 0 ? nil : abs(product) / (first * second).squareRoot()
    }
  }

  /// Sorted cosines at the start, at each layer below it and at the input.
  func cosines(_ rule: Rule, samples: Int, seed: UInt64, keys: [Int]) -> [[Double]] {
    var all: [[Double]] = []
    for (image, key) in keys.enumerated() {
      let walks = (0..<samples).map { sample in
        var stream = RandomStream(seed: seed, purpose: "convergence/fc2", key, sample)
        return signals(ReferenceArray(stream.normal(shape: [1, 10])), image: image, rule)
      }
      for first in walks.indices {
        for second in walks.indices where second > first {
          for layer in walks[0].indices {
            if all.count <= layer { all.append([]) }
            all[layer] += cosines(walks[first][layer], walks[second][layer])
          }
        }
      }
    }
    return all.map { $0.sorted() }
  }
}
