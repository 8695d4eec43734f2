package import ArgumentParser
import XAITensor

/// How work runs: what decides random choices, what it may take, how much it says.
package struct RunOptions: ParsableArguments {
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
  @Flag(help: "Say nothing but results, warnings and failures.")
  package var quiet = false

  package init() {}

  /// Runs work.
  /// - Parameter work: The work.
  /// - Throws: `ExitCode`, or an error of ArgumentParser.
  package func run(_ work: (Console) throws -> Void) throws {
    try Console.run("xai-explain", quiet: quiet, threads: threads, work)
  }

  /// The number of threads.
  package var threadCount: Int { threads ?? BackgroundThread.processors }
}
