public import XAIClassifiers

/// Which class of an image is explained.
public enum TargetChoice: Sendable, Equatable {
  /// The class of the largest logit.
  case predicted
  /// The class that the data name.
  case label
  /// A class by its index.
  case index(Int)

  /// The class of an image.
  /// - Parameters:
  ///   - image: The image.
  ///   - prediction: What the network says about it.
  ///   - use: What it is needed for, for messages.
  /// - Returns: Its index.
  /// - Throws: `ExperimentFailure` where the true class is wanted, but not known.
  public func index(
    of image: ExplainedImage, _ prediction: Prediction,
    for use: ExperimentFailure.LabelUse = .comparison
  ) throws(ExperimentFailure) -> Int {
    switch self {
    case .predicted: return prediction.predicted
    case .index(let index): return index
    case .label:
      if let label = image.label { return label }
      throw ExperimentFailure(
        .labelUnknown(image: image.name, source: image.source, use: use))
    }
  }
}
