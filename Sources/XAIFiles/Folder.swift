import CFiles

#if canImport(Glibc)
  import Glibc
#endif
import XAITensor

/// Creates and lists folders.
public enum Folder {
  /// Creates a folder and its parents where they are missing.
  /// - Parameters:
  ///   - path: The folder.
  ///   - durability: When its name reaches the disk.
  /// - Throws: `.cannotCreate` where it is not allowed or a file is in the way, `.inputOutput`
  ///   where the disk is full.
  public static func create(
    _ path: String, durability: AtomicFile.Durability = .atOnce
  ) throws(FileFailure) {
    if exists(path) { return }
    let parent = parent(of: path)
    try create(parent, durability: durability)
    // Another process may have created it since.
    guard mkdir(path, 0o777) != 0 else {
      if durability == .atOnce { try synchronize(parent) }
      return
    }
    let code = errno
    guard code == EEXIST && exists(path) else { throw .writing(path, code) }
  }

  /// The folder that holds the name of a file or folder.
  static func parent(of path: String) -> String {
    guard let end = path.lastIndex(where: { $0 != "/" }),
      let slash = path[...end].lastIndex(of: "/")
    else { return path.hasPrefix("/") ? "/" : "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Makes durable which names are in a folder, where the file system can.
  /// - Parameter path: The folder.
  /// - Throws: `.inputOutput` where the disk is broken.
  package static func synchronize(_ path: String) throws(FileFailure) {
    let descriptor = retrying { open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    guard retrying({ fsync(descriptor) }) == 0 || errno == EINVAL else {
      throw .writing(path, errno)
    }
  }

  /// Makes durable whatever was written into a folder and its folders with `.later`, and, as the
  /// system knows no smaller way, all else of their file system.
  /// - Parameter path: The folder.
  /// - Throws: `.inputOutput` where the disk is full or broken.
  public static func synchronizeAll(in path: String) throws(FileFailure) {
    let descriptor = retrying { open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw .writing(path, errno) }
    defer { close(descriptor) }
    guard retrying({ xai_syncfs(descriptor) }) == 0 else { throw .writing(path, errno) }
  }

  /// Gives a file or folder a name, durably; a file of that name is replaced.
  /// - Parameters:
  ///   - path: The file or folder.
  ///   - name: Its new path, in the same file system.
  /// - Throws: Where it is not allowed.
  package static func rename(_ path: String, to name: String) throws(FileFailure) {
    guard Glibc.rename(path, name) == 0 else { throw .writing(name, errno) }
    try synchronize(parent(of: name))
  }

  /// Whether a folder, or a link to one, is there.
  /// - Parameter path: The folder.
  /// - Returns: False also where a file has this name.
  public static func exists(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The names in a folder.
  /// - Parameter path: The folder.
  /// - Returns: Names without `.` and `..`, sorted.
  /// - Throws: `.missingInput` where there is no such folder or it may not be read.
  public static func entries(of path: String) throws(FileFailure) -> [String] {
    guard let stream = opendir(path) else {
      throw errno == ENOTDIR
        ? FileFailure(.missingInput, "cannot list '\(path)': it is a file, expected a folder")
        : .opening(path, errno)
    }
    defer { closedir(stream) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else { break }
      // The address, not a copy: the record may be shorter than its declared type.
      let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        String(cString: UnsafeRawPointer(tuple).assumingMemoryBound(to: CChar.self))
      }
      if name != ".", name != ".." { names.append(name) }
    }
    guard errno == 0 else { throw .reading(path, errno) }
    return names.sorted()
  }

  /// Removes a file, or a folder with all that is in it; links are removed and not followed.
  /// - Parameter path: The file or folder; nothing happens where there is none.
  /// - Throws: Where it is not allowed.
  package static func remove(_ path: String) throws(FileFailure) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    let isFolder = status.st_mode & S_IFMT == S_IFDIR
    if isFolder {
      for entry in try entries(of: path) { try remove("\(path)/\(entry)") }
    }
    guard (isFolder ? rmdir(path) : unlink(path)) == 0 else { throw .writing(path, errno) }
  }
}
