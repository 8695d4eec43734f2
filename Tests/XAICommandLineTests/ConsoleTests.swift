import ArgumentParser
import Glibc
import Testing
import XAICommandLine
import XAITensor

/// What a console wrote, through two pipes.
private func captured(
  display: Progress.Display, isQuiet: Bool = false, _ body: (Console) throws -> Void
) rethrows -> (output: String, errors: String) {
  var (output, errors): ([Int32], [Int32]) = ([0, 0], [0, 0])
  #expect(pipe(&output) == 0 && pipe(&errors) == 0)
  defer { (output + errors).forEach { _ = close($0) } }
  let console = Console(
    program: "xai-train", output: output[1], errors: errors[1], isQuiet: isQuiet,
    display: display)
  try body(console)
  func text(_ ends: [Int32]) -> String {
    var bytes = [UInt8](repeating: 0, count: 60_000)
    _ = write(ends[1], "\0", 1)
    let count = read(ends[0], &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count - 1)), as: UTF8.self)
  }
  return (text(output), text(errors))
}

private struct DiskFailure: Failure {
  let kind = FailureKind.inputOutput
  let description = "writing 'a\nb' failed: the disk is full"
}

@Suite struct ConsoleTests {
  @Test func `results go to standard output and notes to standard error`() {
    let text = captured(display: .plain) {
      $0.print("top-1 52.0 %")
      $0.note("2 threads")
      $0.warn("3 images were skipped")
    }
    #expect(text.output == "top-1 52.0 %\n")
    #expect(text.errors == "2 threads\nxai-train: 3 images were skipped\n")
  }

  @Test func `nothing that a terminal obeys is in a line, and a line is one`() {
    let names = [
      "\u{1B}[31mred\u{1B}]0;title\u{7}", "a\nb\r\nc\u{2028}d\u{85}e", "\u{9B}31m\u{7F}\u{8}\0",
      "abc\u{202E}cba\u{2066}", "caf\u{E9} \u{1F600}\t\u{65E5}\u{672C}",
    ]
    let text = captured(display: .plain) { console in
      for name in names {
        console.print(name)
        console.note(name)
        console.warn(name)
      }
      console.printLines("[\n  1\u{1B}\n]")
    }
    let harmless = [
      "?[31mred?]0;title?", "a b  c d e", "?31m???", "abc?cba?",
      "caf\u{E9} \u{1F600} \u{65E5}\u{672C}",
    ]
    #expect(text.output == harmless.map { $0 + "\n" }.joined() + "[\n  1?\n]\n")
    #expect(text.errors == harmless.map { "\($0)\nxai-train: \($0)\n" }.joined())
  }

