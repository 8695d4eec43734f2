public import XAIEvaluation
public import XAIImages
public import XAIMetrics

/// Everything that an evaluation found: numbers, and what reports draw beside them.
public struct EvaluationOutcome: Sendable {
  /// All numbers.
  public let results: EvaluationResults
  /// The maps that faithfulness is about: `[method][image]`, controls included; nil where a map holds NaN.
  public let maps: [[RelevanceMap?]]
  /// Where the objects are; nil for images of which it is not known.
  public let objects: [ObjectMask?]
  /// The removal curves.
  public let curves: EvaluationCurves
  /// The images, of the size that the network sees; empty where only tensors are known.
  public let pictures: [RGBImage]

  /// Groups what was found.
  /// - Parameters:
  ///   - results: All numbers.
  ///   - maps: `[method][image]`, controls included.
  ///   - objects: Where the objects are.
  ///   - curves: The removal curves.
  ///   - pictures: The images.
  public init(
    _ results: EvaluationResults, maps: [[RelevanceMap?]], objects: [ObjectMask?],
    curves: EvaluationCurves, pictures: [RGBImage]
  ) {
    (self.results, self.maps, self.objects) = (results, maps, objects)
    (self.curves, self.pictures) = (curves, pictures)
  }
}
