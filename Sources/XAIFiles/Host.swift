#if canImport(Glibc)
  import Glibc
#endif

/// The machine that this process runs on, as others on a shared file system know it.
enum Host {
  /// Its name, without characters that a line of words could not hold.
  static let name: String = {
    var bytes = [CChar](repeating: 0, count: 256)
    guard gethostname(&bytes, bytes.count - 1) == 0 else { return "unknown" }
    let letters = bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      .filter { 0x21...0x7E ~= $0 }
    return letters.isEmpty ? "unknown" : String(decoding: letters, as: UTF8.self)
  }()

  /// Eight hexadecimal digits that stand for the name in names of files.
  static let mark = String(SHA256.of(Array(name.utf8)).prefix(8))

  /// Whether a process of this machine is alive.
  /// - Parameter process: Its number.
  /// - Returns: Whether there is such a process, of whomever.
  static func isAlive(_ process: pid_t) -> Bool { kill(process, 0) == 0 || errno == EPERM }
}
