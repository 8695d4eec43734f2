import XAITensor

/// The parts of a PNG file that make the picture.
///
/// libpng would apply gamma, colour profiles and palette transparency; the networks' world (Pillow,
/// PyTorch) reads the numbers as they are. So only the critical chunks are handed to libpng, which
/// also keeps compressed text and profiles out of it. Checksums stay libpng's task.
struct PNGChunks {
  let width: Int
  let height: Int
  /// PNG's colour type: 0 gray, 2 RGB, 3 palette; 4 and 6 with alpha.
  let colorType: UInt8
  /// The bits of a pixel.
  let bits: Int
  /// How the camera was held.
  let orientation: EXIFOrientation
  /// The signature and the chunks IHDR, PLTE, IDAT and IEND.
  let pictureOnly: [UInt8]

  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  init(_ bytes: [UInt8], name: String) throws(ImageFailure) {
    guard bytes.starts(with: Self.signature) else {
      throw ImageFailure(.badData, "'\(name)': expected a PNG file, but its signature is missing")
    }
    func number(at offset: Int) -> Int {
      bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    // Signature (8), length (4), "IHDR" (4), width, height, depth, colour type, 3 more, checksum.
    guard bytes.count >= 33, number(at: 8) == 13, bytes[12..<16].elementsEqual("IHDR".utf8) else {
      throw ImageFailure(.badData, "'\(name)': the PNG file has no whole header; replace it")
    }
    width = number(at: 16)
    height = number(at: 20)
    colorType = bytes[25]
    let channels = [2: 3, 4: 2, 6: 4]
    bits = max(1, Int(bytes[24])) * (channels[Int(colorType)] ?? 1)

    var kept = Self.signature
    kept.reserveCapacity(bytes.count)
    var found: EXIFOrientation?
    var position = 8
    while position + 12 <= bytes.count {
      let end = position + 12 + number(at: position)
      guard end <= bytes.count else { break }
      let type = bytes[position + 4..<position + 8]
      // A lower-case first letter marks a chunk without which the picture can be drawn.
      if bytes[position + 4] & 0x20 == 0 { kept += bytes[position..<end] }
      if type.elementsEqual("eXIf".utf8) {
        found = bytes[position + 8..<end - 4].withUnsafeBufferPointer { EXIFOrientation(exif: $0) }
      }
      position = end
      if type.elementsEqual("IEND".utf8) {
        pictureOnly = kept
        orientation = found ?? .upright
        return
      }
    }
    throw ImageFailure(
      .badData,
      "'\(name)': the PNG file ends early, after \(bytes.count) bytes without its end chunk;"
        + " fetch the file again")
  }
}
