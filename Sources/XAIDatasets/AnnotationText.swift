import XAIFiles
import XAITensor

/// The content of a text file as UTF-8, whatever editor wrote it.
enum AnnotationText {
  /// No list of a data set is longer.
  private static let longest = 1 << 28

  /// Reads a file.
  /// - Parameter path: The file.
  /// - Returns: Its bytes, without a byte order mark; UTF-16 becomes UTF-8.
  /// - Throws: `DatasetFailure` where it cannot be read.
  static func read(_ path: String) throws(DatasetFailure) -> [UInt8] {
    do {
      return decoded(try WholeFile.read(path, limit: longest))
    } catch {
      throw DatasetFailure(error.kind, error.description)
    }
  }

  /// Text as UTF-8, by the byte order mark it begins with; without one it is taken as it is.
  private static func decoded(_ bytes: [UInt8]) -> [UInt8] {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return Array(bytes.dropFirst(3)) }
    let isLittle = bytes.starts(with: [0xFF, 0xFE])
    guard isLittle || bytes.starts(with: [0xFE, 0xFF]) else { return bytes }
    let units = stride(from: 2, to: bytes.count - 1, by: 2).map { index -> UInt16 in
      let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
      return isLittle ? second << 8 | first : first << 8 | second
    }
    return Array(String(decoding: units, as: UTF16.self).utf8)
  }
}
