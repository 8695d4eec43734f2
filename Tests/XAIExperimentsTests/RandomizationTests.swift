import Testing
import XAIExperiments
import XAIExperimentsTestSupport
import XAINetworks
import XAITensor
import XAITestSupport

@Suite struct RandomizationTests {
  private let trained = TrainedNetwork()
  private static let procedures = WeightInitializer.allCases.flatMap { initializer in
    BatchNormPolicy.allCases.map { Randomization(initializer: initializer, batchNorm: $0) }
  }

  private func tensor(_ parameters: Parameters, _ name: String) throws -> Tensor {
    try #require(parameters[name])
  }

  private func moments(_ tensor: Tensor) -> (mean: Double, variance: Double) {
    let values = tensor.elements.map(Double.init)
    let mean = values.reduce(0, +) / Double(values.count)
    return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count))
  }

  // MARK: Which tensors change

  @Test func `a layer and its batch norm change, everything else stays bit for bit`() {
    let names = ["weight", "bias", "running_mean", "running_var"].map { "conv2_bn.\($0)" }
    #expect(
      trained.changes(trained.randomized(["conv2"])) == Set(["conv2.weight", "conv2.bias"] + names))
    let keep = Randomization(batchNorm: .keep)
    #expect(trained.changes(trained.randomized(["conv2"], keep)) == ["conv2.weight", "conv2.bias"])
    #expect(trained.changes(trained.randomized(["fc2"])) == ["fc2.weight", "fc2.bias"])
    #expect(trained.changes(trained.randomized([])).isEmpty)
  }

  @Test func `the trained parameters are never modified`() {
    let before = TrainedNetwork().parameters
    for procedure in Self.procedures { _ = trained.randomized(trained.layers, procedure) }
    #expect(trained.parameters == before)
  }

  @Test(arguments: procedures)
  func `the result holds all parameters in their order and shape`(
    procedure: Randomization
  ) throws {
    let random = trained.randomized(trained.layers, procedure)
    #expect(random.names == trained.parameters.names)
    try random.validate(for: trained.network, source: "test")
  }

  @Test func `an architecture without batch norm works`() {
    let plain = TrainedNetwork(batchNorm: false)
    #expect(plain.changes(plain.randomized(["conv3"])) == ["conv3.weight", "conv3.bias"])
  }

  // MARK: Streams

  @Test(arguments: procedures)
  func `each step of a cascade keeps the draws of the step before`(procedure: Randomization) {
    for mode in [RandomizationMode.cascading, .bottomUp] {
      var previous = trained.parameters
      for step in RandomizationPlan(trained.network, mode: mode).steps {
        let whole = trained.randomized(step.layers, procedure)
        let continued = procedure.randomize(
          [step.name], of: previous, in: trained.network, seed: 1)
        #expect(whole == continued, "\(mode) \(step.name)")
        previous = whole
      }
    }
  }

  @Test(arguments: procedures)
  func `a layer's draws depend on neither other layers nor their order`(procedure: Randomization) {
    let layers = trained.layers
    let all = trained.randomized(layers, procedure)
    #expect(trained.randomized(layers.reversed(), procedure) == all)
    for layer in layers {
      let single = trained.randomized([layer], procedure)
      for name in trained.changes(single) { #expect(single[name] == all[name], "\(name)") }
    }
  }

  @Test func `layers of equal shape and different seeds draw different weights`() throws {
    for initializer in WeightInitializer.allCases {
      let procedure = Randomization(initializer: initializer)
      // Equal trained weights: only the stream can tell the layers apart.
      var equal = trained.parameters
      equal["conv3.weight"] = equal["conv2.weight"]
      let random = procedure.randomize(
        ["conv2", "conv3"], of: equal, in: trained.network, seed: 1)
      let other = procedure.randomize(["conv2"], of: equal, in: trained.network, seed: 2)
      #expect(random["conv2.weight"] != random["conv3.weight"], "\(initializer)")
      #expect(random["conv2.weight"] != other["conv2.weight"], "\(initializer)")
      // Independent, not merely different: correlation 0 +- 1 / sqrt(2304).
      for partner in [random["conv3.weight"], other["conv2.weight"]] {
        let (a, b) = (try tensor(random, "conv2.weight"), try #require(partner))
        let product = a.combined(with: b) { $0 * $1 }
        let (x, y) = (moments(a), moments(b))
        let covariance = moments(product).mean - x.mean * y.mean
        #expect(abs(covariance / (x.variance * y.variance).squareRoot()) < 0.08, "\(initializer)")
      }
    }
  }

  @Test func `the draw is not the one that training started from`() {
    for seed in [UInt64(0), 1, 7] {
      let initial = Parameters.initial(for: trained.network, seed: seed)
      let random = trained.randomized(trained.layers, seed: seed)
      for layer in trained.layers {
        #expect(random["\(layer).weight"] != initial["\(layer).weight"], "\(layer)")
      }
    }
  }

  // MARK: Distributions

  /// Mean within 5 standard errors, variance within 5 of its own (kurtosis 3 at most).
  private func expectMoments(
    _ tensor: Tensor, mean: Double, variance: Double,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let (count, found) = (Double(tensor.count), moments(tensor))
    #expect(
      abs(found.mean - mean) < 5 * (variance / count).squareRoot(), sourceLocation: sourceLocation)
    #expect(
      abs(found.variance / variance - 1) < 5 * (2 / count).squareRoot(),
      sourceLocation: sourceLocation)
  }

  @Test func `he-normal has variance 2 over fan-in and no bias`() throws {
    let random = trained.randomized(trained.layers)
    expectMoments(try tensor(random, "conv1.weight"), mean: 0, variance: 2 / 27.0)
    expectMoments(try tensor(random, "conv4.weight"), mean: 0, variance: 2 / 144.0)
    expectMoments(try tensor(random, "fc1.weight"), mean: 0, variance: 2 / 256.0)
    for layer in trained.layers {
      #expect(try tensor(random, "\(layer).bias").elements.allSatisfy { $0 == 0 })
    }
    // About 0.27 % of normal numbers lie beyond three deviations.
    let limit = Float(3 * (2 / 256.0).squareRoot())
    let far = try tensor(random, "fc1.weight").elements.count { abs($0) > limit }
    #expect(20..<80 ~= far, "\(far) of 16384")
  }

  @Test func `pytorch-default is uniform within 1 over the root of fan-in`() throws {
    let random = trained.randomized(trained.layers, Randomization(initializer: .pytorchDefault))
    let weights = try tensor(random, "fc1.weight")
    expectMoments(weights, mean: 0, variance: 1 / 256.0 / 3)
    #expect(weights.elements.allSatisfy { abs($0) <= 1 / 16 })
    let tenth = weights.elements.count { $0 > 0.8 / 16 }
    #expect(1500..<1780 ~= tenth, "\(tenth) of 16384 in the uppermost tenth")
    let biases = try tensor(random, "fc1.bias")
    #expect(biases.elements.allSatisfy { abs($0) <= 1 / 16 })
    expectMoments(biases, mean: 0, variance: 1 / 256.0 / 3)
  }

  @Test func `permute keeps every number and no place`() throws {
    let random = trained.randomized(trained.layers, Randomization(initializer: .permute))
    for name in ["conv1.weight", "fc1.weight", "fc1.bias"] {
      let (before, after) = (try tensor(trained.parameters, name), try tensor(random, name))
      #expect(before.elements.sorted() == after.elements.sorted(), "\(name)")
      let stayed = zip(before.elements, after.elements).count { $0 == $1 }
      #expect(stayed < 10, "\(name): \(stayed) stayed in place")
    }
  }

  @Test func `match has the trained mean and variance`() throws {
    var shifted = trained.parameters
    shifted["conv2.weight"] = shifted["conv2.weight"]?.map { 3 * $0 + 0.5 }
    let random = Randomization(initializer: .match).randomize(
      ["conv2", "fc1"], of: shifted, in: trained.network, seed: 1)
    for name in ["conv2.weight", "fc1.weight"] {
      let (mean, variance) = moments(try tensor(shifted, name))
      expectMoments(try tensor(random, name), mean: mean, variance: variance)
    }
    let constant = WeightInitializer.match.draw(
      like: Tensor(shape: [4], repeating: 0.25), fanIn: 9, isBias: true,
      from: RandomStream(seed: 1, purpose: "test"))
    #expect(constant.elements == [0.25, 0.25, 0.25, 0.25])
  }

  // MARK: Batch norm

  @Test func `a batch norm that is reset is the identity of an untrained layer`() throws {
    let random = trained.randomized(["conv3", "fc1"])
    let initial = Parameters.initial(for: trained.network, seed: 1)
    for layer in ["conv3", "fc1"] {
      for suffix in ["weight", "bias", "running_mean", "running_var"] {
        #expect(random["\(layer)_bn.\(suffix)"] == initial["\(layer)_bn.\(suffix)"])
      }
    }
  }

  @Test func `policies do not change the weights that are drawn`() {
    let draws = BatchNormPolicy.allCases.map {
      trained.randomized(["conv3"], Randomization(batchNorm: $0))["conv3.weight"]
    }
    #expect(draws[0] == draws[1] && draws[1] == draws[2])
  }
}
