import ArgumentParser
import XAICommandLine
import XAIExperiments

/// Measures how good explanations are.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure explanations: how faithful, well placed, stable and simple they are.",
    usage: """
      xai-explain evaluate --checkpoint FILE --data DIR|shapes [--samples N] --output DIR
             xai-explain evaluate --checkpoint FILE --images FILE... --method ID,ID --output DIR
             xai-explain evaluate --checkpoint FILE --tensor IN.safetensors:NAME --target INDEX,... \
      --maps [NAME=]FILE[:TENSOR] --output DIR
             xai-explain evaluate --checkpoint FILE --tensor IN.safetensors:NAME --target INDEX,... \
      --given FILE --raw OUT.safetensors
      """,
    discussion: """
      The first three forms judge the maps of methods beside controls that give every score its scale: random, \
      constant, edge-detector, input, center, and the oracle that no order beats. The folder receives \
      index.html, results.json, tables, curves and plots, and everything that is finished: Ctrl-C leaves it, \
      with status 130, and the same command goes on; a method that is added later pays for its own maps and \
      orders only. The third judges maps that were made anywhere beside those of --method, if any; --neighbors \
      writes the disturbed images that robustness needs, and --neighbor-maps reads their maps back.

      The last one takes normalized images [N, C, H, W], and with --given maps of them and every random choice: \
      masks, orders, subsets, noise, neighbors and their maps. Its metadata name under "parameters" every tensor \
      that is wanted with its steps, sides, thresholds and shares. It writes each measure under its name, NaN \
      where it is undefined.
      """)

  @Option(help: "A run's bestmodel.safetensors, or a file of PyTorch (.pt, .safetensors).")
  var checkpoint: String
  @OptionGroup(title: "Network") var reading: CheckpointOptions
  @OptionGroup(title: "Images") var images: SampleOptions
  @Option(
    parsing: .unconditional,
    help: """
      The class whose maps are judged: predicted, true, an index, an identifier or a name; default is predicted. \
      Localization is always about the true class. With --tensor: a class for each image, or one for all.
      """)
  var target: String?
  @OptionGroup(title: "Methods") var methods: MethodOptions
  @OptionGroup(title: "Measures") var judgement: JudgementOptions
  @OptionGroup(title: "Raw tensors") var files: ScoreOptions
  @OptionGroup(title: "Run") var session: RunOptions
  @OptionGroup(title: "Run") var part: ShardOptions
  @Flag(help: "Tell what it would cost, and do nothing.")
  var dryRun = false
  @Option(help: "The folder to write.")
  var output: String?

  func validate() throws {
    if try files.files(target: target) != nil { return }
    try files.validate(
      target: target, images, baseline: judgement.baseline, correctOnly: judgement.correctOnly)
    if output == nil && !dryRun && files.neighbors == nil {
      throw ValidationError("expected --output, a folder to write")
    }
  }

  func run() throws {
    try session.run { console in
      if let files = try files.files(target: target) {
        return try ScoreWork(checkpoint, reading, files, session, console).run()
      }
      // A word that means nothing is told before anything is read.
      var wanted = try judgement.configuration(images, methods)
      let opened = try images.session(
        [checkpoint], takesPictures: files.tensor == nil, reading, session, console)
      if files.tensor == nil {
        try wanted.take(target, of: opened)
      } else {
        try wanted.take(files, methods, target: target ?? "", of: opened)
      }
      wanted.known = try KnownFindings.read(
        randomized: judgement.randomized, compared: judgement.compared, in: opened)
      let work = JudgementWork(
        output: output, isDry: dryRun, shard: try part.chosen(console), console)
      if let neighbors = files.neighbors {
        return try work.writeNeighbors(to: neighbors, wanted, in: opened)
      }
      if let maps = files.neighborMaps {
        try work.requireNeighbors(in: maps, wanted, in: opened)
      }
      try work.run(wanted, in: opened)
    }
  }
}
