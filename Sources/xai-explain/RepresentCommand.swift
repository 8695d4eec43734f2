import ArgumentParser
import XAICommandLine

/// Computes what a network has learned from given tensors.
struct RepresentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "represent",
    abstract: "Compute concepts, probes, similarity and more from given tensors.",
    discussion: """
      For other programs to check: the given file holds images of 8 bits, labels, masks and starts; its metadata \
      'parameters' name the tensors that are asked for, each with its parameters.
      """)

  @OptionGroup var options: GivenOptions

  func run() throws {
    try Console.run("xai-explain", quiet: options.quiet, threads: options.threads) { console in
      try GivenWork(options, console).represent()
    }
  }
}
