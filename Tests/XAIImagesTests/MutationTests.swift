import Testing
import XAIImages
import XAITensor
import XAITestSupport

@Suite("Damaged image files")
struct MutationTests {
  static let jpegs = [
    "rgb_420.jpg", "rgb_444.jpg", "rgb_422_progressive.jpg", "progressive.jpg", "gray.jpg",
    "cmyk.jpg", "ycck.jpg", "exif_rotated.jpg", "restart.jpg", "odd_63x61.jpg", "one_pixel.jpg",
  ]
  static let pngs = [
    "rgb.png", "palette.png", "palette_transparent.png", "gray_alpha_16bit.png", "interlaced.png",
    "one_bit.png", "gray.png", "alpha.png", "rgb_16bit.png", "gamma.png",
  ]

  @Test("no damage makes the JPEG decoder crash, hang or fail in another way")
  func jpeg() throws { try run("jpeg", Self.jpegs, 15_000) }

  @Test("no damage makes the PNG decoder crash, hang or fail in another way")
  func png() throws { try run("png", Self.pngs, 10_000, mending: mendChecksums) }

  @Test("a decoder that has met damage decodes as before")
  func unharmed() throws {
    for name in ["rgb_420.jpg", "rgb.png"] {
      let original = try Fixture.bytes(name)
      let expected = try RGBImage(bytes: original, name: name)
      #expect(throws: ImageFailure.self) {
        try RGBImage(bytes: Array(original.dropLast(300)), name: name)
      }
      #expect(try RGBImage(bytes: original, name: name) == expected)
    }
  }

  private func run(
    _ name: String, _ files: [String], _ count: Int,
    mending: (([UInt8]) -> [UInt8])? = nil
  ) throws {
    var trial = MutationTrial(name, seeds: try files.map { try Fixture.bytes($0) })
    trial.mending = mending
    try trial.run(count) { bytes in
      let image = try RGBImage(bytes: bytes, name: name)
      #expect(image.pixels.count == image.height * image.width * 3)
    }
  }

  /// Writes the checksum of every chunk anew, so that libpng goes on to what it says.
  private func mendChecksums(_ png: [UInt8]) -> [UInt8] {
    var bytes = png
    var position = 8
    while position + 12 <= bytes.count {
      let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      let end = position + 8 + length
      guard end + 4 <= bytes.count else { break }
      let sum = Self.checksum(bytes[position + 4..<end])
      for index in 0..<4 { bytes[end + index] = UInt8(truncatingIfNeeded: sum >> (24 - 8 * index)) }
      position = end + 4
    }
    return bytes
  }

  /// CRC-32 as in the PNG specification, annex D.
  private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var sum = UInt32.max
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 0 ? sum >> 1 : (sum >> 1) ^ 0xEDB8_8320 }
    }
    return ~sum
  }
}
