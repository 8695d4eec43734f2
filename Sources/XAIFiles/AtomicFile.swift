#if canImport(Glibc)
  import Glibc
#endif
import XAITensor

/// Replaces files as a whole: a reader sees the old content or the new, never half of it.
///
/// The bytes go to a temporary file in the same folder, reach the disk, and then take the name.
/// Where writing fails the old file stays as it was and the temporary file is removed. Links are
/// followed, and devices and pipes, which have nothing to replace, are written directly.
public enum AtomicFile {
  /// When what is written reaches the disk.
  public enum Durability: Sendable {
    /// Before writing ends.
    case atOnce
    /// With ``Folder/synchronizeAll(in:)``, which must come before any record says that the file is
    /// there: many files reach the disk together in a fraction of the time.
    case later
  }

  /// Writes bytes.
  /// - Parameters:
  ///   - bytes: The content.
  ///   - path: The file that is created or replaced.
  ///   - durability: When they reach the disk.
  /// - Throws: `.cannotCreate` where the folder is missing or may not be written to,
  ///   `.inputOutput` where the disk is full or broken.
  public static func write(
    _ bytes: [UInt8], to path: String, durability: Durability = .atOnce
  ) throws(FileFailure) {
    try write(to: path, durability: durability) { (file) throws(FileFailure) in
      try file.write(bytes)
    }
  }

  /// Writes text as UTF-8.
  /// - Parameters:
  ///   - text: The content.
  ///   - path: The file that is created or replaced.
  ///   - durability: When it reaches the disk.
  /// - Throws: As ``write(_:to:durability:)-([UInt8],_,_)``.
  public static func write(
    _ text: String, to path: String, durability: Durability = .atOnce
  ) throws(FileFailure) {
    try write(to: path, durability: durability) { (file) throws(FileFailure) in
      try file.write(text)
    }
  }

  /// Writes what a closure produces.
  /// - Parameters:
  ///   - path: The file that is created or replaced.
  ///   - durability: When it reaches the disk.
  ///   - body: Writes the content from its beginning to its end.
  /// - Throws: As ``write(_:to:durability:)-([UInt8],_,_)``, and what the closure throws.
  public static func write(
    to path: String, durability: Durability = .atOnce,
    _ body: (inout FileWriter) throws(FileFailure) -> Void
  ) throws(FileFailure) {
    let (target, existing) = try resolve(path)
    if let existing, existing & S_IFMT != S_IFREG { return try writeDirectly(to: target, body) }

    let (folder, name) = split(target)
    let (descriptor, temporary) = try createTemporary(in: folder, for: name, path)
    do throws(FileFailure) {
      try fill(descriptor, path, mode: existing, durability, body)
      try take(temporary, target, path)
    } catch {
      unlink(temporary)
      throw error
    }
    if durability == .atOnce { try Folder.synchronize(folder) }
  }

  /// Gives a temporary file its name.
  ///
  /// A network file system repeats a request whose answer was lost: the second one fails because the first one worked.
  private static func take(
    _ temporary: String, _ target: String, _ path: String
  ) throws(FileFailure) {
    var (own, there) = (stat(), stat())
    let isKnown = stat(temporary, &own) == 0
    guard rename(temporary, target) != 0 else { return }
    let code = errno
    guard code == ENOENT, isKnown, stat(target, &there) == 0, own.st_ino == there.st_ino,
      own.st_dev == there.st_dev
    else { throw .writing(path, code) }
  }

  /// Checks that a file can be written, before there is anything to write; nothing is left behind.
  /// - Parameter path: The file that would be created or replaced.
  /// - Throws: As ``write(_:to:durability:)-([UInt8],_,_)``.
  public static func check(_ path: String) throws(FileFailure) {
    let (target, existing) = try resolve(path)
    // Opening a pipe would wait for its reader.
    if let existing, existing & S_IFMT != S_IFREG { return }
    let (folder, name) = split(target)
    let (descriptor, temporary) = try createTemporary(in: folder, for: name, path)
    close(descriptor)
    unlink(temporary)
  }

