package import ArgumentParser
import XAITensor

/// What all tests of explanations have in common: how they run, and where they write.
package struct TestOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "Decides every random choice; where layers are randomized, draw k has seed + k.",
    transform: Parse.seed)
  package var seed: UInt64 = 0
  @Option(
    parsing: .unconditional,
    help: """
      The memory that the program may take, such as 1500M; default is 350M and up to 14 times the weights.
      """,
    transform: Parse.byteCount)
  package var memory: Int?
  @Option(
    parsing: .unconditional, help: "Threads; default is one for each processor.",
    transform: Parse.threadCount)
  package var threads: Int?
  @Flag(help: "Tell what it would cost, and do nothing.")
  package var dryRun = false
  @Flag(help: "Say nothing but results, warnings and failures.")
  package var quiet = false
  @Option(help: "The folder to write.")
  package var output: String?

  @OptionGroup package var color: ColorOptions

  package init() {}

  package func validate() throws {
    if output == nil && !dryRun { throw ValidationError("expected --output, a folder to write") }
  }

  /// Runs a test.
  /// - Parameter work: The work.
  /// - Throws: `ExitCode`, or an error of ArgumentParser.
  package func run(_ work: (Console) throws -> Void) throws {
    try Console.run("xai-explain", quiet: quiet, threads: threads, work)
  }

  /// The number of threads.
  package var threadCount: Int { threads ?? BackgroundThread.processors }
}
