import ArgumentParser
import XAICommandLine
import XAIExperiments
import XAIReports

/// Tests which concepts classes depend on.
struct ConceptsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "concepts",
    abstract: "What a network has learned: which concepts its classes depend on (TCAV).",
    usage: """
      xai-explain concepts --checkpoint FILE --data DIR --concepts class:ID,folder:DIR --classes C,C --output DIR
             xai-explain concepts --checkpoint FILE --data shapes --concepts shapes:pattern=stripes --classes C --output DIR
      """,
    discussion: """
      A concept is used by a class where its direction in a layer moves the class more than the directions of random \
      concepts do: an exact test by rank, adjusted over everything that one call tests.

      The folder receives index.html, results.json and results.csv, charts, and images of the concepts; where the \
      program is interrupted, with status 130, finished parts wait in a folder beside it, and the same command goes on.
      """)

  @Option(help: ArgumentHelp("A safetensors file.", valueName: "file"))
  var checkpoint: String
  @OptionGroup(title: "Concepts") var concepts: ConceptOptions
  @OptionGroup(title: "Network and data") var options: RepresentationOptions

  func run() throws {
    try options.test.work.run { console in
      // A word that means nothing is told before anything is read.
      let sources = try ConceptSource.list(concepts.concepts)
      let session = try options.session([checkpoint], networksTogether: 2, console)
      let experiment = try ConceptExperiment(
        concepts.configuration(sources, of: session, layers: options.layerWords), in: session)
      try StudyWork(options, console).run(experiment, in: session) {
        ConceptReport($0, command: console.commandWords)
      } lines: {
        $0.results.lines
      }
    }
  }
}
