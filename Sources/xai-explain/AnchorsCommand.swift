import ArgumentParser
import XAICommandLine
import XAIExperiments
import XAIReports

/// Finds what is sufficient for answers.
struct AnchorsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "anchors",
    abstract:
      "What is sufficient for an answer: the fewest segments, or features of scenes, that keep it, proved.",
    usage: "xai-explain anchors --checkpoint FILE --data DIR|shapes --output DIR",
    discussion: """
      Samples suggest rules, fresh samples prove them, with a confidence that is spent over all looks. That no rule \
      was proved is a result, with the best attempt. The same question to a network with a random dense head says \
      what stayed.

      The folder receives index.html, results.json, results.csv and pictures. Interrupted, with status 130, the program \
      keeps the images that are finished, and the same command goes on.
      """)

  @OptionGroup(title: "Rules") var anchors: AnchorOptions
  @OptionGroup(title: "Network and images") var options: ExampleImageOptions

  func run() throws {
    try options.test.work.run { console in
      let session = try options.session(console)
      let experiment = try AnchorExperiment(
        anchors.configuration(options.chosen.choice()), in: session)
      try StudyWork(options.test, overwrite: options.overwrite, console).run(
        experiment, in: session
      ) {
        AnchorReport($0, command: console.commandWords)
      } lines: {
        $0.results.lines
      }
    }
  }
}
