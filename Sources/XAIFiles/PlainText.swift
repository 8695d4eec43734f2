/// The text of a file that a person or another program wrote.
///
/// UTF-8 with or without a byte order mark, or UTF-16 with one; bytes that are no UTF-8 become U+FFFD.
package struct PlainText {
  /// The text, without a byte order mark.
  package let string: String

  /// Decodes bytes.
  /// - Parameter bytes: The whole file.
  package init(_ bytes: [UInt8]) {
    switch (bytes.first, bytes.dropFirst().first) {
    case (0xFF, 0xFE): string = Self.utf16(bytes, low: 0)
    case (0xFE, 0xFF): string = Self.utf16(bytes, low: 1)
    default:
      let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
      string = String(decoding: bytes[start...], as: UTF8.self)
    }
  }

  private static func utf16(_ bytes: [UInt8], low: Int) -> String {
    let units = stride(from: 2, to: bytes.count - 1, by: 2).map { start in
      UInt16(bytes[start + low]) | UInt16(bytes[start + 1 - low]) << 8
    }
    return String(decoding: units, as: UTF16.self)
  }
}
