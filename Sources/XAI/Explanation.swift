public import XAIAttribution
public import XAIClassifiers
public import XAIImages
public import XAIMetrics
public import XAITensor

/// The map of one image by one method, with what belongs to it.
public struct Explanation: Sendable {
  /// The image, in the size that the network takes.
  public let image: ExplainedImage
  /// What the network says about it.
  public let prediction: Prediction
  /// The class whose logit is explained.
  public let target: Int
  /// Attribution, `[C, H, W]`, or `[1, H, W]` where the method has no channels; in units of the logit where
  /// the method's law says so.
  public let map: Tensor
  /// How far the map keeps the law of its theory; nil where the theory has none.
  public let law: LawCheck?
  /// What else should be known about the map, one sentence each.
  public let notes: [String]

  /// The probability of the target, the softmax of the logits.
  public var probability: Double { prediction.probability(of: target) }

  /// The map with its channels summed, signed, as measures take it.
  /// - Throws: `MetricFailure` where the map holds NaN or infinity.
  public var relevance: RelevanceMap {
    get throws(MetricFailure) {
      try RelevanceMap(summingChannelsOf: map, source: "the map of \(image.name)")
    }
  }

  /// The map as it is drawn: channels summed, divided by the largest magnitude.
  public var heatmap: Heatmap { Heatmap(map) }
}
