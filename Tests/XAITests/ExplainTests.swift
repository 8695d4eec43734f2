import Foundation
import Testing
import XAI
import XAITestSupport

@Suite struct ExplainTests {
  /// A checkpoint of a small network of pictures with random parameters, in a file.
  private func checkpoint(in folder: TemporaryFolder) throws -> String {
    let architecture = Architecture(
      input: [3, 16, 12], stacks: [[4], [6]], hidden: [8], classes: 3)
    let network = Network(architecture)
    let checkpoint = Checkpoint(
      network: network, parameters: .initial(for: network, seed: 1),
      mean: Tensor(shape: [3, 16, 12], repeating: 0.5),
      standardDeviation: Tensor(shape: [3], repeating: 0.25),
      classes: ["cat", "dog", "fox"].map { .init(id: $0, name: $0) })
    let path = "\(folder.path)/best.safetensors"
    try checkpoint.write(to: path)
    return path
  }

  private let picture = RGBImage(
    height: 20, width: 30, pixels: (0..<20 * 30 * 3).map { UInt8($0 * 7 % 251) })

  @Test func `a picture of any size becomes a heatmap in a file`() throws {
    let folder = try TemporaryFolder()
    let network = try ExplainedNetwork(checkpoint: try checkpoint(in: folder))
    let file = "\(folder.path)/picture.png"
    try picture.write(to: file)
    let image = try network.image(at: file)
    let map = try network.explain(image, by: .integratedGradients, target: .predicted)
    #expect(map.map.shape == [3, 16, 12] && map.target == map.prediction.predicted)
    let law = try #require(map.law)
    #expect(law.holds == true)
    #expect(try map.relevance.values.reduce(0, +).isFinite)
    try map.heatmap.write(to: "\(folder.path)/map.png", enlarged: 4)
    let written = try RGBImage(contentsOf: "\(folder.path)/map.png")
    #expect(written.height == 64 && written.width == 48)
    #expect(try network.explain(picture, by: .gradCAM).map.shape == [1, 16, 12])
  }

  @Test func `the same seed gives the same map, another one another`() throws {
    let folder = try TemporaryFolder()
    let network = try ExplainedNetwork(checkpoint: try checkpoint(in: folder))
    let method = GradientSHAP(samples: 3)
    let maps = try [1, 1, 2].map {
      try network.explain(picture, by: method, target: .index(1), seed: $0).map
    }
    #expect(maps[0] == maps[1] && maps[0] != maps[2])
  }

  @Test(arguments: [-1, 3, 999])
  func `a class that is none is an error`(target: Int) throws {
    let folder = try TemporaryFolder()
    let network = try ExplainedNetwork(checkpoint: try checkpoint(in: folder))
    #expect(throws: AttributionFailure.self) {
      try network.explain(picture, by: .saliency, target: .index(target))
    }
  }

  @Test func `another size, an unknown label and a network without file are errors`() throws {
    let folder = try TemporaryFolder()
    let network = try ExplainedNetwork(checkpoint: try checkpoint(in: folder))
    let image = ExplainedImage(name: "a", source: "b", picture: picture)
    #expect(throws: AttributionFailure.self) { try network.explain(image, by: .saliency) }
    #expect(throws: AttributionFailure.self) { try network.predict(image) }
    #expect(throws: ExperimentFailure.self) {
      try network.explain(picture, by: .saliency, target: .label)
    }
    let bare = ExplainedNetwork(
      network.network, parameters: network.parameters, backend: network.backend)
    #expect(throws: AttributionFailure.self) { try bare.explain(picture, by: .saliency) }
    #expect(throws: (any Error).self) { try ExplainedNetwork(checkpoint: "\(folder.path)/none") }
  }
}
