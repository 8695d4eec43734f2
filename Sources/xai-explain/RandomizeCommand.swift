import ArgumentParser
import XAICommandLine
import XAIExperiments

/// Tests explanations by randomizing the network.
struct RandomizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "randomize",
    abstract: "Test explanations: randomize the network's layers and watch the maps.",
    usage: """
      xai-explain randomize --checkpoint FILE --data DIR|shapes --output DIR
             xai-explain randomize --checkpoint FILE --data DIR|shapes --preset thesis --output DIR
             xai-explain randomize --checkpoint FILE --images FILE... --output DIR
             xai-explain randomize ... --output DIR --shard 3/64
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
  @OptionGroup(title: "Run") var part: ShardOptions
  @Flag(help: "Print where the time went.")
  var profile = false

  func validate() throws {
    try images.chosen.validateUse()
    if randomization.preset != nil {
      if methods.method != nil { throw ValidationError("expected --preset or --method, not both") }
      if methods.noise.noise != nil || !images.baseline.isEmpty {
        throw ValidationError(
          "--preset decides noise and baselines: give neither --noise nor --baseline with it")
      }
    }
    if randomization.smooth && (methods.noise.noise != nil || randomization.preset != nil) {
      throw ValidationError("--smooth cannot be given with --noise or --preset")
    }
  }

  func run() throws {
    try session.work.run { console in
      // A word that means nothing is told before anything is read.
      let wanted = try randomization.configuration(images, methods)
      // The original network and a random one.
      let opened = try images.chosen.session(
        [checkpoint], networksTogether: 2, reading, session.work, console)
      try RandomizationWork(session, console)
        .run(wanted, in: opened, shard: try part.chosen(console), profiles: profile)
    }
  }
}