  /// Writes the content to an open file, makes it durable if now and closes it in any case.
  private static func fill(
    _ descriptor: Int32, _ path: String, mode: mode_t?, _ durability: Durability,
    _ body: (inout FileWriter) throws(FileFailure) -> Void
  ) throws(FileFailure) {
    do throws(FileFailure) {
      var writer = FileWriter(descriptor: descriptor, path: path)
      try body(&writer)
      try writer.flush()
      // A replaced file keeps its permissions; where that is not allowed the default ones do.
      if let mode { _ = fchmod(descriptor, mode & 0o777) }
      guard durability == .later || retrying({ fsync(descriptor) }) == 0 else {
        throw .writing(path, errno)
      }
    } catch {
      close(descriptor)
      throw error
    }
    // Some network file systems report a full disk only now.
    guard close(descriptor) == 0 || errno == EINTR else { throw .writing(path, errno) }
  }

  /// Writes to a device or a pipe.
  private static func writeDirectly(
    to path: String, _ body: (inout FileWriter) throws(FileFailure) -> Void
  ) throws(FileFailure) {
    // A pipe that nobody reads would be waited for, whatever signals come.
    let descriptor = retrying { open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC) }
    guard descriptor >= 0 else {
      if errno == ENXIO {
        throw FileFailure(
          .inputOutput,
          "writing '\(path)' failed: it is a pipe that no program reads; start the reader first")
      }
      throw .writing(path, errno)
    }
    defer { close(descriptor) }
    _ = fcntl(descriptor, F_SETFL, O_WRONLY)
    var writer = FileWriter(descriptor: descriptor, path: path)
    try body(&writer)
    try writer.flush()
  }

  /// Where the content goes once links are followed, and the mode of what is there.
  private static func resolve(
    _ path: String
  ) throws(FileFailure) -> (target: String, existing: mode_t?) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return (path, nil) }
    var target = path
    if status.st_mode & S_IFMT == S_IFLNK {
      guard stat(path, &status) == 0 else {
        throw FileFailure(
          .cannotCreate, "cannot create '\(path)': it is a link to nothing; remove the link")
      }
      // Links of /proc to pipes have no path of their own: the link itself is opened then.
      if status.st_mode & S_IFMT == S_IFREG, let resolved = realpath(path, nil) {
        target = String(cString: resolved)
        free(resolved)
      }
    }
    if status.st_mode & S_IFMT == S_IFDIR { throw .writing(path, EISDIR) }
    return (target, status.st_mode)
  }

  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    return (String(path[...slash]), String(path[path.index(after: slash)...]))
  }

  /// Creates a file that no other process has, with the permissions of any new file.
  private static func createTemporary(
    in folder: String, for name: String, _ path: String
  ) throws(FileFailure) -> (descriptor: Int32, path: String) {
    if name.isEmpty || name == "." || name == ".." { throw .writing(path, EISDIR) }
    let start = String(decoding: name.utf8.prefix(100), as: UTF8.self)
    while true {
      let number = String(UInt64.random(in: 0 ... .max), radix: 16)
      let temporary = "\(folder)/.\(start).\(Host.mark)-\(getpid())-\(number).part"
      let descriptor = retrying {
        open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      }
      if descriptor >= 0 { return (descriptor, temporary) }
      if errno != EEXIST { throw .writing(path, errno) }
    }
  }

  /// Seconds after which nobody is still writing a file, wherever its process runs.
  private static let longest: time_t = 24 * 3600

  /// Whether a name is that of a temporary file whose process has ended before it took its name.
  ///
  /// Of a process on another machine nothing is known: its file counts as abandoned a day after it was last written.
  /// - Parameters:
  ///   - name: The name.
  ///   - folder: Where it is.
  ///   - now: The time by the clock of the file system, in seconds.
  /// - Returns: Whether it may be removed.
  static func isAbandoned(_ name: String, in folder: String, now: time_t) -> Bool {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 4, parts[0].isEmpty, parts[parts.count - 1] == "part" else { return false }
    let owner = parts[parts.count - 2].split(separator: "-", omittingEmptySubsequences: false)
    // Versions before 0.2 named no machine.
    guard 2...3 ~= owner.count, let process = UInt64(owner[owner.count - 2]),
      UInt64(owner[owner.count - 1], radix: 16) != nil
    else { return false }
    if owner.count == 3, owner[0] != Host.mark {
      var status = stat()
      return owner[0].count == 8 && owner[0].allSatisfy(\.isHexDigit)
        && lstat("\(folder)/\(name)", &status) == 0
        && now - status.st_mtim.tv_sec > longest
    }
    return pid_t(exactly: process).map { !Host.isAlive($0) } ?? true
  }
}
