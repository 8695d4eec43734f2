import Testing
import XAIImages
import XAITensor

@Suite("Bad image files")
struct RejectionTests {
  @Test(
    "each bad file is refused with one sentence that names it and says why",
    arguments: [
      ("truncated.jpg", "the JPEG file ends early"),
      ("empty.jpg", "but it is empty"),
      ("not_a_jpeg.jpg", "expected a JPEG or PNG file, but the first bytes are"),
      ("huge_header.jpg", "the header claims 65500 x 65500"),
      ("corrupted.png", "expected a whole PNG file, but found damage"),
    ])
  func refused(name: String, reason: String) throws {
    let path = Fixture.path(name)
    let failure = try #require(throws: ImageFailure.self) { try RGBImage(contentsOf: path) }
    #expect(failure.kind == .badData)
    #expect(failure.description.contains("'\(path)'"))
    #expect(failure.description.contains(reason))
    #expect(!failure.description.contains("\n"))
  }

  @Test("a missing file and a folder are missing input")
  func missing() throws {
    for name in ["no_such.jpg", ""] {
      let path = Fixture.path(name)
      let failure = try #require(throws: ImageFailure.self) { try RGBImage(contentsOf: path) }
      #expect(failure.kind == .missingInput)
      #expect(failure.description.contains(path))
    }
  }

  @Test("the first bytes of something else are shown")
  func firstBytes() throws {
    let failure = try #require(throws: ImageFailure.self) {
      try RGBImage(bytes: Array("<html><body>".utf8), name: "page.jpg")
    }
    #expect(
      failure.description
        == "'page.jpg': expected a JPEG or PNG file, but the first bytes are"
        + " 3C 68 74 6D 6C 3E 3C 62 (\"<html><b\"); replace the file")
  }

  @Test(
    "a file cut anywhere is refused",
    arguments: ["rgb_420.jpg", "progressive.jpg", "gray.jpg", "rgb.png", "palette.png"])
  func cut(name: String) throws {
    let bytes = try Fixture.bytes(name)
    // A JPEG file without its end marker holds every pixel.
    for count in 0..<bytes.count - (name.hasSuffix(".jpg") ? 2 : 0) {
      let failure = #expect(throws: ImageFailure.self) {
        try RGBImage(bytes: Array(bytes[..<count]), name: name)
      }
      #expect(failure?.kind == .badData)
    }
  }

  @Test("a PNG header that claims absurd extents is refused before memory is taken")
  func hugePNG() throws {
    var bytes = try Fixture.bytes("rgb.png")
    bytes.replaceSubrange(16..<24, with: [0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF])
    let failure = try #require(throws: ImageFailure.self) {
      try PNG.decode(bytes, name: "huge.png")
    }
    #expect(failure.description.contains("2147483647 x 2147483647"))
    bytes.replaceSubrange(16..<24, with: [0, 0, 0x20, 0, 0, 0, 0x20, 0])
    let smaller = try #require(throws: ImageFailure.self) {
      try PNG.decode(bytes, name: "huge.png")
    }
    #expect(smaller.description.contains("8192 x 8192 pixels, which the file's 2356 bytes"))
  }

  @Test("padding before and after the end marker is accepted, stray bytes elsewhere are not")
  func strayBytes() throws {
    let clean = try Fixture.bytes("rgb_420.jpg")
    var padded = clean
    padded.insert(contentsOf: [0, 0, 0], at: clean.count - 2)
    #expect(try JPEG.decode(padded, name: "padded") == JPEG.decode(clean, name: "clean"))
    #expect(try JPEG.decode(clean + [1, 2, 3], name: "longer") == JPEG.decode(clean, name: ""))

    var stray = try Fixture.bytes("restart.jpg")
    let restart = try #require(
      stray.indices.dropLast().first { stray[$0] == 0xFF && stray[$0 + 1] == 0xD0 })
    stray.insert(contentsOf: [UInt8](repeating: 0x5A, count: 64), at: restart)
    let failure = try #require(throws: ImageFailure.self) {
      try JPEG.decode(stray, name: "stray.jpg")
    }
    #expect(failure.description.contains("expected a whole JPEG file, but found damage"))
  }
}
