import XAIKernels
import XAINetworks
import XAITensor

#if canImport(Glibc)
  import Glibc
#endif

/// What a perturbation method reads at the target's output.
public enum TargetScore: String, Sendable, Codable {
  /// The logit.
  case logit
  /// The softmax probability.
  case probability

  /// The score of one image.
  /// - Parameters:
  ///   - logits: One for each class.
  ///   - target: The class.
  /// - Returns: The score.
  func value(_ logits: some RandomAccessCollection<Float>, _ target: Int) -> Double {
    let logits = logits.map(Double.init)
    guard self == .probability else { return logits[target] }
    return 1 / logits.reduce(0) { $0 + exp($1 - logits[target]) }
  }
}

extension TargetScore {
  /// Why the score tells nothing about a network.
  /// - Parameter network: The network.
  /// - Returns: A phrase, or nothing where it does.
  func obstacle(on network: Network) -> String? {
    self == .probability && network.architecture.classes == 1
      ? "its score is the probability of the class, which is always 1 in a network of one class; "
        + "choose the score \"\(TargetScore.logit.rawValue)\"" : nil
  }
}

extension NetworkForm {
  /// Scores of a class for images that are made in parts, as memory allows.
  ///
  /// Only differences of scores count, and averages over many of them: Winograd's errors of about 1e-5
  /// are far below what the draws bring, so the fastest algorithm is the default.
  /// - Parameters:
  ///   - score: What is read.
  ///   - target: The class.
  ///   - count: How many images.
  ///   - context: Memory, progress, interruption.
  ///   - write: Writes image `index` of `[C, H, W]`.
  /// - Returns: One score for each image.
  /// - Throws: `KernelFailure` or `AttributionStopped`.
  func scores(
    _ score: TargetScore, of target: Int, count: Int, in context: AttributionContext,
    image write: (_ index: Int, _ pixels: UnsafeMutableBufferPointer<Float>) -> Void
  ) throws -> [Double] {
    let shape = network.architecture.input
    let size = shape.reduce(1, *)
    var scores: [Double] = []
    try context.forEachPart(
      of: count, bytesEach: bytesPerImage(keeping: .logits), walksEach: 1
    ) { range in
      let images = Tensor(shape: [range.count] + shape) { pixels in
        for (position, index) in range.enumerated() {
          let part = pixels[position * size..<(position + 1) * size]
          write(index, UnsafeMutableBufferPointer(rebasing: part))
        }
      }
      let recording = try record(
        try backend.upload(images), keeping: .logits, algorithm: context.algorithm ?? .fastest)
      scores += score.values(of: backend.download(recording.output), target)
    }
    return scores
  }
}

extension TargetScore {
  /// The scores of a batch.
  /// - Parameters:
  ///   - logits: `[N, classes]`.
  ///   - target: The class.
  /// - Returns: One for each image.
  func values(of logits: Tensor, _ target: Int) -> [Double] {
    let classes = logits.rowCount
    return logits.withUnsafeElements { elements in
      (0..<logits.rows).map { value(elements[$0 * classes..<($0 + 1) * classes], target) }
    }
  }
}
