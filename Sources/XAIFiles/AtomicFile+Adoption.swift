#if canImport(Glibc)
  import Glibc
#endif

extension AtomicFile {
  /// Gives a finished file a second name, or copies it where the file system knows no links.
  ///
  /// The name reaches the disk with ``Folder/synchronizeAll(in:)``.
  /// - Parameters:
  ///   - source: The file.
  ///   - path: Its second name; a file that has it stays.
  /// - Returns: Whether the name is new.
  /// - Throws: As ``write(_:to:durability:)-([UInt8],_,_)``, and `.missingInput` where there is no such file.
  package static func adopt(_ source: String, as path: String) throws(FileFailure) -> Bool {
    if link(source, path) == 0 { return true }
    switch errno {
    case EEXIST: return false
    case EXDEV, EPERM, ENOTSUP, EMLINK, ENOSYS, EACCES:
      try write(try WholeFile.read(source), to: path, durability: .later)
      return true
    case ENOENT where !exists(source): throw .opening(source, ENOENT)
    case let code: throw .writing(path, code)
    }
  }

  private static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }
}
