import Testing
import XAIAttribution
import XAIClassifiers
import XAIExperiments
import XAIExperimentsTestSupport
import XAIKernels
import XAINetworks

@Suite struct MethodPreparationTests {
  private let images: [ExplainedImage]
  private let network: ExplainedNetwork
  private let requests: RequestMaker

  init() throws {
    let test = ContrastCase()
    images = [test.image(0), test.image(1)]
    let checkpoint = test.checkpoint(0)
    network = ExplainedNetwork(
      checkpoint.network, parameters: checkpoint.parameters, backend: try CPUBackend())
    requests = try RequestMaker(checkpoint, dataset: nil, seed: 0, tell: { _ in })
  }

  private func outcome(
    _ identifier: String, _ baseline: BaselineKind? = nil, isRequired: Bool = false,
    limit: Double? = nil
  ) throws -> MethodPreparation.Outcome {
    let entry = try #require(MethodCatalog.entry(identifier))
    let candidate = MethodPreparation.Candidate(
      MethodUnderTest(entry, baseline: baseline), isRequired: isRequired)
    return try MethodPreparation(network.network, requests, limit: limit)
      .prepared(candidate, for: images, targets: [0, 1])
  }

  @Test func `a method of many passes is long only where there is a limit`() throws {
    guard case .long = try outcome("rise", limit: MethodPreparation.standardLimit) else {
      Issue.record("not long")
      return
    }
    guard case .ready(let method) = try outcome("rise") else {
      Issue.record("not ready")
      return
    }
    #expect(method.identifier == "rise")
  }

  @Test func `the limit counts the passes of one image`() throws {
    // A forward and a backward pass.
    guard case .ready = try outcome("saliency", limit: 2) else {
      Issue.record("the passes of both images were counted")
      return
    }
    guard case .long = try outcome("saliency", limit: 1.5) else {
      Issue.record("not long")
      return
    }
  }

  @Test func `an obstacle leaves a method out, or is a failure where it was asked for`() throws {
    guard case .obstructed(let reason) = try outcome("integrated-gradients", .data(2)) else {
      Issue.record("not obstructed")
      return
    }
    #expect(reason.description.contains("compares with images of the data"))
    let failure = #expect(throws: ExperimentFailure.self) {
      try outcome("integrated-gradients", .data(2), isRequired: true)
    }
    #expect(failure?.description.contains("integrated-gradients cannot be applied: ") == true)
    // CAM needs global average pooling, which this network has not.
    guard case .obstructed = try outcome("cam") else {
      Issue.record("not obstructed")
      return
    }
  }

  @Test func `controls are added once, and may be left out`() throws {
    let noise = try #require(MethodCatalog.entry("random"))
    let chosen = [MethodPreparation.Candidate(.init(noise, baseline: nil), isRequired: true)]
    let all = chosen.withControls()
    #expect(
      all.map(\.method.identifier) == ["random", "constant", "edge-detector", "input"])
    #expect(all.map(\.isRequired) == [true, false, false, false])
  }

  @Test func `direct convolutions cost three and a half times those of transformed tiles`() throws {
    func slowness(_ identifier: String, _ algorithm: ConvolutionAlgorithm? = nil) throws -> Double {
      try #require(MethodCatalog.entry(identifier)).method.slowness(
        on: network, algorithm: algorithm)
    }
    #expect(try slowness("lrp-a1b0") == 3.5)
    #expect(try slowness("saliency") == 1)
    #expect(try slowness("saliency", .direct) == 3.5)
    #expect(try slowness("random") == 1)
  }

  @Test func `a comparison counts direct convolutions as a randomization does`() throws {
    var test = ContrastCase()
    (test.methods, test.images) = ("lrp-a1b0", [0])
    test.contrasts = .chosen([.index(0), .index(1)])
    let contrast = try test.contrast()
    let (explainer, method) = (contrast.explainers[0], contrast.methods[0])
    let request = try explainer.requests.request(
      contrast.images, targets: [0], for: method.method, baseline: nil)
    let family = NetworkFamily(
      base: explainer.network,
      members: [0, 1].map { .init(explainer.network, targets: [$0]) })
    let passes = method.method.cost(of: request, on: family).walks
    #expect(try passes > 0 && contrast.walks() == 3.5 * passes)
  }
}
