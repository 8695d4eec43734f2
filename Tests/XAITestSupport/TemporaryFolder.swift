#if canImport(Glibc)
  import Glibc
#endif
import XAIFiles

/// A folder for one test; it vanishes with this object.
public final class TemporaryFolder: Sendable {
  /// The folder's path.
  public let path: String

  /// Creates an empty folder.
  /// - Throws: A `FileFailure` where it cannot be created.
  public init() throws {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    let number = String(UInt64.random(in: 0 ... .max), radix: 16)
    path = "\(parent)/swift-xai-test-\(getpid())-\(number)"
    try Folder.create(path)
  }

  /// The path of something in the folder.
  /// - Parameter name: Its name.
  /// - Returns: The path.
  public func file(_ name: String) -> String { path + "/" + name }

  deinit { Self.remove(path) }

  private static func remove(_ path: String) {
    if isFolder(path) {
      chmod(path, 0o700)
      for name in (try? Folder.entries(of: path)) ?? [] { remove(path + "/" + name) }
      rmdir(path)
    } else {
      unlink(path)
    }
  }

  /// Whether this is a folder itself: links are removed, never what they lead to.
  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
