#if canImport(Glibc)
  import Glibc
#endif
public import XAITensor

/// Why a file or folder could not be read or written.
public struct FileFailure: Failure, Equatable {
  /// The kind of failure, which decides the exit status.
  public let kind: FailureKind
  /// One sentence: what failed, which file, expected and found, what to do.
  public let description: String

  /// Creates a failure.
  /// - Parameters:
  ///   - kind: The kind of failure.
  ///   - description: The sentence.
  public init(_ kind: FailureKind, _ description: String) {
    self.kind = kind
    self.description = oneLine(description)
  }
}

extension FileFailure {
  /// The failure of opening something that should be read.
  static func opening(_ path: String, _ code: Int32) -> FileFailure {
    switch code {
    case ENOENT:
      FileFailure(.missingInput, "cannot read '\(path)': it does not exist; check the path")
    case ENOTDIR:
      FileFailure(
        .missingInput, "cannot read '\(path)': a part of this path is a file, not a folder")
    case EACCES, EPERM:
      FileFailure(
        .missingInput, "cannot read '\(path)': permission denied; change its permissions")
    default:
      FileFailure(.inputOutput, "cannot read '\(path)': \(text(of: code))")
    }
  }

  /// The failure of reading something that is open.
  static func reading(_ path: String, _ code: Int32) -> FileFailure {
    code == EISDIR
      ? folder(path) : FileFailure(.inputOutput, "reading '\(path)' failed: \(text(of: code))")
  }

  /// The failure of finding a folder where a file should be.
  static func folder(_ path: String) -> FileFailure {
    FileFailure(.missingInput, "cannot read '\(path)': it is a folder, expected a file")
  }

  /// The failure of creating, renaming or writing something.
  static func writing(_ path: String, _ code: Int32) -> FileFailure {
    switch code {
    case ENOENT:
      FileFailure(
        .cannotCreate, "cannot create '\(path)': its folder does not exist; create the folder")
    case ENOTDIR, EEXIST:
      FileFailure(
        .cannotCreate, "cannot create '\(path)': a part of this path is a file, not a folder")
    case EISDIR:
      FileFailure(
        .cannotCreate, "cannot create '\(path)': a folder of this name exists; name a file")
    case EACCES, EPERM:
      FileFailure(
        .cannotCreate,
        "cannot create '\(path)': permission denied; choose a folder that you may write to")
    case EROFS, ENAMETOOLONG, ELOOP:
      FileFailure(.cannotCreate, "cannot create '\(path)': \(text(of: code))")
    case ENOSPC, EDQUOT:
      FileFailure(
        .inputOutput, "writing '\(path)' failed: the disk is full; free some space and try again")
    default:
      FileFailure(.inputOutput, "writing '\(path)' failed: \(text(of: code))")
    }
  }

  /// The failure of asking a file for a tensor that it has not.
  static func missingTensor(_ name: String, among names: [String], of path: String) -> FileFailure {
    let some = names.prefix(8).map { quoted($0) }.joined(separator: ", ")
    return FileFailure(
      .badData,
      "'\(path)' has no tensor \(quoted(name)); it holds \(names.count): \(some)"
        + (names.count > 8 ? ", ..." : ""))
  }

  private static func text(of code: Int32) -> String { String(cString: strerror(code)) }
}
