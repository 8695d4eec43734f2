import FoundationEssentials
import Testing
import XAIAttribution
import XAIFiles
import XAIKernels
import XAITensor
import XAITestSupport

@Suite("GradientSHAP and ExpectedGradients", .serialized)
struct GradientSHAPTests {
  private func reference(_ network: String, _ name: String) throws -> TensorReference {
    try TensorReference(Fixture.path("network\(network)/\(name)"))
  }

  private func request(_ fixture: FixtureNetwork) throws -> AttributionRequest {
    var request = try fixture.request()
    request.baselines = .shared(try fixture.inputs.tensor("baseline.distribution"))
    return request
  }

  /// The blurred image and the image itself.
  private func pairRequest(_ fixture: FixtureNetwork) throws -> AttributionRequest {
    var request = try fixture.request()
    let blurred = try fixture.inputs.tensor("baseline.blurred")
    let pairs = Tensor(
      stacking: (0..<3).flatMap { [blurred.row($0), fixture.images.row($0)] })
    request.baselines = .perImage(pairs.reshaped(to: [3, 2] + pairs.shape.dropFirst()))
    return request
  }

  @Test("Whole maps over given lines and noise agree with Captum", arguments: ["A", "B"])
  func agreesWithReference(network: String) throws {
    let fixture = try FixtureNetwork(network)
    let expected = try ReferenceFile("network\(network)/integrated")
    var method = GradientSHAP(
      samples: 3, standardDeviation: 0.3,
      index: try reference(network, "integrated.safetensors:gradientShap.index"),
      position: try reference(network, "integrated.safetensors:gradientShap.lambda"),
      noise: try reference(network, "noise.safetensors:noise"))
    let byFile = try fixture.attribution(of: method, request(fixture)).maps
    try expected.expect(byFile, agreesWith: "gradientShap.distribution")
    var request = try request(fixture)
    request.noise = try method.noise?.tensor()
    method.noise = nil
    #expect(try fixture.attribution(of: method, request).maps == byFile)
    method.position = nil
    let moved = try fixture.attribution(of: method, request).maps
    withKnownIssue { try expected.expect(moved, agreesWith: "gradientShap.distribution") }
  }

  @Test("Draws of the image itself contribute nothing, as in Captum", arguments: ["A", "B"])
  func pairAgreesWithReference(network: String) throws {
    let fixture = try FixtureNetwork(network)
    let method = GradientSHAP(
      index: try reference(network, "integrated.safetensors:gradientShap.pairIndex"),
      position: try reference(network, "integrated.safetensors:gradientShap.lambda"))
    try ReferenceFile("network\(network)/integrated").expect(
      fixture.attribution(of: method, pairRequest(fixture)).maps,
      agreesWith: "gradientShap.pair")
  }

