import Testing
import XAIAttribution
import XAIEvaluation
import XAIKernels
import XAINetworks
import XAITensor

/// Axioms of methods: who keeps them, and who is found out.
@Suite struct MethodAxiomsTests {
  /// The image times the number of layers: what only the implementation decides.
  private struct LayerCount: AttributionMethod {
    func cost(of request: AttributionRequest, on network: Network) -> AttributionCost {
      AttributionCost(walks: 0)
    }

    func attribute(
      _ request: AttributionRequest, on network: ExplainedNetwork, in context: AttributionContext
    ) throws -> Attribution {
      Attribution(maps: request.images.map { $0 * Float(network.network.nodes.count) })
    }
  }

  private func axioms(
    _ identifier: String, _ architecture: Architecture = EvaluationFixture.architecture
  ) throws -> MethodAxioms {
    try axioms(try #require(MethodCatalog.entry(identifier)).method, architecture)
  }

  private func axioms(
    _ method: any AttributionMethod, _ architecture: Architecture
  ) throws -> MethodAxioms {
    let network = Network(architecture)
    var stream = RandomStream(seed: 6, purpose: "test/axioms")
    let shape = [2] + architecture.input
    let request = AttributionRequest(
      images: stream.normal(shape: shape), targets: [1, 2],
      baselines: .one(stream.normal(shape: shape, standardDeviation: 0.2)))
    var parameters = Parameters.initial(for: network, seed: 3)
    for (name, shape) in network.parameterShapes where name.contains("_bn") {
      // Untrained batch norm is the identity, which hides what its merging does.
      parameters[name] = stream.uniform(shape: shape, in: 0.5..<1.5)
    }
    return MethodAxioms(
      of: method,
      on: ExplainedNetwork(network, parameters: parameters, backend: try CPUBackend()),
      for: request, in: AttributionContext(algorithm: .direct))
  }

  private func expect(
    _ values: [Double?], _ isKept: Bool, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    #expect(values.count == 2, sourceLocation: sourceLocation)
    for value in values {
      let value = try #require(value, sourceLocation: sourceLocation)
      #expect(isKept ? value < 1e-3 : value > 1e-2, sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: [
    "gradient", "input-x-gradient", "integrated-gradients", "deep-lift", "lrp-epsilon-alpha2-beta1",
  ])
  func `a channel that is not read gets nothing`(_ identifier: String) throws {
    try expect(try axioms(identifier).dummy(channel: 1), true)
  }

  @Test func `a map that ignores the network gives a dummy relevance`() throws {
    try expect(try axioms("input").dummy(channel: 1), false)
  }

  @Test(arguments: ["gradient", "input-x-gradient", "integrated-gradients", "deep-lift"])
  func `channels that are treated alike get the same`(_ identifier: String) throws {
    try expect(try axioms(identifier).symmetry(channels: (0, 2)), true)
  }

  @Test func `noise is not symmetric`() throws {
    try expect(try axioms("random").symmetry(channels: (0, 2)), false)
  }

  @Test(arguments: ["gradient", "integrated-gradients", "deep-lift"])
  func `the same function has the same map`(_ identifier: String) throws {
    try expect(try axioms(identifier).mergingInvariance(), true)
    try expect(try axioms(identifier).doublingInvariance(), true)
  }

  @Test func `a map that counts layers is found out`() throws {
    let axioms = try axioms(LayerCount(), EvaluationFixture.architecture)
    try expect(try axioms.mergingInvariance(), false)
    try expect(try axioms.doublingInvariance(), false)
  }

  @Test(arguments: ["gradient", "input-x-gradient", "integrated-gradients"])
  func `the map of a combination is the combination of maps`(_ identifier: String) throws {
    try expect(try axioms(identifier).linearity(against: [3, 0]), true)
  }

  @Test func `magnitudes do not add up`() throws {
    try expect(try axioms("saliency").linearity(against: [3, 0]), false)
  }

  @Test func `axioms that say nothing are undefined`() throws {
    let gray = Architecture(
      input: [1, 8, 8], stacks: [[4]], hidden: [], classes: 4, batchNorm: false)
    let axioms = try axioms("gradient", gray)
    #expect(try axioms.dummy() == [nil, nil])
    #expect(try axioms.symmetry() == [nil, nil])
    #expect(try axioms.mergingInvariance() == [nil, nil])
    try expect(try axioms.doublingInvariance(), true)
    #expect(throws: EvaluationFailure(.outside(4, of: 4), of: "the other classes")) {
      try axioms.linearity(against: [0, 4])
    }
  }
}
