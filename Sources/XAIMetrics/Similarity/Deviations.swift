/// The deviations of numbers from their mean: what correlations are made of.
struct Deviations: Sendable {
  let values: [Double]
  /// The root of the sum of the squares; 0 where all numbers are equal.
  let norm: Double

  init(_ numbers: [Double]) {
    // The mean of equal numbers may be off by a rounding; their deviations are zero all the same.
    if numbers.allSatisfy({ $0 == numbers[0] }) {
      values = Array(repeating: 0, count: numbers.count)
    } else {
      // Scaled to at most 1 first, so that no square overflows or vanishes.
      let largest = numbers.reduce(0) { max($0, abs($1)) }
      let mean = numbers.reduce(0) { $0 + $1 / largest } / Double(numbers.count)
      values = numbers.map { $0 / largest - mean }
    }
    norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  /// Pearson's correlation.
  /// - Parameter other: As many deviations.
  /// - Returns: -1 to 1; a convention where either has no deviation.
  func correlation(with other: Deviations) -> Similarity {
    guard norm > 0, other.norm > 0 else {
      return .convention(bothEmpty: norm == 0 && other.norm == 0)
    }
    let product = zip(values, other.values).reduce(0) { $0 + $1.0 * $1.1 }
    return Similarity(value: min(max(product / norm / other.norm, -1), 1))
  }

  /// The ranks of numbers, equal numbers with the mean of their ranks (Kendall 1948).
  /// - Parameter numbers: The numbers.
  /// - Returns: Ranks from 1.
  static func averageRanks(_ numbers: [Double]) -> [Double] {
    // Side by side in memory: sorting reads each number a dozen times.
    let order = numbers.enumerated().sorted { $0.element < $1.element }
    var ranks = Array(repeating: 0.0, count: numbers.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, order[end].element == order[start].element { end += 1 }
      for position in start..<end { ranks[order[position].offset] = Double(start + 1 + end) / 2 }
      start = end
    }
    return ranks
  }
}
