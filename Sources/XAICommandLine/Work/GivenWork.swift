import XAIAttribution
import XAIClassifiers
import XAIExperiments
import XAIFiles
import XAIKernels
import XAINetworks
import XAIRepresentations
import XAITensor

/// What `represent` does: computes what a network has learned from given tensors, and writes it.
package struct RepresentWork {
  private let options: RepresentOptions
  private let console: Console

  /// Prepares the work.
  package init(_ options: RepresentOptions, _ console: Console) {
    (self.options, self.console) = (options, console)
  }

  /// Computes and writes.
  /// - Throws: What is missing or wrong; `Interrupted` where a signal stopped it.
  package func run() throws {
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
    let results = try RepresentationTensors(
      of: ExplainedNetwork(
        checkpoint.network, parameters: checkpoint.parameters, backend: try CPUBackend()),
      normalization, try GivenTensors(try SafetensorsFile(path: options.given)),
      targets: try targets(of: checkpoint)
    ).results { family in
      guard !Interruption.requested else {
        throw Interrupted("interrupted after \(family); nothing was written")
      }
    }
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
