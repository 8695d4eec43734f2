import Testing
import XAIAttribution
import XAIClassifiers
import XAIFiles
import XAIImages
import XAINetworks
import XAITensor
import XAITestSupport

@Suite struct ExplainSegmentTests {
  @Test(arguments: [[], ["--noise", "smooth-grad", "--noise-samples", "2"]])
  func `superpixels are those of the picture, whatever is subtracted from it`(
    noise: [String]
  ) throws {
    let fixture = try CommandFixture()
    var stream = RandomStream(seed: 5, purpose: "mean image")
    let mean = stream.normal(shape: [3, 16, 16], mean: 0.5, standardDeviation: 0.3)
    try fixture.writeCheckpoint { $0.mean = mean }
    let path = fixture.path("data/val/images/val_0.JPEG")
    let result = try runProgram(
      "xai-explain",
      [
        "attribute", "--checkpoint", fixture.path("model.safetensors"), "--image", path, "--target",
        "0", "--method", "lime", "--parameters",
        #"{"segmentation": {"segments": 6}, "samples": 60}"#, "--output", fixture.path("out"),
        "--quiet",
      ] + noise)
    #expect(result.status == 0, "\(result.standardError)")
    let map = try SafetensorsFile(
      path: fixture.path("out/val_0.JPEG/name_of_n03/maps.safetensors")
    ).tensor("lime").elements

    let pixels = ExplainedImage.pixels(
      try ExplainedImage.read([path], ImageFitting(height: 16, width: 16), tell: { _ in }))
    func areConstant(_ request: AttributionRequest) throws -> Bool {
      let labels = try Segmentation(segments: 6).segments(of: 0, in: request).labels
      let values = Dictionary(grouping: map.indices, by: { labels[$0] })
      #expect(values.count > 2)
      return values.values.allSatisfy { Set($0.map { map[$0] }).count == 1 }
    }
    let normalised = pixels.combined(with: mean.reshaped(to: [1, 3, 16, 16])) { ($0 - $1) / 0.2 }
    #expect(Set(map).count > 2)
    #expect(try areConstant(AttributionRequest(images: normalised, pixels: pixels, targets: [0])))
    #expect(try !areConstant(AttributionRequest(images: normalised, targets: [0])))
  }
}
