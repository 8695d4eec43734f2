package import ArgumentParser
import XAIAttribution
package import XAIExperiments
import XAIFiles
package import XAIKernels
import XAITensor

/// Maps and random choices in files, for `evaluate`.
package struct ScoreOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Normalized images [N, C, H, W].", valueName: "file:name"))
  package var tensor: String?
  @Option(help: "The safetensors file of maps and random choices.")
  package var given: String?
  @Option(help: "The safetensors file to write.")
  package var raw: String?
  @Option(
    help: """
      How convolutions are summed with --given: default is direct, as scores are differences of passes; fastest is \
      what the other forms take.
      """)
  package var convolutions: ConvolutionAlgorithm?

  @Option(
    help: ArgumentHelp(
      """
      Maps that were made elsewhere, [N, H, W] or [N, C, H, W]; may be given several times. Without TENSOR every \
      tensor of the file, without NAME under its own name.
      """, valueName: "[name=]file[:tensor]"))
  package var maps: [String] = []
  @Option(
    help: ArgumentHelp("Where objects are: [N, H, W], not 0 inside.", valueName: "file:name"))
  package var masks: String?
  @Option(
    help: ArgumentHelp(
      "Boxes of objects: [N, 4], x0 y0 x1 y1, both ends inclusive.", valueName: "file:name"))
  package var boxes: String?
  @Option(
    help: ArgumentHelp(
      """
      [N, C, H, W] or [1, C, H, W]: what methods compare with, and what stands in the place of what is removed.
      """, valueName: "file:name"))
  package var baselineTensor: String?
  @Option(
    help: ArgumentHelp(
      "Write the disturbed images [N, D, C, H, W] for another program to explain, and nothing else.",
      valueName: "file"))
  package var neighbors: String?
  @Option(
    help: ArgumentHelp(
      "Maps of the disturbed images, [N, D, H, W] or [N, D, C, H, W] under the names of --maps.",
      valueName: "file"))
  package var neighborMaps: String?

  package init() {}

  /// What is measured with every choice given, where that is asked for.
  /// - Parameter target: The classes.
  /// - Returns: The files; nil where they are not given.
  /// - Throws: `ValidationError` where one is missing.
  package func files(target: String?) throws -> ScoreFiles? {
    guard given != nil || raw != nil else { return nil }
    guard let tensor else { throw ValidationError("--given and --raw need --tensor") }
    guard let given else { throw ValidationError("--raw needs --given, a file of maps") }
    guard let raw else { throw ValidationError("--given needs --raw, the file to write") }
    guard let target else { throw ValidationError("--tensor needs --target") }
    return ScoreFiles(
      tensor: tensor, target: target, given: given, raw: raw,
      convolutions: convolutions ?? .direct)
  }

  /// Refuses options that contradict each other.
  /// - Parameters:
  ///   - target: The classes.
  ///   - images: The pictures.
  ///   - baseline: What was chosen to stand in the place of pixels.
  ///   - correctOnly: Whether images are to be left out that the network is wrong about.
  /// - Throws: `ValidationError`.
  package func validate(
    target: String?, _ images: SampleOptions, baseline: String?, correctOnly: Bool
  ) throws {
    if convolutions != nil { throw ValidationError("--convolutions needs --given") }
    guard tensor != nil else {
      for (option, isGiven) in [
        ("--maps", !maps.isEmpty), ("--masks", masks != nil), ("--boxes", boxes != nil),
        ("--baseline-tensor", baselineTensor != nil), ("--neighbor-maps", neighborMaps != nil),
      ] where isGiven {
        throw ValidationError("\(option) needs --tensor")
      }
      return try images.validateUse()
    }
    if target == nil { throw ValidationError("--tensor needs --target") }
    if images.data != nil || !images.images.isEmpty {
      throw ValidationError("expected --tensor, --data or --images, not two of them")
    }
    if images.samples != nil { throw ValidationError("--samples needs --data") }
    if baselineTensor != nil, baseline != nil {
      throw ValidationError("expected --baseline or --baseline-tensor, not both")
    }
    if correctOnly {
      throw ValidationError(
        "--correct-only needs --data: the true classes of tensors are not known")
    }
    if masks != nil && boxes != nil {
      throw ValidationError("expected --masks or --boxes, not both")
    }
    if neighborMaps != nil && maps.isEmpty { throw ValidationError("--neighbor-maps needs --maps") }
  }

  /// The images and maps in files.
  /// - Parameters:
  ///   - target: The classes.
  ///   - draws: How many neighbors each image has.
  ///   - session: The network.
  /// - Returns: Both.
  /// - Throws: `FileFailure`; `ExperimentFailure` where they do not fit together.
  package func judged(
    target: String, draws: Int, in session: Session
  ) throws -> (tensors: JudgedTensors, given: [GivenMaps]) {
    func source(_ text: String?) throws -> RawAttribution.Source? {
      try text.map { .init(try TensorReference($0).tensor(), name: $0) }
    }
    let images = RawAttribution.Source(
      try TensorReference(tensor ?? "").tensor(), name: tensor ?? "")
    let words = ClassWords(session.classes, count: session.classCount, option: "--target")
    var tensors = JudgedTensors(
      images,
      targets: try target.split(separator: ",", omittingEmptySubsequences: false).map {
        try words.index(of: $0.trimmingSpaces)
      })
    tensors.baselines = try source(baselineTensor)
    tensors.masks = try source(masks)
    tensors.boxes = try source(boxes)
    guard images.tensor.shape.count == 4 else {
      throw ExperimentFailure(
        .tensorShape(
          .images, source: images.name, found: images.tensor.shape, expected: "[N, C, H, W]"))
    }
    let neighbors = try neighborMaps.map { try NeighborFile($0) }
    var given: [GivenMaps] = []
    for text in maps {
      for (name, tensor, source) in try Self.maps(text) {
        guard !given.contains(where: { $0.name == name }) else {
          throw CommandFailure(
            .form, "--maps names \(name) twice; give one of them another name: NAME=\(text)")
        }
        let own = try neighbors.flatMap { try $0.maps(name, draws: draws) }
        given.append(
          try GivenMaps(name, tensor, neighbors: own, of: images.tensor.shape, source: source))
      }
    }
    return (tensors, given)
  }

  /// The maps that `[NAME=]FILE[:TENSOR]` means.
  private static func maps(
    _ text: String
  ) throws -> [(name: String, tensor: Tensor, source: String)] {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      .map(String.init)
    let place = parts[parts.count - 1]
    if let reference = try? TensorReference(place), !Self.isFile(place) {
      let name = parts.count > 1 ? parts[0] : reference.name
      return [(name, try reference.tensor(), place)]
    }
    let file = try SafetensorsFile(path: place)
    if parts.count > 1, file.entries.count > 1 {
      throw CommandFailure(
        .form,
        "--maps \(text): the file holds \(file.entries.count) tensors; say which one: \(text):TENSOR"
      )
    }
    return try file.entries.map {
      (parts.count > 1 ? parts[0] : $0.name, try file.tensor($0.name), "\(place):\($0.name)")
    }
  }

  private static func isFile(_ path: String) -> Bool { (try? InputFile(path: path)) != nil }
}

/// The files of a raw evaluation.
package struct ScoreFiles {
  /// Normalized images.
  package let tensor: String
  /// A class for each, or one for all.
  package let target: String
  /// Maps and random choices.
  package let given: String
  /// What is written.
  package let raw: String
  /// How convolutions are summed.
  package let convolutions: ConvolutionAlgorithm
}
