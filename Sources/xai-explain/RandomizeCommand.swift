import ArgumentParser
import XAIAttribution
import XAICommandLine
import XAIDatasets
import XAIExperiments
import XAIKernels

/// Tests explanations by randomizing the network.
struct RandomizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "randomize",
    abstract: "Test explanations: randomize the network's layers and watch the maps.",
    usage: """
      xai-explain randomize --checkpoint FILE --data DIR|shapes --output DIR
             xai-explain randomize --checkpoint FILE --data DIR|shapes --preset thesis --output DIR
             xai-explain randomize --checkpoint FILE --images FILE... --output DIR
      """,
    discussion: """
      An explanation that stays as it is while the network loses what it learned explains nothing. The \
      folder receives index.html, results.json and results.csv, plots, strips of heatmaps, and every \
      finished map.

      Ctrl-C leaves what is finished, with status 130; the same command goes on from there. A method, \
      image, seed or mode that is added later is all that is computed then.
      """)

  @Option(help: "A run's bestmodel.safetensors, or a file of PyTorch (.pt, .safetensors).")
  var checkpoint: String
  @OptionGroup(title: "Network") var reading: CheckpointOptions
  @OptionGroup(title: "Images") var images: TestImageOptions
  @OptionGroup(title: "Randomization") var randomization: RandomizeOptions
  @OptionGroup(title: "Methods") var methods: MethodOptions
  @OptionGroup(title: "Run") var session: TestOptions
  @Flag(help: "Print where the time went.")
  var profile = false

  func validate() throws {
    try images.validateUse()
    if randomization.preset != nil {
      if methods.method != nil { throw ValidationError("expected --preset or --method, not both") }
      if methods.noise.noise != nil || !images.baseline.isEmpty {
        throw ValidationError(
          "--preset decides noise and baselines: give neither --noise nor --baseline with it")
      }
    }
    if let seeds = randomization.seeds, seeds > RandomizeOptions.mostSeeds {
      throw ValidationError(
        "--seeds \(seeds): at most \(RandomizeOptions.mostSeeds) draws are made")
    }
    if randomization.smooth && (methods.noise.noise != nil || randomization.preset != nil) {
      throw ValidationError("--smooth cannot be given with --noise or --preset")
    }
  }

  func run() throws {
    try Console(program: "xai-explain", quiet: session.quiet).reportingFailures { console in
      ThreadTeam.setCount(session.threadCount)
      console.warn(ofThreads: ThreadTeam.count, insteadOf: session.threads)
      try RandomizationProgram(self, console).run()
    }
  }
}

/// Which images are tested.
struct TestImageOptions: ParsableArguments {
  @Option(
    name: [.long, .customLong("image")], parsing: .upToNextOption,
    help: ArgumentHelp("JPEG or PNG files, or folders of them.", valueName: "file|folder"))
  var images: [String] = []
  @Option(help: "Test images of \(DataSource.arguments).")
  var data: String?
  @Option(help: "The file of decoded pixels of --data, or none; default is none.")
  var cache: String?
  @Flag(help: "Leave images that cannot be read out, count and list them.")
  var skipCorrupt = false
  @Option(
    parsing: .unconditional,
    help: """
      Test images of --data: auto:N for the first N that the network recognises, each of another class; \
      a number from the first; or names. Default is auto:5.
      """)
  var samples: String?
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      """
      What methods compare with: blur, black, white, zero, mean, noise, data, data:N or file PATH. \
      Default is blur; data:64 for a distribution; the image and the image blurred for gradient-shap.
      """, valueName: "baseline"))
  var baseline: [String] = []

  /// The data that a session opens.
  func choice(threads: Int) -> Session.DataChoice {
    .init(data: data, cache: cache, skipCorrupt: skipCorrupt, threads: threads)
  }

  func validateUse() throws {
    if images.isEmpty && data == nil { throw ValidationError("expected --data or --images") }
    if samples != nil && !images.isEmpty {
      throw ValidationError("expected --images or --samples, not both")
    }
  }
}
