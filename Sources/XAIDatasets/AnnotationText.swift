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
      throw DatasetFailure(error)
    }
  }

  /// Text as UTF-8, by the byte order mark it begins with.
  ///
  /// Without one the bytes stay as they are: names of files need not be UTF-8.
  private static func decoded(_ bytes: [UInt8]) -> [UInt8] {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      return Array(PlainText(bytes).string.utf8)
    }
    return bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
  }
}
