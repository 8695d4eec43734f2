import XAITensor

/// Decides from a header whether a picture is worth its memory, before any is allocated.
///
/// A file of a few hundred bytes may claim 65500 x 65500 pixels. Baseline and progressive JPEG
/// spend at least one bit on 64 pixels of a channel, which is at most 512 pixels a byte; deflate
/// cannot shrink data more than 1032 times.
package enum PixelBudget {
  /// So many bytes the pixels of a picture may take while it is decoded and turned.
  ///
  /// That is 179 megapixels with alpha, the most that Pillow reads. No copy of all pixels is made beside
  /// them: alpha is dropped and pictures are turned in place.
  static let memory = 4 * 178_956_970
  private static let most = memory / 4
  /// So many bytes libjpeg may take beside the pixels, whatever a header claims.
  ///
  /// A progressive file needs its coefficients, 2 bytes for each sample: of the most pixels with four
  /// channels, and of the blocks that its borders are filled up to.
  static let coefficientMemory = 8 * most + (1 << 26)
  /// Pictures of more pixels are decoded in part where less is wanted; Pillow's pixels would need the whole.
  private static let comfortable = most / 2
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
    guard pixels <= most else { throw tooLarge(height, width, name) }
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
  /// - Returns: 1, or 2, 4 or 8 where the whole picture is large and such a part of it will do.
  /// - Throws: `.badData` where it claims what cannot be, or is too much.
  package static func denominator(
    height: Int, width: Int, bytes: Int, name: String, for fitting: ImageFitting?
  ) throws(ImageFailure) -> Int {
    let pixels = try claimed(height, width, name)
    guard pixels <= max(free, bytes * perByte) else {
      throw impossible(height, width, bytes, name)
    }
    guard pixels > comfortable else { return 1 }
    var smallest: Int? = pixels <= most ? 1 : nil
    if let wanted = fitting?.placement(ofHeight: height, width: width) {
      for denominator in [2, 4, 8] {
        let (rows, columns) = (height / denominator, width / denominator)
        guard wanted.height <= rows, wanted.width <= columns else { break }
        let part = (rows + 1) * (columns + 1)
        if part <= most { smallest = denominator }
        if part <= comfortable { break }
      }
    }
    guard let denominator = smallest else { throw tooLarge(height, width, name) }
    return denominator
  }

  /// What libjpeg may take for a file.
  /// - Parameters:
  ///   - height: The rows that its header claims.
  ///   - width: The columns that its header claims.
  /// - Returns: A number of bytes that any file of this size comes by with, but no more than is allowed.
  static func decoderMemory(height: Int, width: Int) -> Int {
    min((height + 64) * (width + 64) * 16 + (1 << 22), coefficientMemory)
  }

  /// What a picture would take in memory, by a first look at its header; 0 where there is none.
  static func claimedBytes(_ bytes: [UInt8]) -> Int {
    guard let claim = claimedExtents(bytes) else { return 0 }
    return claim.height.multipliedReportingOverflow(by: 3 * claim.width).partialValue
  }

  /// Rows and columns as they are stored, by a first look at the header; nothing where there is none.
  static func claimedExtents(_ bytes: [UInt8]) -> (height: Int, width: Int)? {
    func number(at offset: Int, _ length: Int) -> Int {
      bytes[offset..<offset + length].reduce(0) { $0 << 8 | Int($1) }
    }
    if bytes.starts(with: PNGChunks.signature) {
      guard bytes.count >= 24 else { return nil }
      return (height: number(at: 20, 4), width: number(at: 16, 4))
    }
    var position = 2
    // The frame header is SOF0 to SOF15, less the three markers of tables in this range.
    while let (marker, start) = JPEGMarkers.next(in: bytes, from: position),
      start + 7 <= bytes.count
    {
      if 0xC0...0xCF ~= marker, ![0xC4, 0xC8, 0xCC].contains(marker) {
        return (height: number(at: start + 3, 2), width: number(at: start + 5, 2))
      }
      guard marker != 0xDA else { return nil }
      position = start + max(2, number(at: start, 2))
    }
    return nil
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
      "'\(name)': expected a picture of 1 to \(most) pixels, but the header claims"
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
