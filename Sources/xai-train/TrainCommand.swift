import ArgumentParser
import XAICommandLine

/// Trains a network and saves `bestmodel`.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "xai-train",
    abstract: "Train a modified VGG-16 from JPEG files to bestmodel.safetensors.",
    discussion: """
      Writes into the run folder: bestmodel.safetensors, last.safetensors, config.json, metrics.csv, \
      steps.csv, curves.svg, summary.json. SIGINT, SIGTERM and SIGUSR1 finish the step and save; --resume continues, and \
      the result equals that of an uninterrupted run bit for bit. A run that is over goes on with \
      --resume and more --epochs or --patience.

      --from CHECKPOINT starts from trained weights (fine-tuning): classes are matched by their ids, \
      or by their names where it has names alone; outputs of other classes are new, and --freeze keeps \
      layers as they are.

      xai-train export-data --data shapes --output DIR writes the built-in data set as JPEG files. xai-train prune \
      --checkpoint FILE --data DIR --output RUN removes filters of a trained network.
      """,
    version: ProgramVersion.line(of: "xai-train"))

  @OptionGroup var common: CommonOptions
  @OptionGroup var recipe: RecipeOptions
  @OptionGroup var session: SessionOptions

  func validate() throws {
    try common.requireData()
    if session.resume && session.resumeOrStart {
      throw ValidationError("--resume and --resume-or-start exclude each other; give one of them")
    }
  }

  func run() throws {
    try Console.run("xai-train", quiet: common.quiet, threads: common.threads) { console in
      try TrainingWork(common, recipe, session, console).run()
    }
  }
}
