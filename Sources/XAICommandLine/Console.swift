#if canImport(Glibc)
  import Glibc
#endif
import Synchronization

/// Where a program speaks: results on standard output, everything else on standard error, and a
/// progress bar that neither of them tears.
///
/// Text goes to the system at once, without a buffer: do not mix it with `Swift.print`.
public final class Console: Sendable {
  /// The program's name, which begins messages of failure.
  public let program: String
  /// Whether only results, warnings and failures are shown.
  public let isQuiet: Bool
  /// Whether the command has `--skip-corrupt`, so that failures may name it.
  let offersSkipping: Bool

  private struct State {
    var progress: Progress?
    var isDrawn = false
    var outputError: Int32 = 0
  }

  private let output: Int32
  private let errors: Int32
  private let display: Progress.Display
  private let isUnicode: Bool
  private let state = Mutex(State())

  /// The console of this process.
  /// - Parameters:
  ///   - program: The program's name.
  ///   - quiet: Whether only results, warnings and failures are shown.
  ///   - offersSkipping: Whether the command has `--skip-corrupt`.
  public convenience init(program: String, quiet: Bool = false, offersSkipping: Bool = true) {
    let isTerminal = isatty(STDERR_FILENO) == 1 && Self.environment("TERM") ?? "dumb" != "dumb"
    self.init(
      program: program, output: STDOUT_FILENO, errors: STDERR_FILENO, isQuiet: quiet,
      display: quiet ? .silent : isTerminal ? .terminal : .plain, offersSkipping: offersSkipping)
  }

  /// A console on any files.
  /// - Parameters:
  ///   - program: The program's name.
  ///   - output: The descriptor for results.
  ///   - errors: The descriptor for everything else.
  ///   - isQuiet: Whether only results, warnings and failures are shown.
  ///   - display: Where progress is shown.
  ///   - offersSkipping: Whether the command has `--skip-corrupt`.
  package init(
    program: String, output: Int32, errors: Int32, isQuiet: Bool, display: Progress.Display,
    offersSkipping: Bool = true
  ) {
    self.program = program
    self.output = output
    self.errors = errors
    self.isQuiet = isQuiet
    self.display = display
    self.offersSkipping = offersSkipping
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap(Self.environment).first ?? ""
    isUnicode = locale.uppercased().contains("UTF-8") || locale.uppercased().contains("UTF8")
  }

  /// Prints a line of results.
  ///
  /// Where it cannot be written, ``reportingFailures(_:)`` says so at the end.
  /// - Parameter line: The line, without its newline.
  public func print(_ line: String) { show(line, on: output) }

  /// Prints lines of results.
  /// - Parameter text: The lines, without the last newline.
  public func printLines(_ text: String) {
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      show(String(line), on: output)
    }
  }

  /// Says something on standard error, unless the console is quiet.
  /// - Parameter line: The line, without its newline.
  public func note(_ line: String) {
    if !isQuiet { show(line, on: errors) }
  }

  /// Warns where fewer threads work than were asked for: results may depend on their number.
  /// - Parameters:
  ///   - taken: How many work.
  ///   - asked: How many were asked for, if any.
  public func warn(ofThreads taken: Int, insteadOf asked: Int?) {
    guard let asked, taken < asked else { return }
    warn("OMP_THREAD_LIMIT allows \(Format.count(taken, "thread")) of the \(asked)")
  }

  /// Says something on standard error, with the program's name before it.
  /// - Parameter sentence: What the user must know.
  public func warn(_ sentence: String) {
    show("\(program): \(sentence)", on: errors)
  }

  /// Shows the progress of a job, in place of any other.
  /// - Parameters:
  ///   - title: What the job is, such as `epoch 3/35`.
  ///   - total: Its steps.
  ///   - first: Steps that were done before, by an earlier session.
  ///   - itemsPerStep: How many items a step handles, for the speed.
  ///   - unit: What the items are called.
  /// - Returns: The bar, to be updated after each step and finished at the end.
  public func progress(
    _ title: String, total: Int, first: Int = 0, itemsPerStep: Int = 1, unit: String = "images"
  ) -> ProgressBar {
    let progress = Progress(
      title: title, total: total, first: first, itemsPerStep: itemsPerStep, unit: unit,
      start: Self.now())
    state.withLock { state in
      clear(&state)
      state.progress = progress
    }
    return ProgressBar(console: self)
  }

  func update(_ done: Int, message: () -> String) {
    if display == .silent { return }
    let time = Self.now()
    state.withLock { state in
      let isDue = state.progress?.update(done, at: time, on: display, message: message)
      guard isDue == true else { return }
      draw(&state, at: time)
    }
  }

  func finishProgress() {
    state.withLock { state in
      clear(&state)
      state.progress = nil
    }
  }

  private func show(_ line: String, on descriptor: Int32) {
    state.withLock { state in
      let wasDrawn = state.isDrawn
      clear(&state)
      let code = write(Self.harmless(line) + "\n", to: descriptor)
      // Whoever reads results may leave.
      if descriptor == output, code != EPIPE, state.outputError == 0 { state.outputError = code }
      if wasDrawn { draw(&state, at: Self.now()) }
    }
  }

  private func draw(_ state: inout State, at time: Double) {
    guard let progress = state.progress else { return }
    if display == .plain {
      write(progress.plainLine(at: time) + "\n", to: errors)
    } else {
      let line = progress.terminalLine(at: time, columns: columns, isUnicode: isUnicode)
      write("\r\(line)\u{1B}[K", to: errors)
      state.isDrawn = true
    }
  }

  private func clear(_ state: inout State) {
    if state.isDrawn { write("\r\u{1B}[K", to: errors) }
    state.isDrawn = false
  }

  /// Asked each time: the window may have changed.
  private var columns: Int {
    var size = winsize()
    guard ioctl(errors, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// What kept results from being written, so far.
  var outputError: Int32 { state.withLock(\.outputError) }

  /// One line without what a terminal obeys, whatever a file name or a library's message contains.
  private static func harmless(_ line: String) -> String {
    let characters = line.unicodeScalars.map { scalar -> Character in
      switch scalar {
      case "\t", "\n", "\r", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}": " "
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}": "?"
      // These turn the direction of text around.
      case "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}": "?"
      default: Character(scalar)
      }
    }
    return String(characters)
  }

  /// Writes text; returns 0 or what the system says.
  @discardableResult
  private func write(_ text: String, to descriptor: Int32) -> Int32 {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      let code = count < 0 ? errno : count == 0 ? EIO : 0
      // Messages have nowhere else to go where a terminal is gone.
      if code != 0 && code != EINTR { return code }
      rest = rest.dropFirst(max(0, count))
    }
    return 0
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }

  private static func environment(_ name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    let text = String(cString: value)
    return text.isEmpty ? nil : text
  }
}

/// The progress of one job, shown by a console.
public struct ProgressBar: Sendable {
  let console: Console

  /// Takes note of a step; cheap, and shown only every so often.
  /// - Parameters:
  ///   - done: Steps that are done now.
  ///   - message: Further words, such as loss and accuracy; asked for only where they are shown.
  public func update(_ done: Int, _ message: @autoclosure () -> String = "") {
    console.update(done, message: message)
  }

  /// Removes the bar from the terminal.
  public func finish() { console.finishProgress() }
}
