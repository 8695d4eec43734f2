import Glibc
import XAITensor

/// What lies in one folder, sorted by the bytes of the names; hidden names are left out.
struct FolderContents {
  /// A file in the folder.
  struct File {
    var name: RawName
    /// Its length in bytes.
    var size: Int64
    /// When it was last written, in nanoseconds since 1970.
    var modified: Int64
  }

  private(set) var folders: [RawName] = []
  private(set) var files: [File] = []
  /// What has a name and cannot be looked at, such as a link to nothing.
  private(set) var unreachable: [(name: RawName, reason: SystemError)] = []

  /// Folders that programs of other systems put beside images.
  private static let foreign = Set(["__MACOSX", "@eaDir", "lost+found"].map { RawName($0) })

  /// Lists a folder.
  /// - Parameter path: The folder.
  /// - Throws: `SystemError` where it cannot be listed.
  init(_ path: RawName) throws(SystemError) {
    guard let stream = path.withCString({ opendir($0) }) else { throw SystemError() }
    defer { closedir(stream) }
    for name in Self.names(in: stream) {
      var status = stat()
      let raw = RawName(name.dropLast().lazy.map(UInt8.init(bitPattern:)))
      guard fstatat(dirfd(stream), name, &status, 0) == 0 else {
        unreachable.append((raw, SystemError()))
        continue
      }
      switch status.st_mode & S_IFMT {
      case S_IFDIR: if !Self.foreign.contains(raw) { folders.append(raw) }
      case S_IFREG:
        files.append(
          File(
            name: raw, size: Int64(status.st_size),
            modified: Int64(status.st_mtim.tv_sec) * 1_000_000_000
              + Int64(status.st_mtim.tv_nsec)))
      default: break
      }
    }
  }
}

extension FolderContents {
  /// The names in a folder that are not hidden, each with its zero byte, sorted.
  private static func names(in stream: OpaquePointer) -> [[CChar]] {
    var names: [[CChar]] = []
    while let entry = readdir(stream) {
      // Through the pointer: the record is shorter than the type that declares 256 bytes of name.
      guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { continue }
      let name = (UnsafeRawPointer(entry) + offset).assumingMemoryBound(to: CChar.self)
      guard name[0] != CChar(UInt8(ascii: ".")) else { continue }
      names.append(Array(UnsafeBufferPointer(start: name, count: strlen(name) + 1)))
    }
    names.sort { strcmp($0, $1) < 0 }
    return names
  }
}

extension RawName {
  /// Calls the system with the name.
  func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    (bytes.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return body("") }
      return body(start)
    }
  }

  /// Whether a folder, or a link to one, has this path.
  var isFolder: Bool {
    withCString { path in
      var status = stat()
      return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
  }

  /// Whether something has this path that is no folder.
  var isFile: Bool {
    withCString { path in
      var status = stat()
      return stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFDIR
    }
  }
}
