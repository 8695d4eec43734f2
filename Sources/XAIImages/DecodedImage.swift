import Synchronization
import XAIFiles
import XAITensor

/// A picture from a file, and what was odd about the file.
public struct DecodedImage: Sendable {
  /// The picture, upright; fitted where that was asked for.
  public var image: RGBImage
  /// The number of rows of the picture in the file, as it is seen upright.
  public var storedHeight: Int
  /// The number of columns of the picture in the file, as it is seen upright.
  public var storedWidth: Int
  /// Faults of the file that lost no pixel, in the words of the library that read it.
  public var warnings: [String]

  /// Pictures of more bytes are decoded one at a time, however many threads there are.
  private static let large = 100_000_000
  private static let largeOnes = Mutex<Void>(())

  init(image: RGBImage, storedHeight: Int, storedWidth: Int, warnings: [String]) {
    self.image = image
    (self.storedHeight, self.storedWidth) = (storedHeight, storedWidth)
    self.warnings = warnings
  }

  /// Reads a JPEG or PNG file; the content decides which, not the name.
  /// - Parameters:
  ///   - path: The file.
  ///   - fitting: What the picture is made into; nil leaves it as it is.
  /// - Throws: `.missingInput` where it does not exist or may not be read, `.badData` where it is
  ///   empty, no image, damaged, truncated or claims absurd extents.
  public init(contentsOf path: String, fitting: ImageFitting? = nil) throws(ImageFailure) {
    let bytes: [UInt8]
    do { bytes = try WholeFile.read(path) } catch {
      throw ImageFailure(error.kind, error.description)
    }
    try self.init(bytes: bytes, name: path, fitting: fitting)
  }

  /// Decodes the bytes of a JPEG or PNG file; the content decides which.
  ///
  /// A JPEG file of more than 89 megapixels is decoded at half of its extents or less where the fitting
  /// needs no more; its pixels are then near those that the whole would give.
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - name: What to call it in messages, usually its path.
  ///   - fitting: What the picture is made into; nil leaves it as it is.
  /// - Throws: `.badData` where they are empty, no image, damaged or truncated, or the picture is too
  ///   large.
  public init(
    bytes: [UInt8], name: String, fitting: ImageFitting? = nil
  ) throws(ImageFailure) {
    guard PixelBudget.claimedBytes(bytes) > Self.large else {
      self = try Self.decode(bytes, name, fitting)
      return
    }
    self = try Self.largeOnes.withLock { _ throws(ImageFailure) in
      try Self.decode(bytes, name, fitting)
    }
  }

  /// The extents of the picture in a file, upright, from the header alone.
  /// - Parameter bytes: The whole file.
  /// - Returns: Rows and columns; nothing where the bytes are no JPEG or PNG file or claim no extents.
  package static func storedExtents(_ bytes: [UInt8]) -> (height: Int, width: Int)? {
    let orientation: EXIFOrientation
    if bytes.starts(with: PNGChunks.signature) {
      orientation = (try? PNGChunks(bytes, name: ""))?.orientation ?? .upright
    } else if bytes.starts(with: [0xFF, 0xD8]) {
      orientation = bytes.withUnsafeBufferPointer { EXIFOrientation(jpeg: $0) }
    } else {
      return nil
    }
    guard let claim = PixelBudget.claimedExtents(bytes), claim.height > 0, claim.width > 0 else {
      return nil
    }
    guard orientation.swapsAxes else { return claim }
    return (height: claim.width, width: claim.height)
  }

  private static func decode(
    _ bytes: [UInt8], _ name: String, _ fitting: ImageFitting?
  ) throws(ImageFailure) -> DecodedImage {
    guard !bytes.isEmpty else { throw .empty(name) }
    var decoded: DecodedImage
    if bytes.starts(with: [0xFF, 0xD8]) {
      decoded = try JPEG.read(bytes, name: name, fitting: fitting)
    } else if bytes.starts(with: PNGChunks.signature.prefix(4)) {
      decoded = try PNG.read(bytes, name: name)
    } else {
      throw ImageFailure(
        .badData,
        "'\(name)': expected a JPEG or PNG file, but the first bytes are \(show(bytes));"
          + " replace the file")
    }
    if let fitting { decoded.image = decoded.image.fitted(fitting) }
    return decoded
  }

  private static func show(_ bytes: [UInt8]) -> String {
    let start = bytes.prefix(8)
    let hexadecimal = start.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }
      .joined(separator: " ")
    guard start.allSatisfy({ 0x20..<0x7F ~= $0 }) else { return hexadecimal }
    return "\(hexadecimal) (\"\(String(decoding: start, as: UTF8.self))\")"
  }
}
