import Glibc

/// An open file that is read and written at given offsets, by several threads at once.
package final class OpenFile: Sendable {
  private let descriptor: Int32

  /// Opens a file.
  /// - Parameters:
  ///   - path: The file.
  ///   - flags: The flags of `open(2)`.
  /// - Throws: `SystemError` with the reason of the operating system.
  package convenience init(_ path: String, flags: Int32) throws(SystemError) {
    try self.init(RawName(path), flags: flags)
  }

  /// Opens a file.
  /// - Parameters:
  ///   - path: The file.
  ///   - flags: The flags of `open(2)`.
  /// - Throws: `SystemError` with the reason of the operating system.
  package init(_ path: RawName, flags: Int32) throws(SystemError) {
    let opened = path.withCString { open($0, flags | O_CLOEXEC, 0o644) }
    guard opened >= 0 else { throw SystemError() }
    descriptor = opened
  }

  deinit { close(descriptor) }

  /// The length of the file in bytes.
  package var length: Int {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Waits until no other open file holds the lock, and takes it until this one is closed.
  /// - Throws: `SystemError` where the file system knows no locks.
  package func lock() throws(SystemError) {
    while flock(descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else { throw SystemError() }
    }
  }

  /// Sets disk space aside, so that a full disk shows before the work rather than after it.
  /// - Parameter count: The length that the file is going to have.
  /// - Throws: `SystemError` if there is no room; other reasons wait for the first write.
  package func reserve(_ count: Int) throws(SystemError) {
    let status = posix_fallocate(descriptor, 0, count)
    if [ENOSPC, EDQUOT, EFBIG].contains(status) { throw SystemError(status) }
  }

  /// Fills a buffer from the file.
  /// - Parameters:
  ///   - buffer: Receives the bytes.
  ///   - offset: Where the first byte lies in the file.
  /// - Returns: Whether the file was long enough and readable.
  package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Bool {
    var done = 0
    while done < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let count = pread(descriptor, rest.baseAddress, rest.count, offset + done)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      done += count
    }
    return true
  }

  /// Writes all bytes of a buffer.
  /// - Parameters:
  ///   - buffer: The bytes.
  ///   - offset: Where the first byte goes in the file.
  /// - Throws: `SystemError` with the reason of the operating system.
  package func write(_ buffer: UnsafeRawBufferPointer, at offset: Int) throws(SystemError) {
    var done = 0
    while done < buffer.count {
      let rest = UnsafeRawBufferPointer(rebasing: buffer[done...])
      let count = pwrite(descriptor, rest.baseAddress, rest.count, offset + done)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw SystemError() }
      done += count
    }
  }
}

/// What a system call answered.
package struct SystemError: Error, CustomStringConvertible {
  /// The value of `errno`.
  package let code: Int32

  /// Keeps a code.
  /// - Parameter code: The value; that of the last system call unless given.
  package init(_ code: Int32 = errno) { self.code = code }

  /// The system's words for it.
  package var description: String { String(cString: strerror(code)) }
}
