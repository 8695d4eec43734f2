import ArgumentParser
import XAICommandLine
import XAIExperiments
import XAIReports

/// Draws what excites classes and units.
struct VisualizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "visualize",
    abstract: "What a network has learned: pictures that excite its classes, units and concepts.",
    usage: """
      xai-explain visualize --checkpoint FILE --data DIR|shapes --classes C,C --output DIR
             xai-explain visualize --checkpoint FILE --data DIR|shapes --units conv7_relu:37 --output DIR
             xai-explain visualize --checkpoint FILE --data shapes --concept shapes:pattern=stripes --output DIR
      """,
    discussion: """
      Beside each picture stand the same of a network of random weights and the test images that excite it most. How \
      sure a network is of such a picture is no evidence that a person recognizes anything in it.

      The folder receives index.html, results.json and results.csv, and the pictures; nothing of it where the program \
      is interrupted, with status 130.
      """)

  @Option(help: ArgumentHelp("A safetensors file.", valueName: "file"))
  var checkpoint: String
  @OptionGroup(title: "Pictures") var pictures: VisualizationOptions
  @OptionGroup(title: "Network and data") var options: RepresentationOptions

  func validate() throws {
    if options.layers != nil && pictures.concept == nil {
      throw ValidationError("expected --units, as --layers are those of a --concept")
    }
  }

  func run() throws {
    try options.test.work.run { console in
      let session = try options.session([checkpoint], networksTogether: 2, console)
      let experiment = try VisualizationExperiment(
        pictures.configuration(of: session, layers: options.layerWords), in: session)
      try StudyWork(options, console).run(experiment, in: session) {
        VisualizationReport($0, command: console.commandWords)
      } lines: {
        $0.results.lines
      }
    }
  }
}
