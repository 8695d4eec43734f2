/// What went wrong, so that a program can choose its exit status (the values of `sysexits.h`).
public enum FailureKind: Int32, Sendable {
  /// The command line asks for something that does not exist or cannot be.
  case usage = 64
  /// A file is there but its content is wrong.
  case badData = 65
  /// A file or folder that should be read is not there or may not be read.
  case missingInput = 66
  /// The program or a library it uses broke its own rules.
  case software = 70
  /// A file or folder cannot be created.
  case cannotCreate = 73
  /// Reading or writing failed under way: a full disk, a broken device.
  case inputOutput = 74
}

/// An error that is meant for people.
///
/// Each library has one type that conforms. `description` is one sentence that says what failed,
/// where, what was expected and found, and what to do.
public protocol Failure: Error, CustomStringConvertible {
  /// The kind of failure, which decides the exit status.
  var kind: FailureKind { get }
}