  @Test("Expected gradients over given lines agree with Captum", arguments: ["A", "B"])
  func expectedGradientsAgree(network: String) throws {
    let fixture = try FixtureNetwork(network)
    let path = Fixture.path("network\(network)/integrated.safetensors")
    let method = try JSONDecoder().decode(
      ExpectedGradients.self,
      from: Data(
        #"""
        {"draws": 1, "index": "\#(path):expectedGradients.index",
        "alpha": "\#(path):expectedGradients.alpha"}
        """#.utf8))
    try ReferenceFile("network\(network)/integrated").expect(
      fixture.attribution(of: method, request(fixture)).maps, agreesWith: "expectedGradients")
  }

  @Test("The law compares with the logits at the ends of the lines", arguments: [0, 0.3])
  func lawsKnowTheEnds(deviation: Double) throws {
    let fixture = try FixtureNetwork("B")
    let literal = LiteralPath(fixture)
    let index = try reference("B", "integrated.safetensors:gradientShap.index")
    let noise = try reference("B", "noise.safetensors:noise")
    let method = GradientSHAP(standardDeviation: deviation, index: index, noise: noise)
    var request = try request(fixture)
    if deviation == 0 { request.noise = Tensor(shape: [1] + request.images.shape) }
    let laws = try fixture.attribution(of: method, request).laws
    let (lines, draws) = (try index.integers().values, ReferenceArray(try noise.tensor()))
    let starts = try fixture.inputs.tensor("baseline.distribution")
    for (image, target) in fixture.targets.enumerated() {
      let size = fixture.images.rowCount
      let expected = (0..<8).reduce(0.0) { sum, sample in
        var end = ReferenceArray(fixture.images.row(image))
        let offset = (sample * 3 + image) * size
        for element in 0..<size {
          end.values[element] += deviation * draws.values[offset + element]
        }
        let start = ReferenceArray(starts.row(lines[sample * 3 + image]))
        return sum + (literal.logit(end, target) - literal.logit(start, target)) / 8
      }
      #expect(abs(laws[image].expected - expected) < 1e-5)
    }
  }

  @Test("Many draws come close to completeness")
  func isCompleteInTheMean() throws {
    let fixture = try FixtureNetwork("N")
    var request = try fixture.request()
    let black = Tensor(shape: fixture.images.row(0).shape, repeating: -1)
    let white = Tensor(shape: black.shape, repeating: 1)
    request.baselines = .shared(Tensor(stacking: [black, white]))
    for method in [
      ExpectedGradients(draws: 500), GradientSHAP(samples: 500, standardDeviation: 0.2),
    ] as [any AttributionMethod] {
      for law in try fixture.attribution(of: method, request).laws {
        #expect(abs(law.error) < 0.2, "\(law)")
      }
    }
  }

  @Test("Where every baseline is the image the map is exactly 0, and a note says why")
  func equalBaselinesGiveNothing() throws {
    let fixture = try FixtureNetwork("A")
    var request = try fixture.request()
    request.baselines = .one(fixture.images)
    let result = try fixture.attribution(of: GradientSHAP(), request)
    #expect(result.maps.elements.allSatisfy { $0.bitPattern == 0 })
    #expect(result.notes.map(\.image) == [0, 1, 2])
  }

  @Test("Bytes depend on the seed, and on neither memory, threads nor company")
  func isReproducible() throws {
    let fixture = try FixtureNetwork("A")
    let one = fixture.explained.merged().bytesPerImage(keeping: .gates)
    let methods: [any AttributionMethod] = [
      GradientSHAP(samples: 10, standardDeviation: 0.2), ExpectedGradients(draws: 10),
    ]
    let threads = ThreadTeam.count
    defer { ThreadTeam.setCount(threads) }
    for method in methods {
      var request = try request(fixture)
      func maps(memory: Int) throws -> Tensor {
        try fixture.attribution(of: method, request, in: AttributionContext(memory: memory)).maps
      }
      let expected = try maps(memory: 256 << 20)
      for memory in [1, 4 * one] { #expect(try maps(memory: memory) == expected) }
      for count in [1, 2] {
        ThreadTeam.setCount(count)
        #expect(try maps(memory: 4 * one) == expected)
      }
      #expect(try fixture.attribution(of: method, request.part(1..<2)).maps == expected.row(1))
      request.seed = 1
      #expect(try maps(memory: one) != expected)
    }
  }

  @Test("What is given must fit images, baselines and each other")
  func refusesWhatDoesNotFit() throws {
    let fixture = try FixtureNetwork("A")
    let index = try reference("A", "integrated.safetensors:gradientShap.index")
    let alpha = try reference("A", "integrated.safetensors:expectedGradients.alpha")
    let request = try request(fixture)
    func refuses(_ method: any AttributionMethod, _ request: AttributionRequest) {
      #expect(throws: AttributionFailure.self) { try fixture.attribution(of: method, request) }
    }
    refuses(ExpectedGradients(index: index, alpha: alpha), request)
    refuses(GradientSHAP(index: index), request.part(0..<2))
    refuses(GradientSHAP(index: index), try pairRequest(fixture))
    refuses(GradientSHAP(samples: 0), request)
    refuses(GradientSHAP(standardDeviation: -1), request)
    refuses(GradientSHAP(), try fixture.request())
  }
}
