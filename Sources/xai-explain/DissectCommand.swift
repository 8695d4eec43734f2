import ArgumentParser
import XAICommandLine
import XAIExperiments
import XAIReports

/// Finds what units detect.
struct DissectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dissect",
    abstract: "What a network has learned: which units detect which concepts (network dissection).",
    usage: "xai-explain dissect --checkpoint FILE --data DIR|shapes --output DIR",
    discussion: """
      Where a unit is most active is held against where concepts are: exact masks of shapes, boxes of Tiny ImageNet, \
      colors of pixels. A detector beats masks of other images; rotated axes and networks of random weights say how \
      many detectors there are by chance.

      The folder receives index.html, results.json, results.csv, layers.csv, a chart, and images of the best \
      detectors; where the \
      program is interrupted, with status 130, finished parts wait in a folder beside it, and the same command goes on.
      """)

  @Option(help: ArgumentHelp("A safetensors file.", valueName: "file"))
  var checkpoint: String
  @OptionGroup(title: "Dissection") var dissection: DissectionOptions
  @OptionGroup(title: "Network and data") var options: RepresentationOptions

  func run() throws {
    try options.test.work.run { console in
      let session = try options.session([checkpoint], networksTogether: 2, console)
      let experiment = try DissectionExperiment(
        dissection.configuration(layers: options.layerWords), in: session)
      try StudyWork(options, console).run(experiment, in: session) {
        DissectionReport($0, command: console.commandWords)
      } lines: {
        $0.results.lines
      }
    }
  }
}
