import ArgumentParser
import XAICommandLine
import XAIExperiments
import XAIReports

/// Picks a few images that show everything.
struct RepresentativesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "representatives",
    abstract: "Which few explanations show what all of them rely on (SP-LIME).",
    usage: "xai-explain representatives --checkpoint FILE --data DIR|shapes --output DIR",
    discussion: """
      Test images are picked one after the other, each for the most important channels that no pick before it uses. \
      Random images of the same number, and the picks of random weights, stand beside them.

      The folder receives index.html, results.json, results.csv, curve.csv, a chart and pictures; nothing of it where \
      the program is interrupted, with status 130.
      """)

  @OptionGroup(title: "Representatives") var representatives: RepresentativeOptions
  @OptionGroup(title: "Network and data") var options: ExampleDataOptions

  func run() throws {
    try options.test.work.run { console in
      let session = try options.session(console)
      let experiment = try RepresentativeExperiment(
        representatives.configuration, in: session)
      try StudyWork(options.test, overwrite: options.overwrite, console).run(
        experiment, in: session
      ) {
        RepresentativeReport($0, command: console.commandWords)
      } lines: {
        $0.results.lines
      }
    }
  }
}
