import XAITensor

#if canImport(Glibc)
  import Glibc
#endif

/// A folder that this process alone works in, as long as the lock lives.
public final class FolderLock: Sendable {
  /// The file in the folder that is locked.
  static let name = ".lock"

  private let descriptor: Int32

  /// Makes a folder where there is none, and locks it.
  ///
  /// What a killed process was writing there is removed.
  /// - Parameters:
  ///   - path: The folder.
  ///   - work: What another process is doing there, for the message: `training into`.
  ///   - folders: Folders in it where a killed process may have been writing as well.
  /// - Throws: `.cannotCreate` where it cannot be made, written, or is in use.
  public init(_ path: String, work: String, alsoIn folders: [String] = []) throws(FileFailure) {
    try Folder.create(path)
    let file = "\(path)/\(Self.name)"
    let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw FileFailure(
        .cannotCreate,
        "\(path): no file can be made in this folder: \(String(cString: strerror(errno)))")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let owner = (try? WholeFile.read(file, limit: 64)).map { String(decoding: $0, as: UTF8.self) }
      close(descriptor)
      throw FileFailure(
        .cannotCreate,
        "\(path): process \(owner ?? "?") is \(work) this folder; wait for it or choose another "
          + "folder")
    }
    // Only now: an object that fails with all its properties set is deinitialised, and a second
    // `close` could hit what another thread has opened since.
    self.descriptor = descriptor
    // No other process is at work.
    for place in [path] + folders.map({ "\(path)/\($0)" }) {
      for name in (try? Folder.entries(of: place)) ?? []
      where name.hasPrefix(".") && name.hasSuffix(".part") {
        unlink("\(place)/\(name)")
      }
    }
    ftruncate(descriptor, 0)
    let owner = Array("\(getpid())".utf8)
    _ = owner.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
  }

  deinit { close(descriptor) }
}
