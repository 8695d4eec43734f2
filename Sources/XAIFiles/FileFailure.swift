#if canImport(Glibc)
  import Glibc
#endif
public import XAITensor

/// Why a file or folder could not be read or written.
public struct FileFailure: Failure, Equatable {
  /// What is wrong.
  public enum Code: Sendable, CaseIterable {
    /// What the sentence says.
    case described
    /// It does not exist.
    case missing
    /// It may not be read or written.
    case denied
    /// It is a folder where a file should be, or the other way round.
    case otherKind
    /// Its folder does not exist.
    case noFolder
    /// The disk is full.
    case diskFull
    /// Reading or writing failed under way.
    case broken
    /// A file has not the tensor that was asked for.
    case missingTensor
    /// A folder is not empty, and nobody asked to replace what is in it.
    case notEmpty
    /// A folder that is to be replaced holds something else than results.
    case holdsOther
  }

  /// What is wrong.
  public let code: Code
  /// Which file, tensor and so on.
  public let context: FailureContext
  /// The kind of failure, which decides the exit status.
  public let kind: FailureKind
  /// One sentence: what failed, which file, expected and found, what to do.
  public let description: String

  /// Creates a failure.
  /// - Parameters:
  ///   - kind: The kind of failure.
  ///   - description: The sentence.
  public init(_ kind: FailureKind, _ description: String) {
    self.init(.described, kind, .init(), description)
  }

  /// Creates a failure with a code.
  /// - Parameters:
  ///   - code: What is wrong.
  ///   - kind: The kind of failure.
  ///   - context: Which file, tensor and so on.
  ///   - description: The sentence.
  public init(
    _ code: Code, _ kind: FailureKind, _ context: FailureContext, _ description: String
  ) {
    (self.code, self.context, self.kind) = (code, context, kind)
    self.description = oneLine(description)
  }
}

extension FileFailure {
  /// The failure of opening something that should be read.
  static func opening(_ path: String, _ code: Int32) -> FileFailure {
    switch code {
    case ENOENT:
      FileFailure(
        .missing, .missingInput, .init(path: path),
        "cannot read '\(path)': it does not exist; check the path")
    case ENOTDIR:
      FileFailure(
        .otherKind, .missingInput, .init(path: path),
        "cannot read '\(path)': a part of this path is a file, not a folder")
    case EACCES, EPERM:
      FileFailure(
        .denied, .missingInput, .init(path: path),
        "cannot read '\(path)': permission denied; change its permissions")
    default:
      FileFailure(
        .broken, .inputOutput, .init(path: path), "cannot read '\(path)': \(text(of: code))")
    }
  }

  /// The failure of reading something that is open.
  static func reading(_ path: String, _ code: Int32) -> FileFailure {
    code == EISDIR
      ? folder(path)
      : FileFailure(
        .broken, .inputOutput, .init(path: path), "reading '\(path)' failed: \(text(of: code))")
  }

  /// The failure of finding a folder where a file should be.
  static func folder(_ path: String) -> FileFailure {
    FileFailure(
      .otherKind, .missingInput, .init(path: path, expected: "a file", found: "a folder"),
      "cannot read '\(path)': it is a folder, expected a file")
  }

  /// The failure of creating, renaming or writing something.
  static func writing(_ path: String, _ code: Int32) -> FileFailure {
    switch code {
    case ENOENT:
      FileFailure(
        .noFolder, .cannotCreate, .init(path: path),
        "cannot create '\(path)': its folder does not exist; create the folder")
    case ENOTDIR, EEXIST:
      FileFailure(
        .otherKind, .cannotCreate, .init(path: path),
        "cannot create '\(path)': a part of this path is a file, not a folder")
    case EISDIR:
      FileFailure(
        .otherKind, .cannotCreate, .init(path: path),
        "cannot create '\(path)': a folder of this name exists; name a file")
    case EACCES, EPERM:
      FileFailure(
        .denied, .cannotCreate, .init(path: path),
        "cannot create '\(path)': permission denied; choose a folder that you may write to")
    case EROFS, ENAMETOOLONG, ELOOP:
      FileFailure(
        .broken, .cannotCreate, .init(path: path), "cannot create '\(path)': \(text(of: code))")
    case ENOSPC, EDQUOT:
      FileFailure(
        .diskFull, .inputOutput, .init(path: path),
        code == ENOSPC
          ? "writing '\(path)' failed: the disk is full; free some space and try again"
          : "writing '\(path)' failed: your quota is used up; free some space and try again")
    default:
      FileFailure(
        .broken, .inputOutput, .init(path: path), "writing '\(path)' failed: \(text(of: code))")
    }
  }

  /// The failure of asking a file for a tensor that it has not.
  static func missingTensor(_ name: String, among names: [String], of path: String) -> FileFailure {
    let some = names.prefix(8).map { quoted($0) }.joined(separator: ", ")
    return FileFailure(
      .missingTensor, .badData, .init(path: path, tensor: name),
      "'\(path)' has no tensor \(quoted(name)); it holds \(names.count): \(some)"
        + (names.count > 8 ? ", ..." : ""))
  }

  private static func text(of code: Int32) -> String { String(cString: strerror(code)) }
}
