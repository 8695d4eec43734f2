import ArgumentParser
import XAIConsole
import XAIDatasets
import XAITensor

/// What both comparisons of maps have in common.
struct ContrastOptions: ParsableArguments {
  @Flag(help: "Leave the controls out: random, constant, edge-detector, input.")
  var withoutControls = false
  @Option(
    parsing: .unconditional,
    help: "Images whose maps are drawn, from the first; numbers are about all. Default is 12.",
    transform: Parse.nonNegativeInteger)
  var pictures = 12
  @Option(
    parsing: .unconditional, help: "Decides every random choice.", transform: Parse.seed)
  var seed: UInt64 = 0
  @Option(
    parsing: .unconditional,
    help: "The memory that the program may take, such as 1500M; default is 2G.",
    transform: Parse.byteCount)
  var memory: Int?
  @Option(
    parsing: .unconditional, help: "Threads; default is one for each processor.",
    transform: Parse.threadCount)
  var threads: Int?
  @Flag(help: "Tell what the comparison would cost, and do nothing.")
  var dryRun = false
  @Flag(help: "Say nothing but results, warnings and failures.")
  var quiet = false
  @Option(help: "The folder to write; it must be new or empty.")
  var output: String?

  func validate() throws {
    if output == nil && !dryRun { throw ValidationError("expected --output, a folder to write") }
  }

  /// The number of threads.
  var threadCount: Int { threads ?? BackgroundThread.processors }
}
