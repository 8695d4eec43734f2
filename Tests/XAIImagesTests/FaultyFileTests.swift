import Testing
import XAIImages

/// Files that are faulty and hold every pixel all the same.
@Suite struct FaultyFileTests {
  static let files = ["rgb_420.jpg", "rgb_444.jpg", "progressive.jpg", "gray.jpg", "cmyk.jpg"]

  private func expectRead(_ bytes: [UInt8], _ name: String, words: String) throws {
    let clean = try DecodedImage(bytes: Fixture.bytes(name), name: name)
    #expect(clean.warnings.isEmpty)
    let read = try DecodedImage(bytes: bytes, name: name)
    #expect(read.image == clean.image)
    #expect(read.warnings.count == 1 && read.warnings[0].contains(words), "\(read.warnings)")
  }

  /// Where a segment with a length begins, as 0xFF and its marker.
  private func marker(_ marker: UInt8, in bytes: [UInt8]) throws -> Int {
    try #require(bytes.indices.dropLast().first { bytes[$0] == 0xFF && bytes[$0 + 1] == marker })
  }

  @Test(arguments: files)
  func `stray bytes before any segment are told and change no pixel`(_ name: String) throws {
    let bytes = try Fixture.bytes(name)
    for (segment, stray) in [
      (0xDB, [0xFF, 0]), (0xC4, [0xFF, 0]), (0xDB, [1, 2, 3]), (0xDA, [0, 0, 0, 0]),
    ] as [(UInt8, [UInt8])] {
      var faulty = bytes
      faulty.insert(contentsOf: stray, at: try marker(segment, in: bytes))
      try expectRead(faulty, name, words: "extraneous bytes before marker")
    }
  }

  @Test func `the file that users brought is read`() throws {
    let file = try DecodedImage(contentsOf: Fixture.path("ff00_header.jpg"))
    let expected = try Fixture.image("ff00_header.jpg", in: "upright.safetensors")
    #expect(try #require(largestDifference(file.image, expected)) <= 1)
    #expect(file.warnings == ["Corrupt JPEG data: 2 extraneous bytes before marker 0xc0"])
  }

  @Test(arguments: files)
  func `a missing or zeroed end marker is told where every pixel is there`(_ name: String) throws {
    let bytes = try Fixture.bytes(name)
    #expect(bytes.suffix(2) == [0xFF, 0xD9])
    try expectRead(Array(bytes.dropLast(2)), name, words: "Premature end")
    try expectRead(Array(bytes.dropLast(1)), name, words: "Premature end")
    try expectRead(bytes.dropLast(2) + [0, 0], name, words: "Premature end")
  }

  @Test func `a progressive file that lacks a scan is cut, though no scan is`() throws {
    let bytes = try Fixture.bytes("progressive.jpg")
    let scans = bytes.indices.dropLast().filter { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xDA }
    #expect(scans.count > 2)
    for scan in scans.dropFirst() {
      // Tables between scans belong to the next one.
      let tables = bytes[..<scan].indices.dropLast().last {
        bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC4
      }
      let failure = #expect(throws: ImageFailure.self) {
        try DecodedImage(bytes: Array(bytes[..<min(scan, tables ?? scan)]), name: "cut.jpg")
      }
      #expect(failure?.description.contains("the JPEG file ends early") == true)
    }
  }

  @Test func `an orientation after stray bytes is found`() throws {
    let bytes = try Fixture.bytes("exif_rotated.jpg")
    var faulty = bytes
    faulty.insert(contentsOf: [0xFF, 0], at: try marker(0xE1, in: bytes))
    try expectRead(faulty, "exif_rotated.jpg", words: "extraneous")
  }
}
