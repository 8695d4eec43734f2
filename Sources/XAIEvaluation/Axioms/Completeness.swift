/// Whether a map accounts for the difference that it explains: for methods that promise it only.
///
/// 0 is best.
///
/// Source: Sundararajan et al. 2017.
/// - Note: Deviation: Quantus compares with `==` after dividing the map by its maximum.
public struct Completeness: Sendable, Equatable {
  /// The sum of the map.
  public let attributed: Double
  /// `f(x) - f(b)`.
  public let explained: Double

  /// Compares a sum with a difference.
  /// - Parameters:
  ///   - attributed: The sum of the map.
  ///   - explained: `f(x) - f(b)`.
  public init(attributed: Double, explained: Double) {
    (self.attributed, self.explained) = (attributed, explained)
  }

  /// Compares a map with what a whole image costs.
  /// - Parameters:
  ///   - map: The map.
  ///   - removal: The image and its baseline.
  ///   - quantity: Logit or probability.
  /// - Throws: What the network throws, or `AttributionStopped`.
  public init(
    _ map: JudgedMap, _ removal: RemovalEvaluator, _ quantity: TargetQuantity = .logit
  ) throws {
    let drop = try removal.drops(without: [removal.everything])[0]
    self.init(attributed: map.sum, explained: drop[quantity])
  }

  /// `sum M - (f(x) - f(b))`.
  public var difference: Double { attributed - explained }

  /// The magnitude of the difference by `|sum M| + |f(x) - f(b)|`, in [0, 1]; `nil` where both are 0.
  public var relative: Double? {
    let size = abs(attributed) + abs(explained)
    return size > 0 ? abs(difference) / size : nil
  }
}
