public import ArgumentParser
import XAIAttribution
package import XAIExperiments
package import XAIImages
package import XAIKernels
import XAITensor

extension MapSign: ExpressibleByArgument {}

extension ConvolutionAlgorithm: ExpressibleByArgument {}

/// How `attribute` runs.
package struct AttributeOptions: ParsableArguments {
  @Option(
    parsing: .unconditional, help: "Decides every random choice.", transform: Parse.seed)
  package var seed: UInt64 = 0
  @Option(
    parsing: .unconditional,
    help: """
      The memory that the program may take, such as 1G; default is 350M and up to 8 times the weights.
      """,
    transform: Parse.byteCount)
  package var memory: Int?
  @Option(
    help: """
      How convolutions sum: direct is the more exact, fastest may sum over transformed tiles; \
      without it each method has its own default.
      """)
  package var convolutions: ConvolutionAlgorithm?
  @Option(
    parsing: .unconditional, help: "Threads; default is one for each processor.",
    transform: Parse.threadCount)
  package var threads: Int?
  @Flag(help: "Say nothing but results, warnings and failures.")
  package var quiet = false

  package init() {}

  /// The number of threads.
  package var threadCount: Int { threads ?? BackgroundThread.processors }

  /// Refuses options that contradict each other.
  package func validate(
    _ images: ImageOptions, _ tensors: TensorOptions, _ methods: MethodOptions, target: String?
  ) throws {
    guard tensors.tensor != nil else {
      try tensors.requireNothing()
      return try images.validateUse()
    }
    try images.requireNothing()
    try tensors.validateUse()
    if methods.method == nil { throw ValidationError("--tensor needs --method") }
    if target == nil { throw ValidationError("--tensor needs --target") }
  }

  /// What a session is asked for.
  /// - Parameters:
  ///   - checkpoint: The file of the network.
  ///   - images: The options of images.
  ///   - takesPictures: Whether pictures are shown to the network.
  /// - Returns: The request.
  package func request(
    _ checkpoint: String, _ images: ImageOptions, takesPictures: Bool
  ) -> Session.Request {
    var request = Session.Request(
      checkpoints: [checkpoint], seed: seed, memory: memory, threads: threadCount)
    (request.skipCorrupt, request.takesPictures) = (images.skipCorrupt, takesPictures)
    return request
  }
}

extension [MethodPreparation.Candidate] {
  /// Tells of options that make no difference to any chosen method: perhaps they were meant otherwise.
  package func warnOfNoEffect(
    _ images: ImageOptions, _ tensors: TensorOptions, _ methods: MethodOptions, _ console: Console
  ) {
    let compare = contains { $0.method.method.usefulBaseline != .none }
    for (option, isGiven) in [
      ("--baseline", !images.baseline.isEmpty),
      ("--baseline-tensor", tensors.baselineTensor != nil),
    ] where isGiven && !compare {
      console.warn(
        "\(option) has no effect: none of the chosen methods compares with a baseline; "
          + "integrated-gradients is one that does")
    }
    guard tensors.noiseTensor != nil else { return }
    if !contains(where: { $0.method.method.takesNoise }) {
      console.warn(
        "--noise-tensor has no effect: none of the chosen methods adds noise; give --noise, or "
          + "gradient-shap a standardDeviation above 0")
    } else if methods.noise.noiseSamples != nil {
      console.warn("--noise-samples has no effect: the tensor of noise decides how many there are")
    }
  }
}
