import XAITensor

/// Decides from a header whether a picture is worth its memory, before any is allocated.
///
/// A file of a few hundred bytes may claim 65500 x 65500 pixels. Baseline and progressive JPEG
/// spend at least one bit on 64 pixels of a channel, which is at most 512 pixels a byte; deflate
/// cannot shrink data more than 1032 times.
package enum PixelBudget {
  /// So many bytes a decoded picture may take: 179 megapixels of three bytes, the most that Pillow reads.
  static let memory = 3 * 178_956_970
  /// So many pixels are tried without asking the file's size.
  private static let free = 4_000_000
  /// More pixels per byte than this cannot be real in a JPEG file.
  private static let perByte = 1024
  /// Deflate shrinks no more, in bits of the picture for a byte of the file.
  private static let bitsPerByte = 1032 * 8

  /// Checks a PNG file.
  /// - Parameters:
  ///   - height: The rows that its header claims.
  ///   - width: The columns that its header claims.
  ///   - bits: The bits of a pixel in the file.
  ///   - bytes: The length of the file.
  ///   - name: What to call it.
  /// - Throws: `.badData` where it claims what cannot be, or is too much.
  package static func check(
    height: Int, width: Int, bits: Int, bytes: Int, name: String
  ) throws(ImageFailure) {
    let pixels = try claimed(height, width, name)
    guard pixels <= memory / 3 else { throw tooLarge(height, width, name) }
    guard pixels <= max(free, bytes * bitsPerByte / bits) else {
      throw impossible(height, width, bytes, name)
    }
  }

  /// Checks a JPEG file.
  /// - Parameters:
  ///   - height: The rows that its header claims.
  ///   - width: The columns that its header claims.
  ///   - bytes: The length of the file.
  ///   - name: What to call it.
  ///   - fitting: What the picture is made into.
  /// - Returns: 1, or 2, 4 or 8 where the whole picture is too large and such a part of it will do.
  /// - Throws: `.badData` where it claims what cannot be, or is too much.
  package static func denominator(
    height: Int, width: Int, bytes: Int, name: String, for fitting: ImageFitting?
  ) throws(ImageFailure) -> Int {
    let pixels = try claimed(height, width, name)
    guard pixels <= max(free, bytes * perByte) else {
      throw impossible(height, width, bytes, name)
    }
    guard pixels > memory / 3 else { return 1 }
    let wanted = fitting?.placement(ofHeight: height, width: width)
    for denominator in [2, 4, 8] {
      let (rows, columns) = (height / denominator, width / denominator)
      guard let wanted, wanted.height <= rows, wanted.width <= columns else { break }
      if (rows + 1) * (columns + 1) <= memory / 3 { return denominator }
    }
    throw tooLarge(height, width, name)
  }

  /// What a picture would take in memory, by a first look at its header; 0 where there is none.
  static func claimedBytes(_ bytes: [UInt8]) -> Int {
    func number(at offset: Int, _ length: Int) -> Int {
      bytes[offset..<offset + length].reduce(0) { $0 << 8 | Int($1) }
    }
    if bytes.starts(with: PNGChunks.signature) {
      return bytes.count < 24
        ? 0 : number(at: 16, 4).multipliedReportingOverflow(by: 3 * number(at: 20, 4)).0
    }
    var position = 2
    // The frame header is SOF0 to SOF15, less the three markers of tables in this range.
    while let (marker, start) = JPEGMarkers.next(in: bytes, from: position),
      start + 7 <= bytes.count
    {
      if 0xC0...0xCF ~= marker, ![0xC4, 0xC8, 0xCC].contains(marker) {
        return 3 * number(at: start + 3, 2) * number(at: start + 5, 2)
      }
      guard marker != 0xDA else { return 0 }
      position = start + max(2, number(at: start, 2))
    }
    return 0
  }

  private static func claimed(_ height: Int, _ width: Int, _ name: String) throws(ImageFailure)
    -> Int
  {
    let (pixels, overflow) = height.multipliedReportingOverflow(by: width)
    guard height > 0, width > 0, !overflow else { throw tooLarge(height, width, name) }
    return pixels
  }

  private static func tooLarge(_ height: Int, _ width: Int, _ name: String) -> ImageFailure {
    ImageFailure(
      .badData,
      "'\(name)': expected a picture of 1 to \(memory / 3) pixels, but the header claims"
        + " \(width) x \(height); replace the file or scale the picture down")
  }

  private static func impossible(
    _ height: Int, _ width: Int, _ bytes: Int, _ name: String
  ) -> ImageFailure {
    ImageFailure(
      .badData,
      "'\(name)': the header claims \(width) x \(height) pixels, which the file's \(bytes) bytes"
        + " cannot hold; the file is damaged, replace it")
  }
}
