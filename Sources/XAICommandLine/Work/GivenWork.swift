import XAIAttribution
import XAIClassifiers
import XAIExamples
import XAIExperiments
import XAIFiles
import XAIKernels
import XAINetworks
import XAIRepresentations
import XAITensor

/// What `represent` and `examples` do: compute numbers from given tensors, and write them.
package struct GivenWork {
  private let options: GivenOptions
  private let console: Console

  /// What is computed of.
  private struct Input {
    let network: ExplainedNetwork
    let normalization: PixelNormalization
    let given: GivenTensors
    let images: TensorReference
    let targets: [Int]
    /// Is told each family that is done.
    let finished: (String) throws -> Void
  }

  /// Prepares the work.
  package init(_ options: GivenOptions, _ console: Console) {
    (self.options, self.console) = (options, console)
  }

  /// Computes what a network has learned, and writes it.
  /// - Throws: What is missing or wrong; `Interrupted` where a signal stopped it.
  package func represent() throws {
    try write { input in
      try RepresentationTensors(
        of: input.network, input.normalization, input.given, targets: input.targets
      ).results(finished: input.finished)
    }
  }

  /// Computes rules, counterfactuals, influence and prototypes, and writes them.
  /// - Throws: What is missing or wrong; `Interrupted` where a signal stopped it.
  package func examples() throws {
    try write { input in
      try ExampleTensors(
        of: input.network, input.normalization, input.given,
        images: try input.images.tensor(), targets: input.targets
      ).results(finished: input.finished)
    }
  }

  private func write(
    _ compute: (Input) throws -> [(name: String, data: TensorData)]
  ) throws {
    let images = try TensorReference(options.tensor)
    try OutputFiles.requireDistinct(
      [("--raw", options.raw)],
      from: [options.checkpoint, options.given, images.path] + options.reading.files)
    // A file that cannot be written is told before the work.
    try AtomicFile.check(options.raw)
    let digest = FileDigest(options.checkpoint)
    let checkpoint = try Checkpoint.open(
      options.checkpoint, options.reading.knowledge(), takesPictures: false, observer: console)
    let normalization = try PixelNormalization(of: checkpoint, images)
    if normalization.isAssumed {
      console.warn(
        "neither the checkpoint nor a tensor 'pixels' beside the images says how images are normalized; Tiny "
          + "ImageNet's colors are assumed: say it with --preprocessing")
    }
    Interruption.install()
    let results = try compute(
      Input(
        network: ExplainedNetwork(
          checkpoint.network, parameters: checkpoint.parameters, backend: try CPUBackend()),
        normalization: normalization,
        given: try GivenTensors(try SafetensorsFile(path: options.given)), images: images,
        targets: try targets(of: checkpoint)
      ) { family in
        guard !Interruption.requested else {
          throw Interrupted("interrupted after \(family); nothing was written")
        }
      })
    try SafetensorsFile.write(
      results,
      metadata: [
        "program": "\(console.program) \(Toolkit.version)", "checkpoint": options.checkpoint,
        "checkpoint.sha256": try digest.value(), "given": options.given,
      ], to: options.raw)
    console.note("\(Format.count(results.count, "tensor")): \(options.raw)")
  }

  private func targets(of checkpoint: Checkpoint) throws(CommandFailure) -> [Int] {
    let classes = checkpoint.network.architecture.classes
    let words = ClassWords(checkpoint.classes, count: classes, option: "--target")
    return try options.target.split(separator: ",", omittingEmptySubsequences: false).map {
      (word) throws(CommandFailure) in try words.index(of: word.trimmingSpaces)
    }
  }
}
