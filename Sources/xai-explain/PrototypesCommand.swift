import ArgumentParser
import XAICommandLine
import XAIExperiments
import XAIReports

/// Finds images that stand for classes.
struct PrototypesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prototypes",
    abstract: "Which images stand for a class, and which do they not stand for (MMD-critic).",
    usage: "xai-explain prototypes --checkpoint FILE --data DIR|shapes --output DIR",
    discussion: """
      Prototypes and criticisms of training images in the features of a layer. Beside them stand random images of the \
      same number, the accuracy of the nearest prototype on test images, and what is chosen with a random dense head \
      and on random weights.

      The folder receives index.html, results.json, results.csv, curve.csv, charts and pictures; nothing of it where \
      the program is interrupted, with status 130.
      """)

  @OptionGroup(title: "Prototypes") var prototypes: PrototypeOptions
  @OptionGroup(title: "Features") var features: FeatureOptions
  @OptionGroup(title: "Network and data") var options: ExampleDataOptions

  func run() throws {
    try options.test.work.run { console in
      let session = try options.session(console)
      let experiment = try PrototypeExperiment(
        prototypes.configuration(features, session), in: session)
      try StudyWork(options.test, overwrite: options.overwrite, console).run(
        experiment, in: session
      ) {
        PrototypeReport($0, command: console.commandWords)
      } lines: {
        $0.results.lines
      }
    }
  }
}
