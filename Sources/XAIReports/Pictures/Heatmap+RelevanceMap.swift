public import XAIImages
public import XAIMetrics

extension Heatmap {
  /// Prepares a map whose channels are summed already.
  /// - Parameters:
  ///   - map: The map.
  ///   - sign: Which relevance.
  ///   - scale: What to divide by, such as the largest magnitude of several maps; by default the
  ///     map's own.
  public init(_ map: RelevanceMap, sign: MapSign = .all, scale: Double? = nil) {
    self.init(map.values, height: map.height, width: map.width, sign: sign, scale: scale)
  }
}
