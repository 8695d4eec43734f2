import ArgumentParser
import XAIConsole
import XAIDatasets
import XAITraining

/// The options that do not decide the result.
struct SessionOptions: ParsableArguments {
  @Option(help: "The run folder.")
  var output: String
  @Flag(help: "Continue the training in the run folder.")
  var resume = false
  @Option(help: "Threads; default is one for each processor.", transform: Parse.threadCount)
  var threads: Int?
  @Option(help: "Stop after so many steps in all.", transform: Parse.positiveInteger)
  var maxSteps: Int?
  @Option(
    help: "Save all state every N steps (500) or minutes (10min), besides after each epoch.",
    transform: Parse.saveInterval)
  var saveEvery: SaveInterval?
  @Flag(help: "Leave unreadable images out, count and list them.")
  var skipCorrupt = false
  @Option(help: "The file of decoded pixels, or none; default is beside the data.")
  var cache: String?
  @Flag(help: "Write TensorBoard event files.")
  var tensorboard = false
  @Flag(help: "Print a table of where the time goes.")
  var profile = false
  @Flag(help: "Say nothing but failures.")
  var quiet = false

  var threadCount: Int { threads ?? BackgroundThread.processors }

  /// The command that continues this session.
  /// - Parameter data: The value of `--data`.
  /// - Returns: A line for a shell; the rest of the configuration is in the run folder.
  func resumeCommand(data: String) -> String {
    var words = ["xai-train", "--data", data, "--output", output, "--resume"]
    if let threads { words += ["--threads", "\(threads)"] }
    switch saveEvery {
    case .steps(let steps)?: words += ["--save-every", "\(steps)"]
    case .minutes(let minutes)?: words += ["--save-every", "\(minutes)min"]
    case nil: break
    }
    if skipCorrupt { words.append("--skip-corrupt") }
    if let cache { words += ["--cache", cache] }
    if tensorboard { words.append("--tensorboard") }
    if quiet { words.append("--quiet") }
    return words.map(Format.shellWord).joined(separator: " ")
  }

  var trainerOptions: Trainer.Options {
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
