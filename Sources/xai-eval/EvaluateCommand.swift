import ArgumentParser
import XAICommandLine

/// Evaluates a checkpoint on labelled images.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "xai-eval",
    abstract:
      "Tell how well a checkpoint classifies labelled images, or what it takes pictures for.",
    version: ProgramVersion.line(of: "xai-eval"))

  @OptionGroup var options: EvaluationOptions
  @OptionGroup(title: "Network") var network: CheckpointOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if options.image.isEmpty { try common.requireData() }
    try options.validate(data: common.data)
  }

  func run() throws {
    try Console.run("xai-eval", quiet: common.quiet, threads: common.threads) { console in
      try EvaluationWork(options, network, common, console).run()
    }
  }
}
