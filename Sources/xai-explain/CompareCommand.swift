import ArgumentParser
import XAICommandLine
import XAIExperiments

/// Tests whether explanations depend on the network.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Test explanations: compare the maps of two networks.",
    usage: """
      xai-explain compare --checkpoint A --checkpoint B --data DIR|shapes [--samples N] --output DIR
             xai-explain compare --checkpoint A --checkpoint B --images FILE... --output DIR
             xai-explain compare ... --output DIR --shard 3/64
      """,
    discussion: """
      The same images and methods on two checkpoints: one trained with true and one with random labels \
      (Adebayo et al. 2018), two epochs, two seeds. An explanation that is the same on both does not depend \
      on what they have learned. Noise and samples are the same on both; each normalises images as it was \
      trained.

      The folder receives index.html, results.json and results.csv, a chart, a sheet of maps for each image, \
      and every finished map.

      Ctrl-C leaves what is finished, with status 130; the same command goes on from there. A method or image \
      that is added later is all that is computed then.
      """)

  @Option(
    help: ArgumentHelp(
      "A safetensors file; give two of them, each behind --checkpoint.", valueName: "file"))
  var checkpoint: [String]
  @OptionGroup(title: "Networks") var reading: CheckpointOptions
  @OptionGroup(title: "Images") var images: TestImageOptions
  @Option(
    parsing: .unconditional,
    help: """
      What is explained on both, several separated by commas: predicted (by the first network), true, an \
      index, an identifier or a name of a class; default is true, and predicted where that is not known.
      """)
  var target: String?
  @OptionGroup(title: "Methods") var methods: MethodOptions
  @OptionGroup(title: "Comparison") var options: ContrastOptions
  @OptionGroup(title: "Comparison") var part: ShardOptions

  func validate() throws {
    guard checkpoint.count == 2 else {
      throw ValidationError(
        "expected --checkpoint twice, as two networks are compared; found \(checkpoint.count)")
    }
    try images.chosen.validateUse()
  }

  func run() throws {
    try options.session.work.run { console in
      // A word that means nothing is told before anything is read.
      let candidates = try methods.candidates(comparedWith: images.baseline)
      let session = try images.chosen.session(checkpoint, reading, options.session.work, console)
      let targets = try target.map {
        try TargetChoice.list($0, classes: session.classes, count: session.classCount)
      }
      try ContrastWork(options, console).run(
        .networks(targets: targets), images, candidates, limit: methods.limit, in: session,
        shard: try part.chosen(console))
    }
  }
}
