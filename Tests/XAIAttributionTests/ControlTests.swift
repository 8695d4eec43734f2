import Testing
import XAIAttribution
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport

@Suite struct ControlTests {
  private let explained: ExplainedNetwork

  init() throws {
    let network = Network(Architecture(input: [2, 3, 4], stacks: [], hidden: [], classes: 2))
    explained = ExplainedNetwork(
      network, parameters: .initial(for: network, seed: 0), backend: try CPUBackend())
  }

  private func maps(_ kind: Control.Kind, _ request: AttributionRequest) throws -> Tensor {
    try Control(kind).attribute(request, on: explained, in: AttributionContext()).maps
  }

  private func edges(of pixels: [Float], height: Int, width: Int) throws -> [Float] {
    let images = Tensor(shape: [1, pixels.count / height / width, height, width], pixels)
    let network = Network(
      Architecture(input: Array(images.shape.dropFirst()), stacks: [], hidden: [], classes: 1))
    let any = ExplainedNetwork(
      network, parameters: .initial(for: network, seed: 0), backend: explained.backend)
    return try Control(.edgeDetector).attribute(
      AttributionRequest(images: images, targets: [0]), on: any, in: AttributionContext()
    ).maps.elements
  }

  @Test func `a step has edges on both of its sides and nowhere else`() throws {
    let step: [Float] = [0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1]
    #expect(try edges(of: step, height: 3, width: 4) == [0, 4, 4, 0, 0, 4, 4, 0, 0, 4, 4, 0])
    let turned: [Float] = [0, 0, 0, 0, 0, 0, -1, -1, -1, -1, -1, -1]
    #expect(try edges(of: turned, height: 4, width: 3) == [0, 0, 0, 4, 4, 4, 4, 4, 4, 0, 0, 0])
  }

  @Test func `a corner has the slope of its diagonal`() throws {
    // By hand at the middle: across = 1 + 0 + 0 = 1, down = 1, so the square root of 2.
    let corner: [Float] = [0, 0, 0, 0, 0, 0, 0, 0, 1]
    let edges = try edges(of: corner, height: 3, width: 3)
    #expect(edges[4] == Float(2).squareRoot())
    #expect(edges[0] == 0)
  }

  @Test func `an even image has no edges, and channels add up`() throws {
    let even = try edges(of: Array(repeating: 7, count: 12), height: 3, width: 4)
    #expect(even.allSatisfy { $0 == 0 })
    let rows = try edges(of: [0, 1, 2, 0, 0, 0], height: 2, width: 3)
    let both = try edges(of: [0, 1, 2, 0, 0, 0, 0, 1, 2, 0, 0, 0], height: 2, width: 3)
    #expect(both == rows.map { 2 * $0 })
  }

  @Test func `noise is standard normal and depends on seed and key alone`() throws {
    let images = Tensor(shape: [40, 2, 3, 4])
    var request = AttributionRequest(images: images, targets: Array(repeating: 0, count: 40))
    let noise = try maps(.random, request)
    #expect(noise.shape == images.shape)
    let values = noise.elements.map(Double.init)
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    #expect(abs(mean) < 0.13 && abs(variance - 1) < 0.2)
    #expect(try maps(.random, request.part(7..<9)) == noise.rows(7..<9))
    request.seed = 1
    #expect(try maps(.random, request) != noise)
    request.seed = 0
    request.keys = [0] + Array(100..<139)
    #expect(try maps(.random, request).row(0) == noise.row(0))
    #expect(try maps(.random, request).row(1) != noise.row(1))
  }

  @Test func `ones are ones and the input is the image`() throws {
    let images = ReferenceArray.random([2, 2, 3, 4], "images").tensor
    let request = AttributionRequest(images: images, targets: [0, 1])
    #expect(try maps(.input, request) == images)
    #expect(try maps(.constant, request) == Tensor(shape: images.shape, repeating: 1))
  }

  @Test func `the catalog has all four under their names`() {
    for kind in Control.Kind.allCases {
      let method = MethodCatalog.entry(kind.rawValue)?.method as? Control
      #expect(method?.kind == kind)
      #expect(method?.isStochastic == (kind == .random))
    }
  }
}
