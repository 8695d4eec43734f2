import FoundationEssentials
import Testing
import XAIAttribution
import XAITensor
import XAITestSupport

/// The perturbation fixtures of one network, with every random choice given.
struct PerturbationFixture {
  let network: FixtureNetwork
  let reference: ReferenceFile
  let request: AttributionRequest
  private let path: String

  init(_ name: String) throws {
    network = try FixtureNetwork(name)
    reference = try ReferenceFile("network\(name)/perturbation")
    request = try network.request()
    path = Fixture.path("network\(name)/perturbation.safetensors")
  }

  func tensor(_ name: String) throws -> TensorReference { try TensorReference("\(path):\(name)") }

  /// The segments of a fixture.
  func segmentation(_ name: String = "segments") throws -> Segmentation {
    Segmentation(.map, map: try tensor(name))
  }

  /// The game of one image, absent segments at 0.
  func game(
    _ image: Int, _ name: String = "segments", fill: AbsentFill = .zero,
    score: TargetScore = .logit
  ) throws -> SegmentGame {
    try SegmentGame(
      image: image, of: request, segmentation: segmentation(name), fill: fill, score: score)
  }

  /// Values of coalitions on this network.
  func values(_ game: SegmentGame, _ coalitions: [Coalition]) throws -> [Double] {
    try game.values(
      of: coalitions, on: network.explained.merged(), in: AttributionContext())
  }

  /// One row for each image.
  func rows(_ make: (Int) throws -> [Double]) throws -> ReferenceArray {
    let rows = try (0..<request.count).map(make)
    return ReferenceArray([rows.count, rows[0].count], rows.flatMap(\.self))
  }

  /// Holds a map of segments against one number for each segment.
  func expect(
    _ maps: Tensor, agreesWith name: String, segments: String = "segments",
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let labels = try tensor(segments).integers().values
    let count = (labels.max() ?? 0) + 1
    let values = try rows { image in
      let map = maps.row(image).elements
      #expect(map.count == labels.count, sourceLocation: sourceLocation)
      var values = Array(repeating: Double.nan, count: count)
      for (label, value) in zip(labels, map) {
        #expect(
          values[label].isNaN || values[label] == Double(value), sourceLocation: sourceLocation)
        values[label] = Double(value)
      }
      return values
    }
    try reference.expect(values, agreesWith: name, sourceLocation: sourceLocation)
  }
}
