import Testing
import XAIAttribution
import XAIFiles
import XAITensor
import XAITestSupport

/// What methods say about a request before they serve it.
@Suite struct PreparedMethodTests {
  private func samples(_ method: any AttributionMethod, _ request: AttributionRequest) throws
    -> JSONValue?
  {
    let network = try FixtureNetwork("A").explained.network
    return try MethodParameters(of: method.prepared(for: request, on: network)).values["samples"]
  }

  @Test func `noisy copies are as many as the request has noise`() throws {
    var request = try FixtureNetwork("A").request()
    let tunnel = NoiseTunnel(InputGradient(), samples: 5)
    #expect(try samples(tunnel, request) == .integer(5))
    request.noise = Tensor(shape: [2] + request.images.shape)
    #expect(try samples(tunnel, request) == .integer(2))
  }

  @Test func `what no method could serve is refused before the work`() throws {
    let request = try FixtureNetwork("A").request()
    let network = try FixtureNetwork("A").explained.network
    let methods: [any AttributionMethod] = [
      ClassActivationMap(.gradCAM, layer: "none"),
      ClassActivationMap(.gradCAM, upsampling: .none, guided: true),
      Occlusion(window: PixelExtent(17, 4)), Occlusion(stride: PixelExtent(9, 1)),
      LIME(samples: 0), LIME(width: 0), KernelSHAP(samples: 0), RISE(probability: 0),
      KernelSHAP(segmentation: Segmentation(.grid, grid: PixelExtent(17, 1))),
      ShapleyValues(segmentation: Segmentation(.grid, grid: PixelExtent(4, 4))),
      DASP(window: 0), RectGrad(q: 101), IntegratedGradients(),
      NoiseTunnel(InputGradient(), samples: 0), NoiseTunnel(RectGrad(q: -1)),
    ]
    for method in methods {
      let failure = #expect(throws: AttributionFailure.self) {
        try method.prepared(for: request, on: network)
      }
      #expect(failure?.kind == .usage, "\(method)")
    }
  }

  @Test func `every method of the catalog serves a request with what it needs`() throws {
    let network = try FixtureNetwork("A").explained.network
    let request = try FixtureNetwork("A").request(baseline: "blurred")
    for entry in MethodCatalog.entries {
      let prepared = try entry.method.prepared(for: request, on: network)
      #expect(
        try MethodParameters(of: prepared) == MethodParameters(of: entry.method),
        "\(entry.identifier)")
      #expect(prepared.cost(of: request, on: network).walks > 0 || entry.group == .control)
    }
  }

  @Test func `a baseline is of use where the fill shows it`() {
    let needs = [AbsentFill.mean, .zero, .baseline, .baselineOrZero].map {
      (fill: AbsentFill) -> [BaselineNeed] in
      let method = KernelSHAP(fill: fill)
      return [method.baselineNeed, method.usefulBaseline]
    }
    #expect(needs == [[.none, .none], [.none, .none], [.one, .one], [.none, .one]])
    #expect(NoiseTunnel(Occlusion(fill: .zero)).usefulBaseline == .none)
    #expect(NoiseTunnel(Occlusion()).usefulBaseline == .one)
  }
}