  @Test func `results that did not arrive are a failure, messages are not`() throws {
    let full = open("/dev/full", O_WRONLY)
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    defer { ([full] + ends).forEach { _ = close($0) } }
    func status(_ output: Int32, _ errors: Int32) -> Int32 {
      let console = Console(
        program: "xai-eval", output: output, errors: errors, isQuiet: false, display: .plain)
      do {
        try console.reportingFailures {
          $0.note("2 threads")
          $0.print("top-1 52.0 %")
        }
      } catch { return (error as? ExitCode)?.rawValue ?? -1 }
      return 0
    }
    #expect(status(full, ends[1]) == 74)
    var bytes = [UInt8](repeating: 0, count: 1000)
    let count = read(ends[0], &bytes, bytes.count)
    #expect(
      String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        == "2 threads\nxai-eval: writing results to standard output failed: No space left on device; "
        + "print them to another place\n")
    #expect(status(ends[1], full) == 0)
  }

  @Test func `a quiet console still prints results and warnings`() {
    let text = captured(display: .silent, isQuiet: true) {
      let bar = $0.progress("epoch 1", total: 2)
      bar.update(1, "loss 1")
      $0.note("2 threads")
      $0.print("top-1 52.0 %")
      $0.warn("3 images were skipped")
      bar.finish()
    }
    #expect(text.output == "top-1 52.0 %\n")
    #expect(text.errors == "xai-train: 3 images were skipped\n")
  }

  @Test func `a line clears the bar first and the bar comes back after it`() {
    let text = captured(display: .terminal) {
      let bar = $0.progress("epoch 1", total: 2)
      bar.update(1, "loss 1")
      $0.note("saved")
      bar.finish()
    }
    let clear = "\r\u{1B}[K"
    let parts = text.errors.split(separator: clear, omittingEmptySubsequences: false)
    #expect(parts.count == 3)
    #expect(text.errors.contains("\(clear)saved\n\repoch 1  "))
    #expect(text.errors.hasSuffix(clear))
  }

  @Test func `a bar that is not on a terminal has no control characters`() {
    let text = captured(display: .plain) {
      let bar = $0.progress("epoch 1", total: 2)
      bar.update(1)
      bar.update(2)
      bar.finish()
    }
    #expect(text.errors == "")
  }

  @Test func `a failure becomes one line and the exit status of its kind`() throws {
    let text = captured(display: .plain) { console in
      let code = #expect(throws: ExitCode.self) {
        try console.reportingFailures { _ in throw DiskFailure() }
      }
      #expect(code?.rawValue == 74)
    }
    #expect(text.errors == "xai-train: writing 'a b' failed: the disk is full\n")
  }

  @Test func `an interruption exits with 130 and says how to go on`() {
    let text = captured(display: .plain) { console in
      let code = #expect(throws: ExitCode.self) {
        try console.reportingFailures { _ in throw Interrupted("interrupted; add --resume") }
      }
      #expect(code?.rawValue == 130)
    }
    #expect(text.errors == "xai-train: interrupted; add --resume\n")
  }

  @Test func `an unforeseen error exits with 70`() {
    struct Odd: Error {}
    let text = captured(display: .plain) { console in
      let code = #expect(throws: ExitCode.self) {
        try console.reportingFailures { _ in throw Odd() }
      }
      #expect(code?.rawValue == 70)
    }
    #expect(text.errors == "xai-train: unforeseen error: Odd()\n")
  }

  @Test func `errors of the argument parser pass through unseen`() {
    let text = captured(display: .plain) { console in
      #expect(throws: ValidationError.self) {
        try console.reportingFailures { _ in throw ValidationError("expected one") }
      }
      let code = #expect(throws: ExitCode.self) {
        try console.reportingFailures { _ in throw ExitCode(3) }
      }
      #expect(code?.rawValue == 3)
    }
    #expect(text.errors == "")
  }

  @Test func `a bar is gone before a failure is told`() {
    let text = captured(display: .terminal) { console in
      _ = #expect(throws: ExitCode.self) {
        try console.reportingFailures {
          $0.progress("epoch 1", total: 2).update(1)
          throw DiskFailure()
        }
      }
    }
    #expect(text.errors.contains("\r\u{1B}[Kxai-train: writing"))
  }
}

@Suite(.serialized) struct InterruptionTests {
  /// Tests run on threads that block signals; a program's main thread does not.
  private func unblock() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    sigaddset(&signals, SIGUSR1)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGUSR1])
  func `the first signal only asks`(number: Int32) {
    Interruption.install()
    unblock()
    #expect(!Interruption.requested)
    raise(number)
    #expect(Interruption.requested)
    signal(number, SIG_DFL)
  }

  @Test func `the second signal ends the process with 130`() {
    Interruption.install()
    // A child that only signals itself; it must not return into the test runner.
    let child = posixFork()
    if child == 0 {
      unblock()
      raise(SIGINT)
      if !Interruption.requested { _exit(2) }
      raise(SIGTERM)
      _exit(1)
    }
    var status: Int32 = 0
    #expect(waitpid(child, &status, 0) == child)
    #expect(status & 0x7F == 0, "ended by itself")
    #expect(status >> 8 & 0xFF == 130)
    #expect(!Interruption.requested)
    signal(SIGINT, SIG_DFL)
    signal(SIGTERM, SIG_DFL)
  }
}

extension InterruptionTests {
  /// What a child sees of a SIGHUP, which it ignored before or not: 3 where it is asked to stop.
  private func statusAfterHangup(ignored: Bool) -> Int32 {
    let child = posixFork()
    if child == 0 {
      var signals = sigset_t()
      sigfillset(&signals)
      pthread_sigmask(SIG_UNBLOCK, &signals, nil)
      _ = signal(SIGHUP, ignored ? SIG_IGN : SIG_DFL)
      Interruption.install()
      raise(SIGHUP)
      _exit(Interruption.requested ? 3 : 0)
    }
    var status: Int32 = 0
    #expect(waitpid(child, &status, 0) == child)
    return status & 0x7F == 0 ? status >> 8 & 0xFF : -1
  }

  @Test func `a terminal that is gone asks to stop, but not under nohup`() {
    #expect(statusAfterHangup(ignored: false) == 3)
    #expect(statusAfterHangup(ignored: true) == 0)
  }
}

/// `fork`, which Swift hides because only simple children are safe.
@_silgen_name("fork") private func posixFork() -> pid_t
