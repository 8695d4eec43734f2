import XAITensor

/// Reads small files at once.
public enum WholeFile {
  /// The largest file that is read when no limit is named: 256 MiB.
  public static let defaultLimit = 1 << 28

  /// Reads a file.
  /// - Parameters:
  ///   - path: The file.
  ///   - limit: The largest acceptable size in bytes.
  /// - Returns: Its bytes.
  /// - Throws: `.missingInput` where it does not exist, `.badData` where it is too large,
  ///   `.inputOutput` where reading fails.
  public static func read(
    _ path: String, limit: Int = defaultLimit
  ) throws(FileFailure) -> [UInt8] {
    let file = try InputFile(path: path)
    guard file.size <= limit else { throw tooLarge(path, limit) }
    // The size is a hint: files of /proc say 0, and a log may grow while it is read.
    var bytes = [UInt8](repeating: 0, count: max(file.size + 1, 4096))
    var filled = 0
    while true {
      let offset = filled
      filled += try bytes.withUnsafeMutableBufferPointer { (buffer) throws(FileFailure) in
        let rest = UnsafeMutableRawBufferPointer(
          UnsafeMutableBufferPointer(rebasing: buffer[offset...]))
        return try file.readAvailable(into: rest, at: offset)
      }
      guard filled <= limit else { throw tooLarge(path, limit) }
      if filled < bytes.count { break }
      bytes.append(contentsOf: repeatElement(0, count: bytes.count))
    }
    bytes.removeLast(bytes.count - filled)
    return bytes
  }

  /// Reads a text file.
  /// - Parameters:
  ///   - path: The file.
  ///   - limit: The largest acceptable size in bytes.
  /// - Returns: Its text, decoded as UTF-8.
  /// - Throws: As ``read(_:limit:)``, and `.badData` where the bytes are not UTF-8.
  public static func readText(
    _ path: String, limit: Int = defaultLimit
  ) throws(FileFailure) -> String {
    guard let text = String(validating: try read(path, limit: limit), as: UTF8.self) else {
      throw FileFailure(.badData, "'\(path)' is no text: expected UTF-8; check which file it is")
    }
    return text
  }

  private static func tooLarge(_ path: String, _ limit: Int) -> FileFailure {
    FileFailure(
      .badData, "'\(path)' is larger than \(limit) bytes, the most expected of it; check the file")
  }
}
