import Testing
import XAIAttribution
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport

@Suite struct ContrastTests {
  @Test func `a contrast of two classes is the difference of their maps, where maps are linear`()
    throws
  {
    let fixture = try FixtureNetwork("A")
    let contrast = try fixture.explained.contrasting(2, with: 5)
    func maps(_ method: any AttributionMethod, _ target: Int, on network: ExplainedNetwork) throws
      -> Tensor
    {
      let request = AttributionRequest(
        images: fixture.images,
        targets: Array(repeating: target, count: fixture.images.rows),
        baselines: .one(Tensor(shape: fixture.images.shape)))
      return try method.attribute(
        request, on: network, in: AttributionContext(algorithm: .direct)
      ).maps
    }
    let methods: [any AttributionMethod] = [
      InputGradient(), InputXGradient(), ClassActivationMap(.gradCAM),
      IntegratedGradients(steps: 7), AblationCAM(), Occlusion(),
    ]
    for method in methods {
      let difference = try maps(method, 2, on: fixture.explained)
        .combined(with: try maps(method, 5, on: fixture.explained), -)
      let found = try maps(method, 2, on: contrast)
      let deviation = largestDeviation(found, difference)
      #expect(deviation.relative < 1e-4, "\(type(of: method))")
    }
    // The network itself is as it was.
    #expect(fixture.explained.parameters == fixture.parameters)
  }

  @Test func `only two different classes of the network are compared`() throws {
    let fixture = try FixtureNetwork("B")
    for (target, rival) in [(1, 1), (0, 5), (-1, 2)] {
      #expect(throws: AttributionFailure.self) {
        try fixture.explained.contrasting(target, with: rival)
      }
    }
  }
}
