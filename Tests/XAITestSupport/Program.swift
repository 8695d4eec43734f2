#if canImport(Glibc)
  import Glibc
#endif
import XAIFiles
import XAITensor

/// What a program did.
public struct ProgramResult: Sendable {
  /// The exit status; 128 plus the number of the signal that ended it, as in a shell.
  public let status: Int32
  /// What it printed.
  public let standardOutput: String
  /// What it printed as errors and progress.
  public let standardError: String
}

/// A program that runs beside the test.
public struct RunningProgram {
  /// The number of the process.
  public let process: Int32
  private let folder: TemporaryFolder

  /// The folder of the programs that were built with the tests.
  public static var builtPrograms: String {
    let path = realpath("/proc/self/exe", nil).map { pointer in
      defer { free(pointer) }
      return String(cString: pointer)
    }
    return path.map { String($0[..<($0.lastIndex(of: "/") ?? $0.startIndex)]) } ?? "."
  }

  /// Starts a program; it reads nothing and its output is gathered.
  /// - Parameters:
  ///   - program: Its path; a name without `/` is that of a program built with the tests.
  ///   - arguments: Its arguments.
  ///   - environment: Variables that are added to those of the test.
  /// - Throws: A `FileFailure` where it cannot be started.
  public init(
    _ program: String, _ arguments: [String] = [], environment: [String: String] = [:]
  ) throws {
    let path = program.contains("/") ? program : "\(Self.builtPrograms)/\(program)"
    folder = try TemporaryFolder()
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    let flags = O_WRONLY | O_CREAT | O_TRUNC
    posix_spawn_file_actions_addopen(&actions, 1, folder.file("output"), flags, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, folder.file("error"), flags, 0o600)
    // A test runner may block or ignore signals, and a child would inherit that.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))
    var process: Int32 = 0
    let code = Self.withCStrings([path] + arguments) { arguments in
      Self.withCStrings(Self.variables(adding: environment)) { variables in
        posix_spawn(&process, path, &actions, &attributes, arguments, variables)
      }
    }
    guard code == 0 else {
      throw FileFailure(.missingInput, "cannot run \(path): \(String(cString: strerror(code)))")
    }
    self.process = process
  }

  /// Sends a signal.
  /// - Parameter signal: Its number, such as `SIGINT`.
  public func send(_ signal: Int32) { kill(process, signal) }

  /// What the program printed as errors and progress so far.
  public var standardErrorSoFar: String { text("error") }

  /// Waits until the program ends.
  /// - Parameter limit: After so many seconds it is killed, which gives status 137.
  /// - Returns: What it did.
  public func wait(atMost limit: Double = 300) -> ProgramResult {
    var status: Int32 = 0
    var waited = 0.0
    var ended = waitpid(process, &status, WNOHANG)
    while ended == 0 {
      usleep(5000)
      waited += 0.005
      if waited > limit {
        kill(process, SIGKILL)
        waited = -.infinity
      }
      ended = waitpid(process, &status, WNOHANG)
    }
    let signal = status & 0x7F
    return ProgramResult(
      status: ended < 0 ? -1 : signal == 0 ? status >> 8 & 0xFF : 128 + signal,
      standardOutput: text("output"), standardError: text("error"))
  }

  private func text(_ name: String) -> String {
    String(decoding: (try? WholeFile.read(folder.file(name))) ?? [], as: UTF8.self)
  }

  private static func variables(adding additions: [String: String]) -> [String] {
    var inherited: [String] = []
    var next = environ
    while let variable = next.pointee {
      inherited.append(String(cString: variable))
      next += 1
    }
    let kept = inherited.filter { variable in
      !additions.keys.contains { variable.hasPrefix($0 + "=") }
    }
    return kept + additions.map { "\($0.key)=\($0.value)" }
  }

  private static func withCStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
  }
}

/// Runs a program to its end.
/// - Parameters:
///   - program: Its path; a name without `/` is that of a program built with the tests.
///   - arguments: Its arguments.
///   - environment: Variables that are added to those of the test.
/// - Returns: What it did.
/// - Throws: A `FileFailure` where it cannot be started.
public func runProgram(
  _ program: String, _ arguments: [String] = [], environment: [String: String] = [:]
) throws -> ProgramResult {
  try RunningProgram(program, arguments, environment: environment).wait()
}
