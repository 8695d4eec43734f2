import Testing
import XAIAttribution
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport

/// A network with the slow one that computes the same.
private struct Pair {
  let explained: ExplainedNetwork
  let reference: ReferenceNetwork
  let request: AttributionRequest

  init(fixture name: String) throws {
    let fixture = try FixtureNetwork(name)
    self.init(fixture.network, fixture.parameters, fixture.explained, try fixture.request())
  }

  /// Random parameters: slopes of batch norm of both signs, biases and statistics of any kind.
  init(random architecture: Architecture, images count: Int = 3) throws {
    let network = Network(architecture)
    var parameters = Parameters()
    for (name, shape) in network.parameterShapes {
      let isMatrix = shape.count > 1
      let fanIn = Double(max(shape.dropFirst().reduce(1, *), 1))
      var values = ReferenceArray.random(
        shape, "relevance3/\(name)",
        standardDeviation: isMatrix ? (2 / fanIn).squareRoot() : 0.5)
      if name.hasSuffix("_bn.weight") {
        for index in values.values.indices {
          values.values[index] = index % 3 == 1 ? -0.7 : 1 + 0.25 * Double(index % 2)
        }
      }
      if name.hasSuffix("running_var") {
        values.values = values.values.map { 0.5 + $0 * $0 }
      }
      parameters[name] = values.tensor
    }
    let explained = ExplainedNetwork(network, parameters: parameters, backend: try CPUBackend())
    let images = ReferenceArray.random([count] + architecture.input, "relevance/images")
    self.init(
      network, parameters, explained,
      AttributionRequest(
        images: images.tensor, targets: (0..<count).map { $0 % architecture.classes }))
  }

  private init(
    _ network: Network, _ parameters: Parameters, _ explained: ExplainedNetwork,
    _ request: AttributionRequest
  ) {
    self.explained = explained
    self.request = request
    let architecture = network.architecture
    var arrays: [String: ReferenceArray] = [:]
    for name in parameters.names { arrays[name] = parameters[name].map { ReferenceArray($0) } }
    reference = ReferenceNetwork(
      stacks: architecture.stacks.map(\.count), hidden: architecture.hidden.count,
      pooling: architecture.pooling, batchNorm: architecture.batchNorm, parameters: arrays)
  }

  func maps(_ method: any AttributionMethod) throws -> Tensor { try attribution(method).maps }

  func attribution(
    _ method: any AttributionMethod, _ request: AttributionRequest? = nil,
    _ context: AttributionContext = AttributionContext()
  ) throws -> Attribution {
    try method.attribute(request ?? self.request, on: explained, in: context)
  }

  func literal(_ rule: LiteralRelevance.Rule, seed: Double? = 1) -> ReferenceArray {
    LiteralRelevance(network: reference, rule: rule)
      .maps(ReferenceArray(request.images), targets: request.targets, seed: seed)
  }
}

@Suite struct RelevanceTests {
  static let architectures: [String: Architecture] = [
    "negative slopes": Architecture(
      input: [2, 6, 7], stacks: [[5, 4], [18]], hidden: [9], classes: 4),
    "no batch norm": Architecture(
      input: [1, 8, 8], stacks: [[5], [6]], hidden: [7], classes: 3, batchNorm: false),
    "convolutions alone": Architecture(
      input: [3, 5, 5], stacks: [[6, 4]], hidden: [], classes: 3, pooling: false),
    "one dense layer": Architecture(input: [3, 4, 4], stacks: [], hidden: [], classes: 3),
  ]

  private static func pair(_ name: String) throws -> Pair {
    guard let architecture = architectures[name] else { return try Pair(fixture: name) }
    return try Pair(random: architecture)
  }

  static let networks = ["A", "B", "F", "N"] + architectures.keys.sorted()

  static let rules: [(LiteralRelevance.Rule, any AttributionMethod)] = [
    (.alphaBeta(1), LRPAlphaBeta(alpha: 1)),
    (.alphaBeta(2.5), LRPAlphaBeta(alpha: 2.5)),
    (.zPlus, LRPAlphaBeta.zPlus),
    (.epsilon(0.01), LRPEpsilon(epsilon: 0.01)),
    (.rap, RelativeAttributingPropagation()),
  ]

