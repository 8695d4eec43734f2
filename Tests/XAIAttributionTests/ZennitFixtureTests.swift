import Testing
import XAIAttribution
import XAINetworks
import XAITensor
import XAITestSupport

/// Composites of zennit 0.5.1 in float64 on networks whose batch norm is merged; the numbers are written by
/// `Scripts/compare/zennit_fixtures.py`.
@Suite struct ZennitFixtureTests {
  /// Methods of the catalog with their default parameters.
  static let identifiers = [
    "gamma": "lrp-gamma", "flat": "lrp-flat", "wSquare.noBias": "lrp-w-square",
    "epsilonPlus": "lrp-epsilon-plus", "epsilonPlusFlat": "lrp-epsilon-plus-flat",
    "epsilonAlpha2Beta1": "lrp-epsilon-alpha2-beta1",
    "epsilonAlpha2Beta1Flat": "lrp-epsilon-alpha2-beta1-flat",
    "epsilonGammaBox": "lrp-epsilon-gamma-box",
  ]
  /// Other parameters.
  static let variants: [String: any AttributionMethod] = [
    "gamma.1": LRPGamma(gamma: 1, stabilizer: 1e-3), "wSquare": LRPWSquare(includesBias: true),
    "epsilonPlus.0.1": LRPEpsilonAlphaBeta(alpha: 1, epsilon: 0.1, stabilizer: 0.01),
    "epsilonGammaBox.0.5": LRPEpsilonGammaBox(gamma: 0.5, epsilon: 0.1, stabilizer: 0.01),
  ]

  private func method(_ name: String) throws -> any AttributionMethod {
    if let method = Self.variants[name] { return method }
    let identifier = try #require(Self.identifiers[name])
    return try #require(MethodCatalog.entry(identifier)).method
  }

  /// A fixture network's request with the bounds that the generator took.
  private func request(
    _ fixture: FixtureNetwork, _ reference: ReferenceFile
  ) throws -> AttributionRequest {
    var request = try fixture.request()
    let shape = fixture.network.architecture.input
    func bound(_ name: String) throws -> Tensor {
      let channels = try reference.array(name).values
      return Tensor(
        shape: [1] + shape,
        (0..<shape.reduce(1, *)).map { Float(channels[$0 / (shape[1] * shape[2])]) })
    }
    request.bounds = try PixelBounds(low: bound("low"), high: bound("high"))
    return request
  }

  private func maps(_ network: String, _ method: any AttributionMethod) throws -> Tensor {
    let fixture = try FixtureNetwork(network)
    let reference = try ReferenceFile("network\(network)/zennit")
    return try fixture.attribution(of: method, request(fixture, reference)).maps
  }

  @Test(arguments: ["A", "B"], identifiers.keys.sorted() + variants.keys.sorted())
  func `maps agree with zennit, whole and image by image`(
    _ network: String, _ name: String
  ) throws {
    try ReferenceFile("network\(network)/zennit").expect(
      maps(network, method(name)), agreesWith: name)
  }

  @Test(arguments: ["A", "B"])
  func `a rule that is not quite zennit's is noticed`(_ network: String) throws {
    let wrong: [String: any AttributionMethod] = [
      "gamma": LRPGamma(gamma: 0.3), "flat": LRPWSquare(), "wSquare": LRPWSquare(),
      "epsilonPlus": LRPEpsilonAlphaBeta(alpha: 1.05),
      "epsilonPlusFlat": LRPEpsilonAlphaBeta(alpha: 1),
      "epsilonAlpha2Beta1": LRPEpsilonAlphaBeta(alpha: 2, first: .flat),
      "epsilonAlpha2Beta1Flat": LRPEpsilonAlphaBeta(alpha: 2, first: .flat, epsilon: 0.1),
      "epsilonGammaBox": LRPEpsilonGammaBox(gamma: 0.3),
    ]
    let reference = try ReferenceFile("network\(network)/zennit")
    for (name, method) in wrong {
      let deviation = largestDeviation(
        ReferenceArray(try maps(network, method)).values, try reference.array(name).values)
      #expect(deviation.relative > 0.01, "\(name)")
    }
  }

