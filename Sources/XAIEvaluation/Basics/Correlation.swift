/// Correlations that are `nil` where they mean nothing: where either side is constant, or fewer than two
/// pairs are there.
public enum Correlation: String, Sendable, CaseIterable {
  /// Pearson's product-moment correlation (1895).
  case pearson
  /// Spearman's rank correlation (1904), equal numbers with the mean of their ranks.
  case spearman

  /// The correlation of pairs.
  /// - Parameters:
  ///   - left: Numbers.
  ///   - right: As many numbers.
  /// - Returns: -1 to 1; `nil` where it is undefined.
  public func of(_ left: [Double], _ right: [Double]) -> Double? {
    precondition(left.count == right.count, "\(left.count) against \(right.count) numbers")
    return self == .pearson
      ? Self.product(left, right) : Self.product(Self.ranks(left), Self.ranks(right))
  }

  /// The ranks of numbers, the least with 1, equal numbers with the mean of their ranks.
  /// - Parameter numbers: The numbers.
  /// - Returns: As many ranks.
  public static func ranks(_ numbers: [Double]) -> [Double] {
    let order = numbers.indices.sorted { numbers[$0] < numbers[$1] }
    var ranks = Array(repeating: 0.0, count: numbers.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, numbers[order[end]] == numbers[order[start]] { end += 1 }
      for position in start..<end { ranks[order[position]] = Double(start + 1 + end) / 2 }
      start = end
    }
    return ranks
  }

  private static func product(_ left: [Double], _ right: [Double]) -> Double? {
    guard left.count >= 2, let left = deviations(left), let right = deviations(right) else {
      return nil
    }
    let product = zip(left.values, right.values).reduce(0) { $0 + $1.0 * $1.1 }
    return min(max(product / left.norm / right.norm, -1), 1)
  }

  /// Deviations from the mean and the root of the sum of their squares; `nil` where all are equal, which the
  /// mean may miss by a rounding.
  private static func deviations(_ numbers: [Double]) -> (values: [Double], norm: Double)? {
    guard numbers.contains(where: { $0 != numbers[0] }) else { return nil }
    // Scaled to at most 1, so that no square overflows or vanishes.
    let largest = numbers.reduce(0) { max($0, abs($1)) }
    let mean = numbers.reduce(0) { $0 + $1 / largest } / Double(numbers.count)
    let values = numbers.map { $0 / largest - mean }
    let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return norm > 0 ? (values, norm) : nil
  }
}