  @Test(arguments: networks, rules.indices)
  func `maps equal a literal computation in Double`(_ network: String, _ index: Int) throws {
    let pair = try Self.pair(network)
    let (rule, method) = Self.rules[index]
    let maps = try pair.maps(method)
    #expect(maps.isFinite)
    expectClose(ReferenceArray(maps).values, pair.literal(rule).values, relative: 1e-3, "\(rule)")
  }

  @Test func `the literal computation rejects biases and merged batch norm`() throws {
    let pair = try Self.pair("negative slopes")
    let expected = pair.literal(.alphaBeta(2)).values
    for wrong in [
      LRPAlphaBeta(alpha: 2, includesBias: true),
      LRPAlphaBeta(alpha: 2, batchNorm: .merged),
      LRPAlphaBeta(alpha: 2, firstConvolution: .likeOthers),
    ] {
      let deviation = largestDeviation(ReferenceArray(try pair.maps(wrong)).values, expected)
      #expect(deviation.relative > 0.02, "\(wrong)")
    }
  }

  @Test(arguments: ["A", "B", "negative slopes", "no batch norm"])
  func `alpha = 1 conserves relevance at every node`(_ network: String) throws {
    let pair = try Self.pair(network)
    let form = pair.explained.trained
    for composite in [
      LRPAlphaBeta(alpha: 1).composite, LRPAlphaBeta.zPlus.composite,
    ] {
      var walk = BackwardWalk(composite, algorithm: .direct)
      walk.observe = { index, signal throws(KernelFailure) in
        for sum in form.backend.download(signal).rowSums {
          #expect(abs(sum - 1) < 1e-4, "node \(index)")
        }
      }
      let recording = try form.record(
        try form.backend.upload(pair.request.images), keeping: composite.extent(in: form.network),
        algorithm: .direct)
      _ = try walk.signal(from: try form.seed(at: pair.request.targets), of: recording)
    }
  }

