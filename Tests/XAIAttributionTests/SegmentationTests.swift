import Testing
import XAIAttribution
import XAITensor
import XAITestSupport

@Suite("Segmentation")
struct SegmentationTests {
  private func request(_ pixels: Tensor) -> AttributionRequest {
    var request = AttributionRequest(
      images: Tensor(shape: pixels.shape), targets: Array(repeating: 0, count: pixels.rows))
    request.pixels = pixels
    return request
  }

  private func noise(_ height: Int, _ width: Int) -> Tensor {
    var stream = RandomStream(seed: 5, purpose: "test/pixels")
    return Tensor(
      shape: [1, 3, height, width],
      (0..<3 * height * width).map { index in
        // Smooth shades with some noise on them.
        0.5 + 0.1 * Float(index / 7 % 5 - 2) / 4 + Float(stream.uniform()) * 0.1
      })
  }

  /// How many pieces a segment has, by flood fill.
  private func pieces(_ map: SegmentMap, _ label: Int) -> Int {
    var open = Set(map.labels.indices.filter { map.labels[$0] == label })
    var count = 0
    while let first = open.first {
      count += 1
      var stack = [first]
      while let pixel = stack.popLast() {
        guard open.remove(pixel) != nil else { continue }
        if pixel % map.width > 0 { stack.append(pixel - 1) }
        if pixel % map.width < map.width - 1 { stack.append(pixel + 1) }
        stack += [pixel - map.width, pixel + map.width]
      }
    }
    return count
  }

  @Test(
    "SLIC labels every pixel, connects every segment, and makes about as many as asked",
    arguments: [(64, 64, 64), (48, 64, 30), (17, 23, 12), (5, 5, 1)])
  func slic(height: Int, width: Int, segments: Int) throws {
    let request = request(noise(height, width))
    let map = try Segmentation(segments: segments).segments(of: 0, in: request)
    #expect(map.labels.count == height * width)
    #expect(Set(map.labels) == Set(0..<map.count))
    for label in 0..<map.count { #expect(pieces(map, label) == 1) }
    #expect(Double(map.count) >= 0.5 * Double(segments))
    #expect(Double(map.count) <= 1.6 * Double(segments))
    #expect(try Segmentation(segments: segments).segments(of: 0, in: request) == map)
  }

  @Test("SLIC follows a strong edge that lies off its grid")
  func edge() throws {
    let (red, blue) = ([Float(1), 0, 0], [Float(0), 0, 1])
    let pixels = Tensor(
      shape: [1, 3, 32, 32],
      (0..<3 * 1024).map { index in (index % 32 < 13 ? red : blue)[index / 1024] })
    let map = try Segmentation(segments: 16).segments(of: 0, in: request(pixels))
    for label in 0..<map.count {
      let sides = Set(map.labels.indices.filter { map.labels[$0] == label }.map { $0 % 32 < 13 })
      #expect(sides.count == 1, "segment \(label) crosses the edge")
    }
    // A grid does not.
    let grid = try Segmentation(.grid, grid: PixelExtent(4, 4)).segments(of: 0, in: request(pixels))
    #expect(grid.labels[12] == grid.labels[13])
  }

  @Test("Small pieces join the piece before them")
  func connectivity() {
    let map = SegmentMap(
      connecting: [7, 7, 7, 3, 7, 9, 7, 3, 7, 7, 7, 3], height: 3, width: 4, smallest: 2)
    #expect(map.labels == [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1])
    #expect(map.count == 2)
  }

  @Test("A grid has rows and columns of equal size")
  func grid() throws {
    let map = try SegmentMap(grid: PixelExtent(2, 3), height: 3, width: 6)
    #expect(map.labels == [0, 0, 1, 1, 2, 2, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5])
    #expect(map.painted([1, 2, 3, 4, 5, 6])[0, 0, 2, 5] == 6)
  }

  @Test("Maps that do not fit are refused by their sentence")
  func errors() throws {
    func sentence(_ body: () throws -> Void) -> String {
      do { try body() } catch { return "\(error)" }
      return "nothing was thrown"
    }
    #expect(
      sentence { _ = try SegmentMap(labels: [0, 2, 0, 0], height: 2, width: 2) }
        == "segment 1 of the segment map has no pixel; number the segments 0 ..< 3 without a gap")
    #expect(
      sentence { _ = try SegmentMap(labels: [0, -1, 0, 0], height: 2, width: 2) }
        == "segment -1 of the segment map is outside of 0 ..< 4; number the segments from 0")
    #expect(
      sentence { _ = try SegmentMap(grid: PixelExtent(3, 1), height: 2, width: 2) }
        == "a grid of 3 x 1 does not fit into an image of 2 x 2 pixels")
    let fixture = try PerturbationFixture("A")
    let other = try FixtureNetwork("B").request()
    #expect(
      sentence { _ = try fixture.segmentation().segments(of: 0, in: other) }
        .hasSuffix("has the shape [16, 16], expected [24, 16] as the images"))
  }
}
