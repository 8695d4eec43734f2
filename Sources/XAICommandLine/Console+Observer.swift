import XAIAttribution
import XAIKernels
public import XAITensor

extension Console: WorkObserver {
  /// Says what a person should know; what is no warning, unless the console is quiet.
  /// - Parameter remark: What it is.
  public func tell(_ remark: any Remark) {
    let sentence = remark.commandSentence
    if remark.isWarning { warn(sentence) } else { note(sentence) }
  }

  /// Shows a bar.
  /// - Parameters:
  ///   - work: What it is.
  ///   - total: Its steps.
  ///   - unit: What the steps are called.
  public func begin(_ work: String, total: Int, unit: String) {
    _ = progress(work, total: total, unit: unit)
  }

  /// Moves the bar.
  /// - Parameters:
  ///   - done: How many steps so far.
  ///   - detail: Further words.
  public func advance(to done: Int, _ detail: @autoclosure () -> String) {
    update(done) { detail() }
  }

  /// Removes the bar.
  public func end() { finishProgress() }

  /// From now on a signal asks to stop instead of ending the program.
  public func becomesStoppable() { Interruption.install() }

  /// Whether a signal arrived.
  public var isStopped: Bool { Interruption.requested }
}

extension Console {
  /// Runs work that observes this console.
  /// - Parameters:
  ///   - sentence: What is said where a signal stopped it: what was saved, and how to go on.
  ///   - work: The work.
  /// - Returns: What it returns.
  /// - Throws: `Interrupted` where it was stopped; what the work throws.
  package func stoppable<Result>(
    _ sentence: @autoclosure () -> String, _ work: () throws -> Result
  ) throws -> Result {
    do {
      return try work()
    } catch is AttributionStopped {
      throw Interrupted(sentence())
    } catch is WorkStopped {
      throw Interrupted(sentence())
    }
  }

  /// Runs a command.
  /// - Parameters:
  ///   - program: The program's name.
  ///   - quiet: Whether only results, warnings and failures are shown.
  ///   - threads: The number of threads that was asked for; nil for one on each processor.
  ///   - offersSkipping: Whether the command has `--skip-corrupt`.
  ///   - work: The work.
  /// - Throws: `ExitCode`, or an error of ArgumentParser.
  package static func run(
    _ program: String, quiet: Bool, threads: Int?, offersSkipping: Bool = true,
    _ work: (Console) throws -> Void
  ) throws {
    let console = Console(program: program, quiet: quiet, offersSkipping: offersSkipping)
    try console.reportingFailures { console in
      ThreadTeam.setCount(threads ?? BackgroundThread.processors)
      console.warn(ofThreads: ThreadTeam.count, insteadOf: threads)
      try work(console)
    }
  }
}
