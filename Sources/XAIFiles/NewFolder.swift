#if canImport(Glibc)
  import Glibc
#endif
import XAITensor

/// A folder that appears as a whole or not at all.
///
/// Files are written into a hidden folder beside it, which takes the name when all is there. Whatever
/// ends the program before leaves nothing under the name; what a killed program left behind is removed by
/// the next one.
public final class NewFolder {
  /// Where it will be.
  public let path: String
  /// Where files are written until then.
  public let draft: String
  private let lock: FolderLock
  private var isFinished = false

  /// Begins a folder.
  /// - Parameters:
  ///   - path: Where it will be: nothing is there yet, or an empty folder.
  ///   - work: What another process is doing there, for the message: `writing results into`.
  /// - Throws: `.cannotCreate` where something is there, where it cannot be made, or while another
  ///   process is making it.
  public init(_ path: String, work: String) throws(FileFailure) {
    let path = Self.resolved(path)
    if path.isEmpty {
      throw FileFailure(.cannotCreate, "the name of the folder for the results is empty; name one")
    }
    try Self.requireFree(path)
    let slash = path.lastIndex(of: "/")
    let parent = slash.map { path[...$0] } ?? ""
    let name = slash.map { path[path.index(after: $0)...] } ?? path[...]
    self.path = path
    draft = "\(parent).\(name).part"
    try Self.requireOwn(draft)
    lock = try FolderLock(draft, work: work, called: path)
    // Another process may have finished it while this one waited for nothing but the lock.
    try Self.requireFree(path)
    try clear()
  }

  /// Empties the draft but for the lock, by which it is known as one.
  private func clear() throws(FileFailure) {
    for entry in try Folder.entries(of: draft) where entry != FolderLock.name {
      try Folder.remove("\(draft)/\(entry)")
    }
  }

  /// Gives the folder its name.
  /// - Throws: `.cannotCreate` where something has taken the name since; the files are removed then.
  public func finish() throws(FileFailure) {
    try lock.requireFolder()
    guard rename(draft, path) == 0 else {
      let code = errno
      try Self.requireFree(path)
      throw .writing(path, code)
    }
    isFinished = true
    // Not before: without the file another process could lock the draft and empty it.
    unlink("\(path)/\(FolderLock.name)")
    try Folder.synchronize(Folder.parent(of: path))
  }

  deinit {
    // Nobody can be told, and the next program tries again.
    guard !isFinished else { return }
    try? clear()
    try? Folder.remove(draft)
  }

  /// Refuses a folder that holds something.
  private static func requireFree(_ path: String) throws(FileFailure) {
    if Folder.exists(path) {
      guard try Folder.entries(of: path).isEmpty else {
        throw FileFailure(
          .cannotCreate, "'\(path)' is not empty; choose a new or empty folder for the results")
      }
    } else if access(path, F_OK) == 0 {
      throw FileFailure(.cannotCreate, "'\(path)' is a file; choose a new folder for the results")
    }
  }

  /// Refuses a draft that this toolkit has not made: what is in it would be removed.
  private static func requireOwn(_ draft: String) throws(FileFailure) {
    guard Folder.exists(draft) else { return }
    let entries = try Folder.entries(of: draft)
    guard entries.isEmpty || entries.contains(FolderLock.name) else {
      throw FileFailure(
        .cannotCreate,
        "'\(draft)' is where results are written before they are complete, and holds something else; "
          + "move it away or choose another folder for the results")
    }
  }

  /// The path without links and without a slash at its end.
  private static func resolved(_ path: String) -> String {
    if let pointer = realpath(path, nil) {
      defer { free(pointer) }
      return String(cString: pointer)
    }
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }
}
