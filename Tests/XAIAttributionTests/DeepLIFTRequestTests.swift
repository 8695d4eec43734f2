import Testing
import XAIAttribution
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport

@Suite struct DeepLIFTRequestTests {
  static let methods: [any AttributionMethod] = [
    DeepLIFT(), DeepLIFTRevealCancel(), DeepLIFTRevealCancel(maxPool: .rescale), DeepSHAP(),
  ]
  let network: DeepLIFTNetwork

  init() throws { network = try DeepLIFTNetwork(DeepLIFTNetwork.architectures[0]) }

  @Test(arguments: methods.indices)
  func `an image equal to its baseline gets exactly 0`(_ index: Int) throws {
    var request = network.request
    request.baselines = .one(network.images)
    let attribution = try network.attribution(of: Self.methods[index], request)
    #expect(attribution.maps.elements.allSatisfy { $0 == 0 })
    #expect(attribution.laws.allSatisfy { $0.holds == true && $0.found == 0 })
  }

  @Test(arguments: methods.indices)
  func `neither other images nor the memory change a map`(_ index: Int) throws {
    let whole = try network.attribution(of: Self.methods[index])
    let small = AttributionContext(memory: 1)
    let parts = try network.attribution(of: Self.methods[index], in: small)
    expectClose(parts.maps, whole.maps, relative: 1e-5, "image by image")
    #expect(parts.laws.count == whole.laws.count)
    let last = network.request.part(2..<3)
    expectClose(
      try network.attribution(of: Self.methods[index], last).maps, whole.maps.row(2),
      relative: 1e-5, "the last image alone")
  }

  @Test func `a baseline that all images share equals its copies`() throws {
    let baseline = network.baselines.row(0)
    for method in Self.methods {
      var (shared, copies) = (network.request, network.request)
      shared.baselines = .shared(baseline)
      copies.baselines = .one(baseline.rows(at: [0, 0, 0]))
      expectClose(
        try network.attribution(of: method, shared).maps,
        try network.attribution(of: method, copies).maps, relative: 1e-5)
    }
  }

  @Test func `DeepSHAP is the mean of DeepLIFT, whatever the memory and whose the baselines are`()
    throws
  {
    var request = network.request
    let sums = try (0..<3).map { index in
      request.baselines = .shared(network.baselines.row(index))
      return try network.attribution(of: DeepLIFT(), request).maps
    }
    let mean = sums[0].combined(with: sums[1], +).combined(with: sums[2], +).map { $0 / 3 }
    let own = Tensor(stacking: Array(repeating: network.baselines, count: 3))
      .reshaped(to: [3] + network.baselines.shape)
    for baselines in [Baselines.shared(network.baselines), .perImage(own)] {
      for memory in [1, 100_000, 1 << 28] {
        request.baselines = baselines
        let maps = try network.attribution(
          of: DeepSHAP(), request, in: AttributionContext(memory: memory)
        ).maps
        expectClose(maps, mean, relative: 1e-5, "\(baselines.kind), \(memory) bytes")
      }
    }
  }

  @Test func `progress reaches the announced cost`() throws {
    for method in Self.methods {
      var walks = 0.0
      let context = AttributionContext(advance: { walks += $0 })
      _ = try network.attribution(of: method, in: context)
      #expect(walks == method.cost(of: network.request, on: network.explained.network).walks)
    }
  }

  @Test func `a stopped call ends at once`() throws {
    for method in Self.methods {
      #expect(throws: AttributionStopped.self) {
        try network.attribution(of: method, in: AttributionContext(isStopped: { true }))
      }
    }
  }

  @Test func `baselines that do not fit are refused with a sentence`() throws {
    func message(_ method: any AttributionMethod, _ baselines: Baselines?) throws -> String {
      var request = network.request
      request.baselines = baselines
      let failure = try #require(throws: AttributionFailure.self) {
        try network.attribution(of: method, request)
      }
      #expect(failure.kind == .usage)
      return failure.description
    }
    for method in Self.methods {
      #expect(try message(method, nil).contains("none was given; choose one, such as blur"))
      let narrow = Tensor(shape: [3, 3, 11, 8])
      #expect(try message(method, .one(narrow)).contains("[3, 11, 9]"))
      let two = network.baselines.rows(0..<2)
      #expect(try message(method, .one(two)).contains("of 2 images for 3 images"))
    }
    #expect(
      try message(DeepLIFT(), .shared(network.baselines)).contains(
        "one baseline, not 3; give one, or use deep-shap"))
    let none = Tensor(shape: [0, 3, 11, 9])
    #expect(try message(DeepSHAP(), .shared(none)).contains("is empty"))
  }
}
