import XAITensor

#if canImport(Glibc)
  import Glibc
#endif

/// A folder that this process alone works in, as long as the lock lives.
public final class FolderLock: Sendable {
  /// The file in the folder that is locked.
  package static let name = ".lock"

  private let descriptor: Int32
  /// The folder itself, which is kept open so that no other gets its number.
  private let folder: Int32
  private let path: String
  private let shown: String

  /// Makes a folder where there is none, and locks it.
  ///
  /// What a killed process was writing there is removed.
  /// - Parameters:
  ///   - path: The folder.
  ///   - work: What another process is doing there, for the message: `training into`.
  ///   - folders: Folders in it where a killed process may have been writing as well.
  ///   - shown: What messages call the folder; default is its path.
  /// - Throws: `.cannotCreate` where it cannot be made, written, or is in use.
  public init(
    _ path: String, work: String, alsoIn folders: [String] = [], called shown: String? = nil
  ) throws(FileFailure) {
    descriptor = try Self.take(path, work: work, called: shown ?? path)
    folder = retrying { open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    (self.path, self.shown) = (path, shown ?? path)
    // At once: whoever is refused wants to know who was first.
    ftruncate(descriptor, 0)
    let owner = Array("\(Host.name) \(getpid())".utf8)
    _ = owner.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    // The clock of the file system: that of another machine may be wrong.
    var status = stat()
    let now = fstat(descriptor, &status) == 0 ? status.st_mtim.tv_sec : time(nil)
    for place in [path] + folders.map({ "\(path)/\($0)" }) {
      for name in (try? Folder.entries(of: place)) ?? []
      where AtomicFile.isAbandoned(name, in: place, now: now) {
        unlink("\(place)/\(name)")
      }
    }
  }

  deinit {
    // A process that was just forked holds the file until it becomes another program: closing here would leave it
    // locked for that moment.
    flock(descriptor, LOCK_UN)
    close(descriptor)
    if folder >= 0 { close(folder) }
  }

  /// Makes sure that the folder is still there, before what is in it is called complete.
  /// - Throws: `.cannotCreate` where it was removed or renamed meanwhile.
  public func requireFolder() throws(FileFailure) {
    guard folder < 0 || Self.leads(path, to: folder) else {
      throw FileFailure(
        .cannotCreate,
        "\(shown): this folder was removed or renamed while results were written into it; start again"
      )
    }
  }

  /// Opens the file and locks it.
  private static func take(
    _ path: String, work: String, called shown: String
  ) throws(FileFailure) -> Int32 {
    let file = "\(path)/\(name)"
    var code: Int32 = 0
    // Once is enough, unless the owner before has moved or removed the folder meanwhile.
    for _ in 0..<100 {
      try Folder.create(path)
      // A link would lead to a file of another purpose, whose content would be lost.
      let descriptor = open(file, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o644)
      code = errno
      if descriptor < 0 && code == ENOENT { continue }
      guard descriptor >= 0 else { break }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        code = errno
        close(descriptor)
        // Some network file systems know no locks.
        guard code == EWOULDBLOCK else {
          throw FileFailure(
            .cannotCreate,
            "\(shown): this folder cannot be locked: \(String(cString: strerror(code))); choose one "
              + "on another file system")
        }
        throw FileFailure(
          .cannotCreate,
          "\(shown): \(owner(of: file)) is \(work) this folder; wait for it or choose another "
            + "folder")
      }
      guard holdsOwner(descriptor) else {
        close(descriptor)
        throw FileFailure(
          .cannotCreate,
          "'\(file)' is no lock of this program; move it away or choose another folder")
      }
      if leads(file, to: descriptor) { return descriptor }
      close(descriptor)
    }
    throw FileFailure(
      .cannotCreate,
      "\(shown): no file can be made in this folder: \(String(cString: strerror(code)))")
  }

  /// The most bytes of a lock: a name of a machine and a number.
  private static let longest = 288

  /// Whether a file is one that a lock may write its owner into: it holds one, or nothing.
  private static func holdsOwner(_ descriptor: Int32) -> Bool {
    var bytes = [UInt8](repeating: 0, count: longest)
    let count = retrying { pread(descriptor, &bytes, longest, 0) }
    guard 0..<longest ~= count else { return false }
    return count == 0 || owner(in: String(decoding: bytes.prefix(count), as: UTF8.self)) != nil
  }

  /// The machine and the process that a lock names; versions before 0.2 named no machine.
  private static func owner(in text: String) -> (host: String?, process: String)? {
    let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard 1...2 ~= words.count, let process = words.last, 1...20 ~= process.count,
      process.allSatisfy({ "0"..."9" ~= $0 }), words.count == 1 || !words[0].isEmpty
    else { return nil }
    return (words.count == 2 ? words[0] : nil, process)
  }

  /// Whether an open file or folder is still the one of a path.
  private static func leads(_ file: String, to descriptor: Int32) -> Bool {
    var (there, here) = (stat(), stat())
    return stat(file, &there) == 0 && fstat(descriptor, &here) == 0
      && there.st_ino == here.st_ino && there.st_dev == here.st_dev
  }

  /// Who holds a lock: it may be about to write its number, over that of a process that has ended.
  private static func owner(of file: String) -> String {
    for _ in 0..<50 {
      let text = (try? WholeFile.read(file, limit: longest)).map {
        String(decoding: $0, as: UTF8.self)
      }
      if let owner = text.flatMap({ owner(in: $0) }) {
        // What runs on another machine cannot be asked.
        if let host = owner.host, host != Host.name { return "process \(owner.process) on \(host)" }
        if let number = pid_t(owner.process), Host.isAlive(number) { return "process \(number)" }
      }
      usleep(2000)
    }
    return "another process"
  }
}
