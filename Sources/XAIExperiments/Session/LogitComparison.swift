public import XAIAttribution
import XAIClassifiers
import XAIFiles
import XAINetworks
import XAITensor

/// How far a network's logits are from those that another program computed.
public struct LogitComparison: Sendable {
  /// The number of images.
  public let images: Int
  /// The largest difference of two logits.
  public let deviation: Float
  /// The same as a share of the largest logit.
  public let share: Float

  /// Two programs round sums of thousands of products differently, but not more.
  public static let largestShare: Float = 1e-4

  /// Compares.
  /// - Parameters:
  ///   - network: The network.
  ///   - path: A safetensors file with `images` `[N, C, H, W]`, normalized, and `logits` `[N, classes]`.
  /// - Throws: `ExperimentFailure` where the file does not fit, or the logits differ; `FileFailure`;
  ///   `KernelFailure`.
  public init(_ network: ExplainedNetwork, with path: String) throws {
    let file = try SafetensorsFile(path: path)
    let (images, expected) = (try file.tensor("images"), try file.tensor("logits"))
    let architecture = network.network.architecture
    guard images.shape.count == 4, Array(images.shape.dropFirst()) == architecture.input,
      expected.shape == [images.rows, architecture.classes], images.rows > 0
    else {
      throw ExperimentFailure(
        .logitShapes(
          path: path, images: images.shape, logits: expected.shape, input: architecture.input,
          classes: architecture.classes))
    }
    let found = try Prediction.of(images, by: network).flatMap(\.logits)
    guard expected.isFinite else { throw ExperimentFailure(.expectedLogitsNotFinite(path: path)) }
    let scale = expected.elements.map { abs($0) }.max() ?? 0
    let deviation = zip(found, expected.elements).map { abs($0 - $1) }.max() ?? 0
    let share = scale > 0 ? deviation / scale : deviation
    guard share <= Self.largestShare else {
      throw ExperimentFailure(.logitsDiffer(path: path, deviation: deviation, share: share))
    }
    (self.images, self.deviation, self.share) = (images.rows, deviation, share)
  }
}
