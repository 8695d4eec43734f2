public import ArgumentParser
import XAIAttribution
import XAICommandLine
import XAIDatasets
public import XAIImages
public import XAIKernels
import XAITensor

extension MapSign: ExpressibleByArgument {}

extension ConvolutionAlgorithm: ExpressibleByArgument {}

/// Explains images.
struct AttributeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attribute",
    abstract: "Explain images, as pictures or as raw tensors.",
    usage: """
      xai-explain attribute --checkpoint FILE --image FILE|FOLDER... --output DIR
             xai-explain attribute --checkpoint FILE --data DIR|shapes --samples N|NAMES --output DIR
             xai-explain attribute --checkpoint FILE --tensor IN.safetensors:NAME --raw OUT.safetensors \
      --method ... --target INDEX,...
      """,
    discussion: """
      The first two forms write a folder for each image and target: a heatmap and an overlay of each \
      method, a sheet of all, the raw maps; and results.json, which says how each map was made. The \
      third takes normalised images [N, C, H, W] and writes raw maps under the names of the methods.

      Ctrl-C leaves what is finished, with status 130.
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
  @Option(
    parsing: .unconditional, help: "Decides every random choice.", transform: Parse.seed)
  var seed: UInt64 = 0
  @Option(
    parsing: .unconditional,
    help: """
      The memory that the program may take, such as 1G; default is 350M and up to 8 times the weights.
      """,
    transform: Parse.byteCount)
  var memory: Int?
  @Option(
    help: """
      How convolutions sum: direct is the more exact, fastest may sum over transformed tiles; \
      without it each method has its own default.
      """)
  var convolutions: ConvolutionAlgorithm?
  @Option(
    parsing: .unconditional, help: "Threads; default is one for each processor.",
    transform: Parse.threadCount)
  var threads: Int?
  @Flag(help: "Say nothing but results, warnings and failures.")
  var quiet = false

  /// The number of threads.
  var threadCount: Int { threads ?? BackgroundThread.processors }

  func validate() throws {
    guard tensors.tensor != nil else {
      try tensors.requireNothing()
      return try images.validateUse()
    }
    try images.requireNothing()
    try tensors.validateUse()
    if methods.method == nil { throw ValidationError("--tensor needs --method") }
    if target == nil { throw ValidationError("--tensor needs --target") }
  }

  /// Tells of options that make no difference to any chosen method: perhaps they were meant otherwise.
  private func warnOfNoEffect(
    on selection: MethodSelection, _ console: Console
  ) throws(AttributionFailure) {
    if !images.baseline.isEmpty { _ = try BaselineKind(images.baseline) }
    let compare = selection.choices.contains { $0.method.usefulBaseline != .none }
    for (option, isGiven) in [
      ("--baseline", !images.baseline.isEmpty),
      ("--baseline-tensor", tensors.baselineTensor != nil),
    ] where isGiven && !compare {
      console.warn(
        "\(option) has no effect: none of the chosen methods compares with a baseline; "
          + "integrated-gradients is one that does")
    }
    guard tensors.noiseTensor != nil else { return }
    if !selection.choices.contains(where: { $0.method.takesNoise }) {
      console.warn(
        "--noise-tensor has no effect: none of the chosen methods adds noise; give --noise, or "
          + "gradient-shap a standardDeviation above 0")
    } else if methods.noise.noiseSamples != nil {
      console.warn("--noise-samples has no effect: the tensor of noise decides how many there are")
    }
  }

  func run() throws {
    try Console(program: "xai-explain", quiet: quiet).reportingFailures { console in
      ThreadTeam.setCount(threadCount)
      console.warn(ofThreads: ThreadTeam.count, insteadOf: threads)
      // Before any work: a word that means nothing is told at once.
      var selection = try methods.selection()
      try warnOfNoEffect(on: selection, console)
      let session = try ExplanationSession(self, console)
      try selection.leaveOutObstructed(on: session.network.network, console.warn)
      if let tensor = tensors.tensor {
        try RawExplanation(self, session).run(selection, on: tensor)
      } else {
        try PictureExplanation(self, session).run(selection)
      }
    }
  }
}
