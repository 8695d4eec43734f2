import ArgumentParser
import XAIAttribution
import XAICommandLine
import XAIExperiments
import XAIKernels
import XAITensor

/// Tests whether explanations depend on the class.
struct ClassSensitivityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "class-sensitivity",
    abstract: "Test explanations: compare the maps of different classes of an image.",
    usage: """
      xai-explain class-sensitivity --checkpoint FILE --image FILE --classes banana,orange --output DIR
             xai-explain class-sensitivity --checkpoint FILE --data DIR|shapes --samples 200 --output DIR
      """,
    discussion: """
      An explanation that is the same for every class does not explain the class. With --classes, every \
      pair of these; else the true class (the predicted one where that is not known) against the most \
      likely other one, the least likely one, and random others, which is the random logit test (Sixt et \
      al. 2020).

      The folder receives index.html, results.json and results.csv, a chart, and a sheet of maps for each \
      image; nothing of it where the program is interrupted, with status 130.
      """)

  @Option(help: "A run's bestmodel.safetensors, or a file of PyTorch (.pt, .safetensors).")
  var checkpoint: String
  @OptionGroup(title: "Network") var reading: CheckpointOptions
  @OptionGroup(title: "Images") var images: TestImageOptions
  @Option(
    parsing: .unconditional,
    help: """
      Two classes or more, separated by commas: an index, an identifier or a name, true, predicted.
      """)
  var classes: String?
  @Option(
    parsing: .unconditional,
    help: "Without --classes: random other classes for each image; default is 1.",
    transform: Parse.nonNegativeInteger)
  var randomClasses: Int?
  @OptionGroup(title: "Methods") var methods: MethodOptions
  @OptionGroup(title: "Comparison") var options: ContrastOptions

  func validate() throws {
    try images.validateUse()
    if classes != nil && randomClasses != nil {
      throw ValidationError("expected --classes or --random-classes, not both")
    }
  }

  func run() throws {
    try Console(program: "xai-explain", quiet: options.session.quiet).reportingFailures { console in
      ThreadTeam.setCount(options.session.threadCount)
      console.warn(ofThreads: ThreadTeam.count, insteadOf: options.session.threads)
      // A word that means nothing is told before anything is read.
      let selection = try methods.selection()
      let program = try ContrastProgram(
        [checkpoint], reading, images, options, console)
      let contrasts = try contrasts(of: program)
      try program.run(.classSensitivity, selection, limit: methods.limit) { images, predictions in
        (
          contrasts.records(program.classes),
          try contrasts.pairs(of: images, predictions, seed: options.session.seed)
        )
      }
    }
  }

  private func contrasts(of program: ContrastProgram) throws -> ClassContrasts {
    guard let classes else { return .ranked(random: randomClasses ?? 1) }
    let choices = try TargetChoice.list(
      classes, classes: program.classes, count: program.classCount, option: "--classes")
    guard choices.count > 1 else {
      throw AttributionFailure(
        .usage,
        "--classes \(classes): a comparison needs at least two different classes; give them separated by "
          + "commas, such as banana,orange")
    }
    return .chosen(choices)
  }
}
