import ArgumentParser
import XAICommandLine
import XAIExperiments
import XAIReports

/// Finds the training images that matter to an answer.
struct InfluenceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "influence",
    abstract: "Which training images made an answer what it is, checked by leaving them out.",
    usage: "xai-explain influence --checkpoint FILE --data DIR|shapes --output DIR",
    discussion: """
      Training images of --data are searched; --samples of it, or --image, are asked about. Leaving out is exact for \
      the last layer, fitted again on frozen features. Neighbors stand beside it always, and the lists of random \
      weights.

      The folder receives index.html, results.json, results.csv, check.csv, scatter plots and pictures; nothing of it \
      where the program is interrupted, with status 130.
      """)

  @OptionGroup(title: "Influence") var influence: InfluenceOptions
  @OptionGroup(title: "Features") var features: FeatureOptions
  @OptionGroup(title: "Network and images") var options: ExampleImageOptions

  func validate() throws {
    if options.chosen.data == nil {
      throw ValidationError("expected --data, whose training images are searched")
    }
  }

  func run() throws {
    try options.test.work.run { console in
      let session = try options.session(console)
      let experiment = try InfluenceExperiment(
        influence.configuration(options.chosen.choice(), features), in: session)
      try StudyWork(options.test, overwrite: options.overwrite, console).run(
        experiment, in: session
      ) {
        InfluenceReport($0, command: console.commandWords)
      } lines: {
        $0.results.lines
      }
    }
  }
}
