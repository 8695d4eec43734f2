import CFiles

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
  /// Nobody else writes there meanwhile.
  package let lock: FolderLock
  /// What is there now and will be replaced; nobody writes into it meanwhile.
  private let older: FolderLock?
  private var isFinished = false

  /// Begins a folder.
  /// - Parameters:
  ///   - path: Where it will be: nothing is there yet, or an empty folder.
  ///   - work: What another process is doing there, for the message: `writing results into`.
  ///   - isReplaceable: Whether a folder that is there may be replaced, because it is of this kind;
  ///     nil where none may.
  /// - Throws: `.cannotCreate` where something is there that may not be replaced, where it cannot be
  ///   made, or while another process is making it.
  public init(
    _ path: String, work: String, replacing isReplaceable: ((String) -> Bool)? = nil
  ) throws(FileFailure) {
    let path = Self.resolved(path)
    if path.isEmpty {
      throw FileFailure(.cannotCreate, "the name of the folder for the results is empty; name one")
    }
    _ = try Self.requireFree(path, isReplaceable)
    let slash = path.lastIndex(of: "/")
    let parent = slash.map { path[...$0] } ?? ""
    let name = slash.map { path[path.index(after: $0)...] } ?? path[...]
    self.path = path
    draft = "\(parent).\(name).part"
    try Self.requireOwn(draft)
    lock = try FolderLock(draft, work: work, called: path)
    // Another process may have finished it while this one waited for nothing but the lock.
    let isFree = try Self.requireFree(path, isReplaceable)
    older = isFree ? nil : try FolderLock(path, work: work)
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
    if let older { return try replace(older) }
    guard rename(draft, path) == 0 else {
      let code = errno
      _ = try Self.requireFree(path, nil)
      throw .writing(path, code)
    }
    isFinished = true
    // Not before: without the file another process could lock the draft and empty it.
    unlink("\(path)/\(FolderLock.name)")
    try Folder.synchronize(Folder.parent(of: path))
  }

  /// Exchanges the folder with the older one, in one step where the file system can.
  private func replace(_ older: FolderLock) throws(FileFailure) {
    try older.requireFolder()
    if xai_exchange(draft, path) != 0 {
      guard [EINVAL, ENOSYS, ENOTSUP].contains(errno) else { throw .writing(path, errno) }
      let aside = "\(draft).older"
      try Folder.remove(aside)
      guard rename(path, aside) == 0 else { throw .writing(path, errno) }
      guard rename(draft, path) == 0 else {
        let code = errno
        rename(aside, path)
        throw .writing(path, code)
      }
      rename(aside, draft)
    }
    isFinished = true
    unlink("\(path)/\(FolderLock.name)")
    try Folder.synchronize(Folder.parent(of: path))
    // Its lock goes last, by which the next program would know it as one to remove.
    try clear()
    try Folder.remove(draft)
  }

  deinit {
    // Nobody can be told, and the next program tries again.
    guard !isFinished else { return }
    try? clear()
    try? Folder.remove(draft)
  }

  /// Refuses a folder that holds something, unless it may be replaced.
  /// - Returns: False where it holds something.
  private static func requireFree(
    _ path: String, _ isReplaceable: ((String) -> Bool)?
  ) throws(FileFailure) -> Bool {
    if Folder.exists(path) {
      if try Folder.entries(of: path).isEmpty { return true }
      guard let isReplaceable else {
        throw FileFailure(
          .notEmpty, .cannotCreate, .init(path: path),
          "'\(path)' is not empty; choose a new or empty folder for the results, or replace this one"
        )
      }
      guard isReplaceable(path) else {
        throw FileFailure(
          .holdsOther, .cannotCreate, .init(path: path),
          "'\(path)' holds more than results, so it is not replaced; move it away or choose another "
            + "folder")
      }
      return false
    } else if access(path, F_OK) == 0 {
      throw FileFailure(.cannotCreate, "'\(path)' is a file; choose a new folder for the results")
    }
    return true
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
