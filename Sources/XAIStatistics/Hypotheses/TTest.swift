/// Student's two-sample t test of equal means.
///
/// For comparison with other programs; where the values of a sample share images its error rate is far above
/// its level.
public struct TTest: Sendable, Equatable {
  /// The t statistic.
  public let t: Double
  /// Degrees of freedom, which need not be whole.
  public let degreesOfFreedom: Double
  /// The two-sided probability of a t of at least this magnitude.
  public let p: Double

  /// Without equal variances (Welch 1947).
  /// - Parameters:
  ///   - first: At least 2 values.
  ///   - second: At least 2 values.
  /// - Returns: The test, nil where a sample is too small or no value differs from its mean.
  public static func welch(_ first: [Double], _ second: [Double]) -> TTest? {
    guard first.count > 1, second.count > 1 else { return nil }
    let shares = [first, second].map { $0.variance / Double($0.count) }
    let variance = shares[0] + shares[1]
    guard variance > 0 else { return nil }
    let squares = zip(shares, [first, second]).reduce(0) {
      $0 + $1.0 * $1.0 / Double($1.1.count - 1)
    }
    return TTest(
      (first.mean - second.mean) / variance.squareRoot(), variance * variance / squares)
  }

  /// With one variance for both (Student 1908).
  /// - Parameters:
  ///   - first: At least 1 value.
  ///   - second: At least 1 value; 3 together.
  /// - Returns: The test, nil where there are too few values or none differs from its mean.
  public static func pooled(_ first: [Double], _ second: [Double]) -> TTest? {
    let degrees = Double(first.count + second.count - 2)
    guard degrees > 0, !first.isEmpty, !second.isEmpty else { return nil }
    let squares = [first, second].reduce(0) { $0 + $1.squaredDeviations }
    let variance = squares / degrees * (1 / Double(first.count) + 1 / Double(second.count))
    guard variance > 0 else { return nil }
    return TTest((first.mean - second.mean) / variance.squareRoot(), degrees)
  }

  private init(_ t: Double, _ degreesOfFreedom: Double) {
    (self.t, self.degreesOfFreedom) = (t, degreesOfFreedom)
    p = StudentDistribution(degreesOfFreedom: degreesOfFreedom).exceedance(abs(t))
  }
}

extension [Double] {
  /// The arithmetic mean; NaN of no values.
  package var mean: Double { reduce(0, +) / Double(count) }

  /// The sum of squared differences from the mean.
  package var squaredDeviations: Double {
    let mean = mean
    return reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  }

  /// The variance with `count - 1`.
  package var variance: Double { squaredDeviations / Double(count - 1) }

  /// The middle value, or the mean of the two middle ones; NaN of no values.
  package var median: Double {
    guard !isEmpty else { return .nan }
    let sorted = sorted()
    return count.isMultiple(of: 2)
      ? (sorted[count / 2 - 1] + sorted[count / 2]) / 2 : sorted[count / 2]
  }

  /// The smallest value that at least this share of the values does not exceed.
  /// - Parameter share: From 0 to 1.
  /// - Returns: One of the values; NaN of no values.
  package func quantile(_ share: Double) -> Double {
    guard !isEmpty else { return .nan }
    let position = Swift.max(1, Int((share * Double(count) - 1e-9).rounded(.up)))
    return sorted()[Swift.min(position, count) - 1]
  }
}