  @Test(arguments: ["A", "B"])
  func `conservation is reported where it holds`(_ network: String) throws {
    let pair = try Self.pair(network)
    for method: any AttributionMethod in [
      LRPAlphaBeta(alpha: 1), LRPAlphaBeta(alpha: 1, seed: .logit),
      LRPAlphaBeta.zPlus, LRPAlphaBeta(alpha: 1, batchNorm: .merged),
      RelativeAttributingPropagation(), RelativeAttributingPropagation(seed: .logit),
      LRPEpsilon(batchNorm: .identity, includesBias: false),
      LRPEpsilon(includesBias: false),
    ] {
      let laws = try pair.attribution(method).laws
      #expect(laws.count == 3 && laws.allSatisfy { $0.law == .conservation }, "\(method)")
      for law in laws { #expect(law.holds == true, "\(method): \(law)") }
    }
    #expect(try pair.attribution(LRPEpsilon()).laws.isEmpty)
    #expect(try pair.attribution(LRPAlphaBeta(alpha: 2)).laws.isEmpty)
  }

  @Test func `an image that keeps no relevance breaks its law`() throws {
    let pair = try Self.pair("A")
    let request = AttributionRequest(images: Tensor(shape: [1, 3, 16, 16]), targets: [0])
    let laws = try pair.attribution(LRPAlphaBeta(alpha: 1), request).laws
    #expect(laws.map(\.holds) == [false])
  }

  @Test(arguments: ["F", "one dense layer"])
  func `separate denominators hand out twice where the image meets a dense node`(
    _ network: String
  ) throws {
    let pair = try Self.pair(network)
    let separate = try pair.attribution(LRPAlphaBeta(alpha: 1))
    #expect(separate.laws.isEmpty)
    #expect(separate.maps.rowSums.allSatisfy { abs($0 - 2) < 1e-4 })
    #expect(try pair.attribution(LRPAlphaBeta.zPlus).laws.allSatisfy { $0.holds == true })
  }

  @Test(arguments: ["A", "F"])
  func `every method is finite on images of zeros and of one value`(_ network: String) throws {
    let pair = try Self.pair(network)
    for value: Float in [0, 1, -2] {
      let images = Tensor(shape: [1] + pair.request.images.shape.dropFirst(), repeating: value)
      let request = AttributionRequest(images: images, targets: [1])
      for entry in MethodCatalog.entries where entry.group == .relevance {
        let maps = try pair.attribution(entry.method, request).maps
        #expect(maps.isFinite && maps.shape == images.shape, "\(entry.identifier), \(value)")
        if value == 0, !entry.asksForWeightsAlone {
          #expect(maps.elements.allSatisfy { $0 == 0 }, "\(entry.identifier)")
        }
      }
    }
  }

  @Test func `a seed of the logit multiplies maps with it, negative ones too`() throws {
    let pair = try Self.pair("A")
    let logits = pair.reference.evaluate(ReferenceArray(pair.request.images)).last
    for alpha in [1.0, 4] {
      let unit = try pair.maps(LRPAlphaBeta(alpha: alpha))
      let scaled = try pair.maps(LRPAlphaBeta(alpha: alpha, seed: .logit))
      for (image, target) in pair.request.targets.enumerated() {
        let logit = try #require(logits)[image, target]
        expectClose(
          scaled.row(image), unit.row(image).map { Float(logit) * $0 }, relative: 1e-4)
      }
    }
  }

  @Test func `relative propagation follows positive factors of its seed and no negative ones`()
    throws
  {
    let fixture = try FixtureNetwork("A")
    let composite = RelativeAttributingPropagation().composite
    let maps = try [1, 2, -1].map {
      try #require(try fixture.relevance(by: composite, seed: $0)["input"])
    }
    expectClose(maps[1], maps[0].map { 2 * $0 }, relative: 1e-4)
    #expect(largestDeviation(maps[2], maps[0].map { -$0 }).relative > 0.01)
  }

  @Test func `a logit seed turns the map around with the logit's sign, a unit seed does not`()
    throws
  {
    // The last bias moves the logit of one class below zero and changes nothing else.
    let fixture = try FixtureNetwork("A")
    let request = AttributionRequest(images: fixture.images.row(0), targets: [fixture.targets[0]])
    var moved = fixture.parameters
    moved["fc3.bias"] = moved["fc3.bias"].map { $0.map { $0 - 5 } }
    let other = ExplainedNetwork(
      fixture.network, parameters: moved, backend: fixture.explained.backend)
    func maps(_ seed: RelevanceSeed) throws -> [Tensor] {
      try [fixture.explained, other].map {
        try LRPAlphaBeta(alpha: 1, seed: seed)
          .attribute(request, on: $0, in: AttributionContext()).maps
      }
    }
    let (unit, logit) = (try maps(.unit), try maps(.logit))
    #expect(unit[0] == unit[1])
    #expect(unit[0].elements.allSatisfy { $0 >= 0 })
    #expect(logit[0].elements.allSatisfy { $0 >= 0 })
    #expect(logit[1].elements.allSatisfy { $0 <= 0 } && (logit[1].elements.min() ?? 0) < 0)
  }

  @Test func `a map depends on neither the batch nor its parts`() throws {
    let pair = try Self.pair("B")
    for entry in MethodCatalog.entries where entry.group == .relevance {
      let whole = try pair.attribution(entry.method).maps
      let parts = try pair.attribution(
        entry.method, nil, AttributionContext(memory: 1)
      ).maps
      expectClose(parts, whole, relative: 1e-5, entry.identifier)
      let last = try pair.attribution(entry.method, pair.request.part(2..<3)).maps
      expectClose(last, whole.row(2), relative: 1e-5, entry.identifier)
    }
  }

  @Test func `an alpha below 1 and an epsilon of 0 are refused`() throws {
    let pair = try Self.pair("B")
    for method: any AttributionMethod in [
      LRPAlphaBeta(alpha: 0.5), LRPAlphaBeta(alpha: .nan),
      LRPAlphaBeta(alpha: 2, dense: .epsilon), LRPEpsilon(epsilon: 0),
    ] {
      #expect(throws: AttributionFailure.self) { try pair.maps(method) }
    }
  }
}
