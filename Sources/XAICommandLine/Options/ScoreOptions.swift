package import ArgumentParser
import XAITensor

/// The options of `evaluate`.
package struct ScoreOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Normalized images [N, C, H, W].", valueName: "file:name"))
  package var tensor: String
  @Option(
    parsing: .unconditional,
    help: "A class for each image, or one for all: an index, an identifier or a name.")
  package var target: String
  @Option(help: "The safetensors file of maps and random choices.")
  package var given: String
  @Option(help: "The safetensors file to write.")
  package var raw: String
  @Option(
    parsing: .unconditional, help: "Decides every random choice that is not given.",
    transform: Parse.seed)
  package var seed: UInt64 = 0
  @Option(
    parsing: .unconditional, help: "The memory that the program may take, such as 1G.",
    transform: Parse.byteCount)
  package var memory: Int?
  @Option(
    parsing: .unconditional, help: "Threads; default is one for each processor.",
    transform: Parse.threadCount)
  package var threads: Int?
  @Flag(help: "Say nothing but results, warnings and failures.")
  package var quiet = false

  package init() {}
}
