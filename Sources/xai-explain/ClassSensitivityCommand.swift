import ArgumentParser
import XAICommandLine
import XAIExperiments

/// Tests whether explanations depend on the class.
struct ClassSensitivityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "class-sensitivity",
    abstract: "Test explanations: compare the maps of different classes of an image.",
    usage: """
      xai-explain class-sensitivity --checkpoint FILE --image FILE --classes banana,orange --output DIR
             xai-explain class-sensitivity --checkpoint FILE --data DIR|shapes --samples 200 --output DIR
             xai-explain class-sensitivity ... --output DIR --shard 3/64
      """,
    discussion: """
      An explanation that is the same for every class does not explain the class. With --classes, every \
      pair of these; else the true class (the predicted one where that is not known) against the most \
      likely other one, the least likely one, and random others, which is the random logit test (Sixt et \
      al. 2020).

      The folder receives index.html, results.json and results.csv, a chart, a sheet of maps for each image, \
      and every finished map.

      Ctrl-C leaves what is finished, with status 130; the same command goes on from there. A method or image \
      that is added later is all that is computed then.
      """)

  @Option(help: "A run's bestmodel.safetensors, or a file of PyTorch (.pt, .safetensors).")
  var checkpoint: String
  @OptionGroup(title: "Network") var reading: CheckpointOptions
  @OptionGroup(title: "Images") var images: TestImageOptions
  @OptionGroup var classes: ClassOptions
  @OptionGroup(title: "Methods") var methods: MethodOptions
  @OptionGroup(title: "Comparison") var options: ContrastOptions
  @OptionGroup(title: "Comparison") var part: ShardOptions

  func validate() throws { try images.chosen.validateUse() }

  func run() throws {
    try options.session.work.run { console in
      // A word that means nothing is told before anything is read.
      let candidates = try methods.candidates(comparedWith: images.baseline)
      let session = try images.chosen.session(
        [checkpoint], reading, options.session.work, console)
      try ContrastWork(options, console).run(
        .classes(try classes.contrasts(of: session)), images, candidates, limit: methods.limit,
        in: session, shard: try part.chosen(console))
    }
  }
}
