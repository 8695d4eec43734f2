import ArgumentParser
import XAICommandLine
import XAIExperiments
import XAIReports

/// Finds what can be read from layers.
struct ProbeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "probe",
    abstract: "What a network has learned: which properties of images can be read from its layers.",
    usage:
      "xai-explain probe --checkpoint FILE --data DIR|shapes --property NAME,NAME --output DIR",
    discussion: """
      A linear model of a layer predicts a property of images that it has not seen. Its accuracy alone says nothing: \
      beside it stand the most frequent answer, a probe of the pixels, probes of random weights, and random labels \
      of classes (control tasks).

      The folder receives index.html, results.json and results.csv, and charts; where the program is \
      interrupted, with status 130, finished parts wait in a folder beside it, and the same command goes on.
      """)

  @Option(help: ArgumentHelp("A safetensors file.", valueName: "file"))
  var checkpoint: String
  @OptionGroup(title: "Probes") var probes: ProbeOptions
  @OptionGroup(title: "Network and data") var options: RepresentationOptions

  func run() throws {
    try options.test.work.run { console in
      let session = try options.session([checkpoint], networksTogether: 2, console)
      let experiment = try ProbeExperiment(
        probes.configuration(layers: options.layerWords), in: session)
      try StudyWork(options, console).run(experiment, in: session) {
        ProbeReport($0, command: console.commandWords)
      } lines: {
        $0.lines
      }
    }
  }
}
