import ArgumentParser
import XAICommandLine
import XAIExperiments
import XAIReports

/// Finds what would have to be different.
struct CounterfactualCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "counterfactual",
    abstract: "What would have to be different for another answer, checked after rounding.",
    usage:
      "xai-explain counterfactual --checkpoint FILE --data DIR|shapes --kind KIND --output DIR",
    discussion: """
      Every answer is a picture of bytes that the network was asked about again, with its distance, plausibility, \
      stability, and the agreement of a second network. That nothing was found is a result, with the best attempt. \
      Noise in a random direction, the nearest training image with the goal, and the same question to a random dense \
      head stand beside it.

      The folder receives index.html, results.json, results.csv and pictures. Interrupted, with status 130, the program \
      keeps the images that are finished, and the same command goes on.
      """)

  @OptionGroup(title: "Counterfactuals") var counterfactual: CounterfactualOptions
  @OptionGroup(title: "Network and images") var options: ExampleImageOptions

  func run() throws {
    try options.test.work.run { console in
      let session = try options.session(also: counterfactual.also, console)
      let experiment = try CounterfactualExperiment(
        counterfactual.configuration(options.chosen.choice(), session), in: session)
      try StudyWork(options.test, overwrite: options.overwrite, console).run(
        experiment, in: session
      ) {
        CounterfactualReport($0, command: console.commandWords)
      } lines: {
        $0.results.lines
      }
    }
  }
}
