import ArgumentParser
import XAICommandLine

/// Measures how good explanations are.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure explanations: how faithful, well placed, stable and simple they are.",
    usage: """
      xai-explain evaluate --checkpoint FILE --tensor IN.safetensors:NAME --target INDEX,... \
      --given FILE --raw OUT.safetensors
      """,
    discussion: """
      Takes normalized images [N, C, H, W], and with --given maps of them and every random choice: masks, \
      orders, subsets, noise, neighbors and their maps. Its metadata name under "parameters" every tensor that \
      is wanted with its steps, sides, thresholds and shares. Writes each measure under its name, NaN where it \
      is undefined.
      """)

  @Option(help: "A run's bestmodel.safetensors, or a file of PyTorch (.pt, .safetensors).")
  var checkpoint: String
  @OptionGroup(title: "Network") var reading: CheckpointOptions
  @OptionGroup(title: "Measures") var options: ScoreOptions

  func run() throws {
    try Console.run("xai-explain", quiet: options.quiet, threads: options.threads) { console in
      try ScoreWork(checkpoint, reading, options, console).run()
    }
  }
}
