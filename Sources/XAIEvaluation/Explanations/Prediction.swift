#if canImport(Glibc)
  import Glibc
#endif
public import XAIAttribution
import XAIKernels
import XAINetworks
public import XAITensor

/// What a network says about an image.
public struct Prediction: Sendable, Equatable {
  /// One logit for each class.
  public let logits: [Float]

  /// Takes down what a network says.
  /// - Parameter logits: One logit for each class.
  public init(logits: [Float]) { self.logits = logits }

  /// The class of the largest logit, the first of several.
  public var predicted: Int {
    logits.indices.max { logits[$0] < logits[$1] || (logits[$0] == logits[$1] && $0 > $1) } ?? 0
  }

  /// The classes of the largest logits.
  /// - Parameter count: How many.
  /// - Returns: The classes, the likeliest first; of equal ones the first.
  public func likeliest(_ count: Int) -> [Int] {
    Array(logits.indices.sorted { (-logits[$0], $0) < (-logits[$1], $1) }.prefix(count))
  }

  /// The share of a class in the softmax of the logits.
  /// - Parameter target: The class.
  /// - Returns: Its probability.
  public func probability(of target: Int) -> Double {
    let greatest = Double(logits[predicted])
    let sum = logits.reduce(0) { $0 + exp(Double($1) - greatest) }
    return exp(Double(logits[target]) - greatest) / sum
  }

  /// Asks a network.
  /// - Parameters:
  ///   - images: `[N, C, H, W]`, normalised.
  ///   - network: The network.
  /// - Returns: One prediction for each image.
  /// - Throws: `KernelFailure`; `AttributionFailure` where a logit is NaN or infinite.
  public static func of(
    _ images: Tensor, by network: ExplainedNetwork
  ) throws -> [Prediction] {
    let predictions = try whateverComes(images, by: network)
    guard predictions.allSatisfy(\.isFinite) else {
      throw AttributionFailure(
        .badData, "the network's logits are NaN or infinite; its parameters are damaged")
    }
    return predictions
  }

  /// Whether every logit is a number.
  var isFinite: Bool { logits.allSatisfy(\.isFinite) }

  /// Asks a network that may overflow.
  static func whateverComes(
    _ images: Tensor, by network: ExplainedNetwork
  ) throws -> [Prediction] {
    let form = network.merged()
    var predictions: [Prediction] = []
    try AttributionContext().forEachPart(
      of: images.rows, bytesEach: form.bytesPerImage(keeping: .logits), walksEach: 1
    ) { range in
      let recording = try form.record(
        try network.backend.upload(images.rows(range)), keeping: .logits, algorithm: .fastest)
      let logits = network.backend.download(recording.output)
      predictions += (0..<range.count).map { Prediction(logits: logits.row($0).elements) }
    }
    return predictions
  }
}
