public import XAIAttribution
public import XAIClassifiers
import XAIKernels
import XAINetworks
public import XAITensor

extension Prediction {
  /// Asks a network.
  /// - Parameters:
  ///   - images: `[N, C, H, W]`, normalised.
  ///   - network: The network.
  /// - Returns: One prediction for each image.
  /// - Throws: `KernelFailure`; `ExperimentFailure` where a logit is NaN or infinite.
  public static func of(
    _ images: Tensor, by network: ExplainedNetwork
  ) throws -> [Prediction] {
    let predictions = try whateverComes(images, by: network)
    guard predictions.allSatisfy(\.isFinite) else {
      throw ExperimentFailure(.logitsNotFinite)
    }
    return predictions
  }

  /// Asks a network that may overflow.
  package static func whateverComes(
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
