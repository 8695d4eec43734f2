import Foundation
import Testing
import XAIAttribution
import XAIClassifiers
import XAIExperiments
import XAIExperimentsTestSupport
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport

@Suite struct NetworkHealthTests {
  private let trained = TrainedNetwork()
  private let images = ReferenceArray.random([9, 3, 16, 16], "health images").tensor

  private func health(
    _ parameters: Parameters, labels: [Int]? = nil, memory: Int = 256 << 20
  ) throws -> NetworkHealth {
    try NetworkHealth.measure(
      ExplainedNetwork(trained.network, parameters: parameters, backend: try CPUBackend()),
      on: images, labels: labels,
      gradientsOf: AttributionRequest(images: images.rows(0..<3), targets: [0, 4, 9]),
      in: AttributionContext(memory: memory))
  }

  /// The trained parameters with some tensors overwritten by one value.
  private func filled(_ value: Float, _ names: String...) -> Parameters {
    var parameters = trained.parameters
    for name in names {
      parameters[name] = parameters[name].map { Tensor(shape: $0.shape, repeating: value) }
    }
    return parameters
  }

  private func slow() -> (network: ReferenceNetwork, outputs: [ReferenceArray]) {
    var arrays: [String: ReferenceArray] = [:]
    for name in trained.parameters.names {
      arrays[name] = trained.parameters[name].map { ReferenceArray($0) }
    }
    let network = ReferenceNetwork(stacks: [2, 2], hidden: 1, parameters: arrays)
    return (network, network.evaluate(ReferenceArray(images)))
  }

  @Test func `a healthy network has no problems and the numbers of the slow network`() throws {
    let (network, outputs) = slow()
    let logits = try #require(outputs.last)
    let rows = (0..<9).map { row in (0..<10).map { logits[row, $0] } }
    let labels = rows.enumerated().map { index, row in
      // Every third label is wrong.
      ((row.firstIndex(of: row.max() ?? 0) ?? 0) + (index % 3 == 0 ? 1 : 0)) % 10
    }
    let health = try health(trained.parameters, labels: labels)
    #expect(health.problems.isEmpty && health.images == 9)
    #expect(abs((health.accuracy ?? 9) - 6.0 / 9) < 1e-12)

    let spreads: [Double] = rows.map { ($0.max() ?? 0) - ($0.min() ?? 0) }
    let spread = spreads.reduce(0, +) / 9
    #expect(abs(health.logitSpread / spread - 1) < 1e-4)
    var entropy = 0.0
    for row in rows {
      let powers = row.map { exp($0) }
      let sum = powers.reduce(0, +)
      for power in powers { entropy -= power / sum * log(power / sum) / 9 }
    }
    #expect(abs(health.predictionEntropy / entropy - 1) < 1e-4)

    for dead in health.deadRectifiers {
      let index = try #require(network.layers.firstIndex { $0.name == "\(dead.layer)_relu" })
      let output = outputs[index]
      let plane = output.shape.dropFirst(2).reduce(1, *)
      let count = (0..<output.shape[1]).count { channel in
        (0..<9).allSatisfy { image in
          let start = (image * output.shape[1] + channel) * plane
          return output.values[start..<start + plane].allSatisfy { $0 == 0 }
        }
      }
      #expect(dead.share == Double(count) / Double(output.shape[1]), "\(dead.layer)")
    }
    #expect(health.deadRectifiers.map(\.layer) == ["conv1", "conv2", "conv3", "conv4", "fc1"])
  }

  @Test func `the gradient norm agrees with finite differences`() throws {
    let one = AttributionRequest(images: images.row(0), targets: [4])
    let network = ExplainedNetwork(
      trained.network, parameters: trained.parameters, backend: try CPUBackend())
    let health = try NetworkHealth.measure(network, on: images, gradientsOf: one)
    let norm = try #require(health.gradientNorm)
    // Along the gradient itself the logit rises by norm x step.
    let gradient = try InputGradient().attribute(one, on: network, in: AttributionContext()).maps
    let step: Float = 1e-2
    let ends = [-step, step].map { step in
      images.row(0).combined(with: gradient) { $0 + step * $1 / Float(norm) }
    }
    let logits = try Prediction.of(Tensor(stacking: ends), by: network)
      .map { Double($0.logits[4]) }
    #expect(abs((logits[1] - logits[0]) / (2 * Double(step)) / norm - 1) < 0.05)
  }

  @Test func `dead layers are named`() throws {
    // A shift of -1000 after batch norm: no rectifier passes anything.
    let health = try health(filled(-1000, "conv3_bn.bias"))
    #expect(health.deadRectifiers[2].layer == "conv3" && health.deadRectifiers[2].share == 1)
    #expect(health.deadRectifiers[0].share < 1)
    #expect(health.gradientNorm == 0 && !health.problems.isEmpty)
    #expect(health.problems.contains("every rectifier of conv3 is dead"))
    #expect(health.problems.contains("no gradient arrives at the image"))
    #expect(health.problems.contains("the logits are the same for all images"))
  }

  @Test func `a share of dead channels is counted`() throws {
    var parameters = trained.parameters
    for channel in 0..<4 { parameters["conv2_bn.bias"]?[channel] = -1000 }
    let before = try health(trained.parameters).deadRectifiers[1].share
    #expect(before == 0)
    let after = try health(parameters)
    #expect(after.deadRectifiers[1].share == 0.25 && after.problems.isEmpty)
  }

  @Test func `equal logits have the greatest entropy and no spread`() throws {
    let health = try health(filled(0, "fc2.weight", "fc2.bias"), labels: Array(0..<9))
    #expect(health.logitSpread == 0 && health.logitVariation == 0)
    #expect(abs(health.predictionEntropy - log(10)) < 1e-12)
    #expect(health.problems.contains("all logits are equal"))
    // The first of equal logits counts: one of nine labels is 0.
    #expect(abs((health.accuracy ?? 9) - 1.0 / 9) < 1e-12)
  }

  @Test func `overflow is a problem, not a number`() throws {
    var parameters = trained.parameters
    for name in ["conv1.weight", "conv2.weight", "conv3.weight"] {
      parameters[name] = parameters[name]?.map { $0 * 1e20 }
    }
    let health = try health(parameters, labels: Array(repeating: 0, count: 9))
    #expect(health.overflows && health.accuracy == 0)
    #expect(health.problems.contains("logits or gradients are NaN or infinite"))
    #expect(health.logitSpread.isFinite && health.predictionEntropy.isFinite)
  }

  @Test func `neither labels nor gradients are invented`() throws {
    let network = ExplainedNetwork(
      trained.network, parameters: trained.parameters, backend: try CPUBackend())
    let health = try NetworkHealth.measure(network, on: images)
    #expect(health.accuracy == nil && health.gradientNorm == nil)
  }

  @Test func `parts of the batch change nothing`() throws {
    #expect(try health(trained.parameters, memory: 1) == health(trained.parameters))
  }
}
