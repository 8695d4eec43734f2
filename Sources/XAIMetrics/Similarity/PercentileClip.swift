/// A scaling that cuts a map off at two percentiles and brings it to [0, 1].
///
/// Source: Sixt et al. 2020.
public enum PercentileClip {
  /// The share of values below the lower and above the upper limit, in percent.
  public static let share = 0.5

  /// A clipped and scaled map.
  /// - Parameter map: The map.
  /// - Returns: 0 at and below percentile 0.5, 1 at and above percentile 99.5; 0 everywhere where the
  ///   two are equal.
  public static func scaled(_ map: RelevanceMap) -> RelevanceMap {
    let sorted = map.values.sorted()
    let lower = percentile(share, of: sorted)
    let upper = percentile(100 - share, of: sorted)
    return map.map {
      lower == upper ? 0 : (min(max($0, lower), upper) - lower) / (upper - lower)
    }
  }

  /// A percentile with linear interpolation between the two nearest values.
  /// - Parameters:
  ///   - percent: 0 to 100.
  ///   - sorted: Values in ascending order, at least one.
  /// - Returns: The percentile.
  package static func percentile(_ percent: Double, of sorted: [Double]) -> Double {
    let position = percent / 100 * Double(sorted.count - 1)
    let index = min(Int(position), sorted.count - 1)
    let next = min(index + 1, sorted.count - 1)
    return sorted[index] + (position - Double(index)) * (sorted[next] - sorted[index])
  }
}
