import ArgumentParser
import XAICommandLine

/// Computes rules, counterfactuals, influence and prototypes from given tensors.
struct ExamplesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "examples",
    abstract: "Compute rules, counterfactuals, influence and more from given tensors.",
    discussion: """
      For other programs to check: the given file holds images, labels, segments, starts and outcomes; its metadata \
      'parameters' name the tensors that are asked for, each with its parameters.
      """)

  @OptionGroup var options: GivenOptions

  func run() throws {
    try Console.run("xai-explain", quiet: options.quiet, threads: options.threads) { console in
      try GivenWork(options, console).examples()
    }
  }
}
