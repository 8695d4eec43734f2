package import ArgumentParser
package import XAITraining

/// The options that do not decide the result.
package struct SessionOptions: ParsableArguments {
  @Option(help: "The run folder.")
  package var output: String
  @Flag(help: "Continue the training in the run folder.")
  package var resume = false
  @Flag(
    help:
      "Continue the training in the run folder, or start one where there is none: for batch systems."
  )
  package var resumeOrStart = false
  @Option(help: "Stop after so many steps in all.", transform: Parse.positiveInteger)
  package var maxSteps: Int?
  @Option(
    help: "Save all state every N steps (500) or minutes (10min), besides after each epoch.",
    transform: Parse.saveInterval)
  package var saveEvery: SaveInterval?
  @Flag(help: "Write TensorBoard event files.")
  package var tensorboard = false
  @Flag(help: "Print a table of where the time goes.")
  package var profile = false

  package init() {}

  /// Whether the training in a folder is continued.
  /// - Parameter folder: The run folder.
  /// - Returns: Whether it is; else a new one starts.
  package func resumes(_ folder: RunFolder) -> Bool { resume || resumeOrStart && folder.holdsState }

  /// The command that continues this session.
  /// - Parameter common: The options of data and behaviour.
  /// - Returns: A line for a shell; the rest of the configuration is in the run folder.
  package func resumeCommand(_ common: CommonOptions) -> String {
    var words = ["xai-train", "--output", output, "--resume"] + common.words
    switch saveEvery {
    case .steps(let steps)?: words += ["--save-every", "\(steps)"]
    case .minutes(let minutes)?: words += ["--save-every", "\(minutes)min"]
    case nil: break
    }
    if tensorboard { words.append("--tensorboard") }
    return words.map(Format.shellWord).joined(separator: " ")
  }

  package var trainerOptions: Trainer.Options {
    var options = Trainer.Options()
    options.maxSteps = maxSteps
    options.tensorBoard = tensorboard
    switch saveEvery {
    case .steps(let steps)?: options.saveEverySteps = steps
    case .minutes(let minutes)?: options.saveEverySeconds = 60 * minutes
    case nil: break
    }
    return options
  }
}