  /// The paper's rule has no bias, and what enters arrives; in zennit squared biases absorb most of it.
  @Test(arguments: ["A", "B"])
  func `w-square conserves relevance without biases, and zennit's does not`(
    _ network: String
  ) throws {
    let reference = try ReferenceFile("network\(network)/zennit")
    func sums(_ name: String) throws -> [Double] {
      let array = try reference.array(name)
      let size = array.values.count / array.shape[0]
      return (0..<array.shape[0]).map { image in
        array.values[image * size..<(image + 1) * size].reduce(0, +)
      }
    }
    #expect(try sums("wSquare.noBias").allSatisfy { abs($0 - 1) < 1e-4 })
    #expect(try sums("wSquare").allSatisfy { $0 < 0.5 })
    let fixture = try FixtureNetwork(network)
    for method: any AttributionMethod in [LRPWSquare(), LRPFlat(), LRPFlat(seed: .logit)] {
      let laws = try fixture.attribution(of: method, fixture.request()).laws
      #expect(laws.count == 3 && laws.allSatisfy { $0.holds == true }, "\(method)")
    }
    let absorbing = LRPWSquare(includesBias: true)
    #expect(try fixture.attribution(of: absorbing, fixture.request()).laws.isEmpty)
  }

  @Test func `without bounds of pixels the box is each image's, and a note says so`() throws {
    let fixture = try FixtureNetwork("B")
    let method = LRPEpsilonGammaBox()
    let result = try fixture.attribution(of: method, fixture.request())
    #expect(result.notes.count == 1)
    for image in 0..<3 {
      var request = try fixture.request().part(image..<image + 1)
      let values = request.images.elements
      let (low, high) = (try #require(values.min()), try #require(values.max()))
      request.bounds = try PixelBounds(
        low: request.images.map { _ in low }, high: request.images.map { _ in high })
      let known = try fixture.attribution(of: method, request)
      #expect(known.notes.isEmpty)
      expectClose(known.maps, result.maps.row(image), relative: 1e-5)
    }
  }

  @Test func `named composites are those of the methods`() throws {
    let fixture = try FixtureNetwork("A")
    let composites: [String: Composite] = [
      "epsilonPlus": .epsilonPlus(), "epsilonPlusFlat": .epsilonPlusFlat(),
      "epsilonAlpha2Beta1": .epsilonAlpha2Beta1(),
      "epsilonAlpha2Beta1Flat": .epsilonAlpha2Beta1Flat(), "gamma": .gamma(), "flat": .flat(),
    ]
    for (name, composite) in composites {
      let maps = try fixture.explained.merged().relevance(
        fixture.request(), seed: .unit, composite: composite, in: AttributionContext()
      ).maps
      #expect(try maps == fixture.attribution(of: method(name), fixture.request()).maps, "\(name)")
    }
  }

  @Test func `bounds that no pixel could keep are refused`() throws {
    let image = Tensor(shape: [1, 1, 2, 2])
    #expect(throws: AttributionFailure.self) {
      try PixelBounds(low: image.map { _ in 1 }, high: image)
    }
    #expect(throws: AttributionFailure.self) {
      try PixelBounds(low: image, high: image.map { _ in .infinity })
    }
    #expect(throws: AttributionFailure.self) {
      try PixelBounds(low: image, high: Tensor(shape: [1, 1, 2, 3]))
    }
  }

  @Test func `impossible parameters are refused`() throws {
    let fixture = try FixtureNetwork("A")
    let methods: [any AttributionMethod] = [
      LRPGamma(gamma: -0.1), LRPGamma(gamma: .nan), LRPGamma(gamma: 1e7), LRPGamma(stabilizer: 0),
      LRPFlat(stabilizer: -1), LRPWSquare(stabilizer: .infinity),
      LRPEpsilonAlphaBeta(alpha: 0.9), LRPEpsilonAlphaBeta(alpha: .nan),
      LRPEpsilonAlphaBeta(alpha: 1, epsilon: 0), LRPEpsilonAlphaBeta(alpha: 1, stabilizer: 1e-300),
      LRPEpsilonGammaBox(gamma: .infinity), LRPEpsilonGammaBox(epsilon: .nan),
    ]
    for method in methods {
      let failure = #expect(throws: AttributionFailure.self, "\(method)") {
        try fixture.attribution(of: method, fixture.request())
      }
      #expect(failure?.kind == .usage)
    }
  }
}
