import Testing
import XAIAttribution
import XAIKernels
import XAINetworks
import XAITensor

@Suite struct RecordingTests {
  @Test(arguments: ["A", "B", "N", "F"], [false, true])
  func `gates are rectifiers, poolings and the logits, and the bytes count them`(
    _ name: String, _ trained: Bool
  ) throws {
    let fixture = try FixtureNetwork(name)
    let form = trained ? fixture.explained.trained : fixture.explained.merged()
    #expect(form.nodes.contains { $0.operation == .batchNorm } == trained)
    let recording = try form.record(
      try form.backend.upload(fixture.images), keeping: .gates, algorithm: .direct)
    var kept = 0
    for (index, node) in form.nodes.enumerated() {
      switch node.operation {
      case .convolution, .dense, .batchNorm:
        let isLast = index == form.nodes.count - 1
        #expect((recording.output(of: index) != nil) == isLast, "\(node.name)")
      case .relu, .maxPool, .flatten, .globalAveragePool, .adaptiveAveragePool:
        #expect(recording.output(of: index) != nil, "\(node.name)")
        kept += node.outputShape.reduce(1, *)
      case .dropout: continue
      }
    }
    let difference =
      form.bytesPerImage(keeping: .gates) - form.bytesPerImage(keeping: .logits)
    #expect(difference == MemoryLayout<Float>.stride * kept)
  }

  @Test(arguments: ["A", "N"])
  func `rules that read the input of batch norm have it recorded`(_ name: String) throws {
    let fixture = try FixtureNetwork(name)
    for pooling in [LRPEpsilon.Pooling.gradient, .epsilon] {
      let method = LRPEpsilon(pooling: pooling, includesBias: false)
      let result = try fixture.attribution(of: method, fixture.request())
      #expect(result.laws.count == 3 && result.maps.elements.contains { $0 != 0 })
    }
  }

  @Test func `a node before batch norm is kept where it is asked for, or where a pass ends`() throws
  {
    let form = try FixtureNetwork("A").explained.trained
    let images = try form.backend.upload(try FixtureNetwork("A").images)
    let index = try #require(form.index(of: "conv2"))
    let named = try form.record(images, keeping: .gates, and: ["conv2"], algorithm: .direct)
    let ended = try form.record(
      images, keeping: .gates, nodes: 0..<index + 1, algorithm: .direct)
    let outputs = try [named, ended].map {
      form.backend.download(try #require($0.output(of: index)))
    }
    #expect(outputs[0] == outputs[1] && outputs[0].elements.contains { $0 < 0 })
  }
}
