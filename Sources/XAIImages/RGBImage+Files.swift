import XAIFiles
import XAITensor

extension RGBImage {
  /// Reads a JPEG or PNG file; the content decides which, not the name.
  /// - Parameter path: The file.
  /// - Throws: `.missingInput` where it does not exist or may not be read, `.badData` where it is
  ///   empty, no image, damaged, truncated or claims absurd extents.
  public init(contentsOf path: String) throws(ImageFailure) {
    try self.init(bytes: Self.readFile(path), name: path)
  }

  /// Decodes the bytes of a JPEG or PNG file; the content decides which.
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - name: What to call it in messages, usually its path.
  /// - Throws: `.badData` where they are empty, no image, damaged or truncated.
  public init(bytes: [UInt8], name: String) throws(ImageFailure) {
    guard !bytes.isEmpty else { throw .empty(name) }
    if bytes.starts(with: [0xFF, 0xD8]) {
      self = try JPEG.decode(bytes, name: name)
    } else if bytes.starts(with: PNGChunks.signature.prefix(4)) {
      self = try PNG.decode(bytes, name: name)
    } else {
      throw ImageFailure(
        .badData,
        "'\(name)': expected a JPEG or PNG file, but the first bytes are \(Self.show(bytes));"
          + " replace the file")
    }
  }

  private static func show(_ bytes: [UInt8]) -> String {
    let start = bytes.prefix(8)
    let hexadecimal = start.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }
      .joined(separator: " ")
    guard start.allSatisfy({ 0x20..<0x7F ~= $0 }) else { return hexadecimal }
    return "\(hexadecimal) (\"\(String(decoding: start, as: UTF8.self))\")"
  }

  private static func readFile(_ path: String) throws(ImageFailure) -> [UInt8] {
    do {
      return try WholeFile.read(path)
    } catch {
      throw ImageFailure(error.kind, error.description)
    }
  }
}
