#if canImport(Glibc)
  import Glibc
#endif
import XAITensor

/// A file that is open for reading at any position.
///
/// The descriptor stays on the same content when another process renames a new file over the path.
/// Reads carry their own position, so several threads may read at once.
package final class InputFile: Sendable {
  /// The path that was opened.
  package let path: String
  /// The size in bytes when the file was opened; 0 for the generated files of `/proc`.
  package let size: Int
  private let descriptor: Int32

  /// Opens a regular file.
  /// - Parameter path: The file.
  /// - Throws: `.missingInput` where it does not exist or may not be read.
  package init(path: String) throws(FileFailure) {
    // O_NONBLOCK: opening a named pipe must not wait for its writer.
    let descriptor = retrying { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
    guard descriptor >= 0 else { throw .opening(path, errno) }
    var status = stat()
    let failed = fstat(descriptor, &status) != 0
    guard !failed, status.st_mode & S_IFMT == S_IFREG else {
      let code = errno
      close(descriptor)
      if failed { throw .reading(path, code) }
      if status.st_mode & S_IFMT == S_IFDIR { throw .folder(path) }
      throw FileFailure(.missingInput, "cannot read '\(path)': it is no regular file")
    }
    self.path = path
    self.descriptor = descriptor
    size = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Fills a buffer.
  /// - Parameters:
  ///   - buffer: Where the bytes go.
  ///   - offset: The position of the first byte.
  /// - Throws: `.badData` where the file ends early, `.inputOutput` where reading fails.
  package func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(FileFailure) {
    let count = try readAvailable(into: buffer, at: offset)
    guard count == buffer.count else {
      throw FileFailure(
        .badData,
        "'\(path)' ends at byte \(offset + count), expected at least \(offset + buffer.count);"
          + " it was cut while it was read")
    }
  }

  /// Fills a buffer, or as much of it as the file holds.
  /// - Parameters:
  ///   - buffer: Where the bytes go.
  ///   - offset: The position of the first byte.
  /// - Returns: The number of bytes, less than the buffer's only at the end of the file.
  /// - Throws: `.inputOutput` where reading fails.
  package func readAvailable(
    into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(FileFailure) -> Int {
    var filled = 0
    while filled < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let count = retrying { pread(descriptor, rest.baseAddress, rest.count, offset + filled) }
      if count < 0 { throw .reading(path, errno) }
      if count == 0 { break }
      filled += count
    }
    return filled
  }

  /// Reads a part of the file.
  /// - Parameter range: Positions of the bytes.
  /// - Returns: The bytes.
  /// - Throws: `.badData` where the file ends early, `.inputOutput` where reading fails.
  package func bytes(in range: Range<Int>) throws(FileFailure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: range.count)
    try bytes.withUnsafeMutableBufferPointer { (buffer) throws(FileFailure) in
      try read(into: UnsafeMutableRawBufferPointer(buffer), at: range.lowerBound)
    }
    return bytes
  }
}

/// Repeats a system call that a signal interrupted.
func retrying<Status: SignedInteger>(_ call: () -> Status) -> Status {
  while true {
    let status = call()
    if status != -1 || errno != EINTR { return status }
  }
}
