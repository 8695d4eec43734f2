import XAITensor

/// Decides from a header whether a picture is worth its memory, before any is allocated.
///
/// A file of a few hundred bytes may claim 65500 x 65500 pixels. Baseline and progressive JPEG
/// spend at least one bit on 64 pixels of a channel, which is at most 512 pixels a byte; deflate
/// cannot shrink 8-bit data more than 1032 times.
enum PixelBudget {
  /// No picture may have more: 300 MB decoded.
  static let maximum = 100_000_000
  /// So many are tried without asking the file's size.
  static let free = 4_000_000
  /// More pixels per byte than this cannot be real.
  static let perByte = 1024

  static func check(height: Int, width: Int, bytes: Int, name: String) throws(ImageFailure) {
    let (pixels, overflow) = height.multipliedReportingOverflow(by: width)
    guard height > 0, width > 0, !overflow, pixels <= maximum else {
      throw ImageFailure(
        .badData,
        "'\(name)': expected a picture of 1 to \(maximum) pixels, but the header claims"
          + " \(width) x \(height); replace the file or scale the picture down")
    }
    guard pixels <= max(free, bytes * perByte) else {
      throw ImageFailure(
        .badData,
        "'\(name)': the header claims \(width) x \(height) pixels, which the file's \(bytes) bytes"
          + " cannot hold; the file is damaged, replace it")
    }
  }
}
