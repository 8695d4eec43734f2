import ArgumentParser
import XAICommandLine
import XAIExperiments
import XAIReports

/// Tests which layers represent images alike.
struct SimilarityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "similarity",
    abstract: "What a network has learned: which layers, of one network or two, see the same.",
    usage: """
      xai-explain similarity --checkpoint FILE [--checkpoint FILE] --data DIR|shapes --output DIR
      """,
    discussion: """
      Each layer is compared with each, on the same images. Beside the numbers stand those of unrelated layers (the \
      images of one side in another order) and of a network of random weights.

      The folder receives index.html, results.json and results.csv, and heat maps; nothing of it where the program \
      is interrupted, with status 130.
      """)

  @Option(
    help: ArgumentHelp(
      "A safetensors file; once, or twice to compare two networks.", valueName: "file"))
  var checkpoint: [String]
  @OptionGroup(title: "Similarity") var similarity: SimilarityOptions
  @OptionGroup(title: "Network and data") var options: RepresentationOptions

  func validate() throws {
    guard 1...2 ~= checkpoint.count else {
      throw ValidationError("expected --checkpoint once or twice, found \(checkpoint.count)")
    }
  }

  func run() throws {
    try options.test.work.run { console in
      let session = try options.session(
        checkpoint, networksTogether: checkpoint.count + 1, console)
      let experiment = try SimilarityExperiment(
        similarity.configuration(layers: options.layerWords), in: session)
      try StudyWork(options, console).run(experiment, in: session) {
        SimilarityReport($0, command: console.commandWords)
      } lines: {
        $0.lines
      }
    }
  }
}
