import ArgumentParser
import XAICommandLine
import XAIExperiments
import XAIReports

/// Fits simple models to what a network says.
struct SurrogateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "surrogate",
    abstract: "What a network has learned: simple models of named features that stand in for it.",
    usage: """
      xai-explain surrogate --checkpoint FILE --data DIR|shapes [--target C] --output DIR
      """,
    discussion: """
      A tree, a regression and nearest neighbors are fitted to what the network says, and judged on images that they \
      have not seen: one that does not beat the most frequent answer explains nothing.

      The folder receives index.html, results.json, results.csv, columns.csv, and the tree; nothing of it where the \
      program is interrupted, with status 130.
      """)

  @Option(help: ArgumentHelp("A safetensors file.", valueName: "file"))
  var checkpoint: String
  @OptionGroup(title: "Models") var surrogates: SurrogateOptions
  @OptionGroup(title: "Network and data") var options: RepresentationOptions

  func validate() throws {
    if options.layers != nil && surrogates.concepts == nil {
      throw ValidationError(
        "expected no --layers without --concepts: neighbors are those of the last hidden layer")
    }
  }

  func run() throws {
    try options.test.work.run { console in
      let session = try options.session([checkpoint], networksTogether: 1, console)
      let experiment = try SurrogateExperiment(
        surrogates.configuration(of: session, layers: options.layerWords), in: session)
      try StudyWork(options, console).run(experiment, in: session) {
        SurrogateReport($0, command: console.commandWords)
      } lines: {
        $0.lines
      }
    }
  }
}
