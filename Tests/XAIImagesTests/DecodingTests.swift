import Testing
import XAIImages

@Suite("Decoding")
struct DecodingTests {
  @Test(
    "JPEG files decode to the reference pixels",
    arguments: [
      ("rgb_420", 2), ("rgb_444", 2), ("gray", 2), ("progressive", 2), ("cmyk", 3),
      ("one_pixel", 2), ("odd_63x61", 2),
    ])
  func jpeg(name: String, tolerance: Int) throws {
    let decoded = try RGBImage(contentsOf: Fixture.path(name + ".jpg"))
    let expected = try Fixture.image(name + "_jpg", in: "expected.safetensors")
    let difference = try #require(largestDifference(decoded, expected))
    #expect(difference <= tolerance)
  }

  @Test(
    "rarer kinds of JPEG decode as in Pillow",
    arguments: ["restart", "rgb_components", "rgb_422_progressive", "ycck", "cmyk_without_adobe"])
  func rareJPEG(name: String) throws {
    let decoded = try RGBImage(contentsOf: Fixture.path(name + ".jpg"))
    let expected = try Fixture.image(name + "_jpg", in: "more.safetensors")
    let difference = try #require(largestDifference(decoded, expected))
    #expect(difference <= 2)
  }

  @Test(
    "PNG files decode to the stored values exactly",
    arguments: [
      ("rgb", "expected", 0), ("gray", "expected", 0), ("palette", "expected", 0),
      ("alpha", "expected", 0), ("rgb_16bit", "expected", 1), ("gamma", "more", 0),
      ("interlaced", "more", 0), ("one_bit", "more", 0), ("gray_alpha", "more", 0),
      ("gray_alpha_16bit", "more", 1), ("palette_transparent", "more", 0),
    ])
  func png(name: String, file: String, tolerance: Int) throws {
    let decoded = try RGBImage(contentsOf: Fixture.path(name + ".png"))
    let expected = try Fixture.image(name + "_png", in: file + ".safetensors")
    let difference = try #require(largestDifference(decoded, expected))
    #expect(difference <= tolerance)
  }

  @Test("an EXIF-rotated photograph comes out upright")
  func rotated() throws {
    let decoded = try RGBImage(contentsOf: Fixture.path("exif_rotated.jpg"))
    let expected = try Fixture.image("exif_rotated_jpg.upright", in: "expected.safetensors")
    let difference = try #require(largestDifference(decoded, expected))
    #expect(difference <= 2)
  }

  @Test("every EXIF orientation is applied as Pillow does", arguments: 1...8)
  func orientation(value: Int) throws {
    var bytes = try Fixture.bytes("exif_rotated.jpg")
    bytes[try orientationOffset(in: bytes)] = UInt8(value)
    let decoded = try JPEG.decode(bytes, name: "turned")
    let expected = try Fixture.image("orientation\(value)", in: "orientations.safetensors")
    // The reference keeps every fourth row and column.
    var sampled = expected
    try #require(decoded.height == 4 * expected.height && decoded.width == 4 * expected.width)
    for row in 0..<expected.height {
      for column in 0..<expected.width { sampled[row, column] = decoded[4 * row, 4 * column] }
    }
    let difference = try #require(largestDifference(sampled, expected))
    #expect(difference <= 2)
  }

  @Test("an impossible EXIF orientation leaves the picture as stored", arguments: [0, 9, 255])
  func badOrientation(value: Int) throws {
    var bytes = try Fixture.bytes("exif_rotated.jpg")
    bytes[try orientationOffset(in: bytes)] = UInt8(value)
    let decoded = try JPEG.decode(bytes, name: "turned")
    let expected = try Fixture.image("exif_rotated_jpg", in: "expected.safetensors")
    let difference = try #require(largestDifference(decoded, expected))
    #expect(difference <= 2)
  }

  @Test("several threads decode the same pixels")
  func concurrency() async throws {
    let names = ["rgb_420.jpg", "progressive.jpg", "cmyk.jpg", "exif_rotated.jpg", "alpha.png"]
    let files = try names.map { (name: $0, bytes: try Fixture.bytes($0)) }
    let expected = try files.map { try RGBImage(bytes: $0.bytes, name: $0.name) }
    try await withThrowingTaskGroup(of: Int.self) { group in
      for worker in 0..<8 {
        group.addTask {
          var equal = 0
          for round in 0..<50 {
            let index = (round + worker) % files.count
            let decoded = try RGBImage(bytes: files[index].bytes, name: files[index].name)
            if decoded == expected[index] { equal += 1 }
          }
          return equal
        }
      }
      for try await equal in group { #expect(equal == 50) }
    }
  }

  /// Where the fixture's EXIF block keeps the low byte of its only entry's value.
  private func orientationOffset(in bytes: [UInt8]) throws -> Int {
    let mark = Array("Exif".utf8)
    let start = try #require(
      bytes.indices.dropLast(40).first { bytes[$0..<$0 + 4].elementsEqual(mark) })
    let offset = start + 6 + 8 + 2 + 8 + 1
    try #require(1...8 ~= bytes[offset])
    return offset
  }
}
