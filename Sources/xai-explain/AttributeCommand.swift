import ArgumentParser
import XAICommandLine
import XAIExperiments

/// Explains images.
struct AttributeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attribute",
    abstract: "Explain images, as pictures or as raw tensors.",
    usage: """
      xai-explain attribute --checkpoint FILE --image FILE|FOLDER... --output DIR
             xai-explain attribute --checkpoint FILE --data DIR|shapes --samples N|NAMES --output DIR
             xai-explain attribute ... --output DIR --shard 3/64
             xai-explain attribute --checkpoint FILE --tensor IN.safetensors:NAME --raw OUT.safetensors \
      --method ... --target INDEX,...
      """,
    discussion: """
      The first two forms write a folder for each image and target: a heatmap and an overlay of each \
      method, a sheet of all, the raw maps; and results.json, which says how each map was made. The \
      last takes normalised images [N, C, H, W] and writes raw maps under the names of the methods.

      Ctrl-C leaves what is finished, with status 130; the same command goes on from there. A method, image or \
      target that is added later is all that is computed then.
      """)

  @Option(help: "A run's bestmodel.safetensors, or a file of PyTorch (.pt, .safetensors).")
  var checkpoint: String
  @OptionGroup(title: "Network") var reading: CheckpointOptions
  @OptionGroup(title: "Images") var images: ImageOptions
  @OptionGroup(title: "Raw tensors") var tensors: TensorOptions
  @Option(
    parsing: .unconditional,
    help: """
      What is explained, several separated by commas: predicted, true, an index, an identifier or \
      a name of a class, or which of these it is: index:1, id:10, name:banana; default is predicted. With \
      --tensor: a class for each image, or one for all.
      """)
  var target: String?
  @OptionGroup(title: "Methods") var methods: MethodOptions
  @OptionGroup var options: AttributeOptions
  @OptionGroup var part: ShardOptions

  func validate() throws {
    try options.validate(images, tensors, methods, target: target)
    if part.shard != nil {
      if tensors.tensor != nil { throw ValidationError("--shard cannot be given with --tensor") }
      if images.overwrite { throw ValidationError("--shard cannot be given with --overwrite") }
    }
  }

  func run() throws {
    try Console.run("xai-explain", quiet: options.quiet, threads: options.threads) { console in
      // Before any work: a word that means nothing is told at once.
      let candidates = try methods.candidates(comparedWith: images.baseline)
      candidates.warnOfNoEffect(images, tensors, methods, console)
      let session = try Session(
        options.request(checkpoint, images, takesPictures: tensors.tensor == nil), reading,
        images.opening(threads: options.threadCount), console)
      if tensors.tensor != nil {
        try RawWork(session, tensors, console).run(
          candidates, target: target ?? "", isDry: images.dryRun, options.convolutions, reading)
      } else {
        try AttributionWork(session, images, console).run(
          candidates, methods, target: target, shard: try part.chosen(console)
        ) { $0.algorithm = options.convolutions }
      }
    }
  }
}
