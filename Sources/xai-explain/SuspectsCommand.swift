import ArgumentParser
import XAICommandLine
import XAIExperiments
import XAIReports

/// Finds training images that are hard or mislabeled.
struct SuspectsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "suspects",
    abstract: "Which training images are hard or mislabeled, and whether that would be found.",
    usage: "xai-explain suspects --checkpoint FILE --data DIR|shapes --output DIR",
    discussion: """
      Scores of every training image: self-influence, loss, margin, neighbors of another label. With --flip some \
      labels are exchanged before, and each score says how well it finds them (AUC). Ranks of random weights stand \
      beside them.

      The folder receives index.html, results.json, results.csv of every image, confusions.csv and pictures; nothing \
      of it where the program is interrupted, with status 130.
      """)

  @OptionGroup(title: "Suspects") var suspects: SuspectOptions
  @OptionGroup(title: "Features") var features: FeatureOptions
  @OptionGroup(title: "Network and data") var options: ExampleDataOptions

  func run() throws {
    try options.test.work.run { console in
      let session = try options.session(console)
      let experiment = try SuspectExperiment(
        suspects.configuration(features), in: session)
      try StudyWork(options.test, overwrite: options.overwrite, console).run(
        experiment, in: session
      ) {
        SuspectReport($0, command: console.commandWords)
      } lines: {
        $0.results.lines
      }
    }
  }
}
