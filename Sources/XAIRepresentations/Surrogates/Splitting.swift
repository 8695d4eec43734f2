import XAIStatistics

/// How a tree divides rows.
protocol Splitting {
  /// The answer for some rows.
  func answer(_ members: [Int]) -> Double
  /// The best question; nil where none gains.
  func best(
    _ rows: [[Double]], _ members: [Int], leaf: Int
  ) -> (feature: Int, threshold: Double, gain: Double)?
}

extension Splitting {
  /// Places where sorted rows may be divided.
  func divisions(
    _ rows: [[Double]], _ members: [Int], feature: Int, leaf: Int,
    _ body: (_ sorted: [Int], _ count: Int, _ threshold: Double) -> Void
  ) {
    let sorted = members.sorted { (rows[$0][feature], $0) < (rows[$1][feature], $1) }
    for count in 1..<max(sorted.count, 1) {
      let (below, above) = (rows[sorted[count - 1]][feature], rows[sorted[count]][feature])
      guard below < above else { continue }
      // Rounded to the upper value the midpoint would send it left.
      let middle = below + (above - below) / 2
      let isWide = count >= leaf && sorted.count - count >= leaf
      body(sorted, isWide ? count : 0, middle < above ? middle : below)
    }
  }
}

/// Gini, exactly.
struct ClassSplitting: Splitting {
  let classes: [Int]
  private let count: Int

  init(_ classes: [Int]) {
    self.classes = classes
    count = (classes.max() ?? 0) + 1
  }

  func answer(_ members: [Int]) -> Double {
    let counts = self.counts(members)
    return Double(counts.indices.dropFirst().reduce(0) { counts[$1] > counts[$0] ? $1 : $0 })
  }

  private func counts(_ members: [Int]) -> [Int] {
    var counts = [Int](repeating: 0, count: count)
    for member in members { counts[classes[member]] += 1 }
    return counts
  }

  func best(
    _ rows: [[Double]], _ members: [Int], leaf: Int
  ) -> (feature: Int, threshold: Double, gain: Double)? {
    let all = counts(members)
    let whole = Purity(all.reduce(0) { $0 + $1 * $1 }, members.count)
    var best: (feature: Int, threshold: Double, purity: Purity)?
    for feature in 0..<(rows.first?.count ?? 0) {
      var left = [Int](repeating: 0, count: count)
      var (taken, leftSquares) = (0, 0)
      var (right, rightSquares) = (all, all.reduce(0) { $0 + $1 * $1 })
      divisions(rows, members, feature: feature, leaf: leaf) { sorted, count, threshold in
        guard count > 0 else { return }
        while taken < count {
          let label = classes[sorted[taken]]
          leftSquares += 2 * left[label] + 1
          rightSquares -= 2 * right[label] - 1
          left[label] += 1
          right[label] -= 1
          taken += 1
        }
        let purity = Purity(leftSquares, count, rightSquares, members.count - count)
        if purity > (best?.purity ?? whole) { best = (feature, threshold, purity) }
      }
    }
    return best.map { ($0.feature, $0.threshold, $0.purity.value - whole.value) }
  }
}

/// The sum over sides of (sum over classes of n_c^2) / n, as a fraction.
private struct Purity {
  private let numerator: UInt64
  private let denominator: UInt64

  init(_ squares: Int, _ count: Int) {
    (numerator, denominator) = (UInt64(squares), UInt64(count))
  }

  init(_ left: Int, _ leftCount: Int, _ right: Int, _ rightCount: Int) {
    numerator = UInt64(left) * UInt64(rightCount) + UInt64(right) * UInt64(leftCount)
    denominator = UInt64(leftCount) * UInt64(rightCount)
  }

  var value: Double { Double(numerator) / Double(denominator) }

  static func > (one: Purity, other: Purity) -> Bool {
    let left = one.numerator.multipliedFullWidth(by: other.denominator)
    let right = other.numerator.multipliedFullWidth(by: one.denominator)
    return (left.high, left.low) > (right.high, right.low)
  }
}

/// Variance.
struct ValueSplitting: Splitting {
  let values: [Double]

  init(_ values: [Double]) { self.values = values }

  func answer(_ members: [Int]) -> Double { members.map { values[$0] }.mean }

  func best(
    _ rows: [[Double]], _ members: [Int], leaf: Int
  ) -> (feature: Int, threshold: Double, gain: Double)? {
    // Around the mean, so that large common parts cost no digits.
    let mean = answer(members)
    let centered = members.map { values[$0] - mean }
    let total = centered.reduce(0) { $0 + $1 * $1 }
    var best: (feature: Int, threshold: Double, gain: Double)?
    for feature in 0..<(rows.first?.count ?? 0) {
      var (taken, sum) = (0, 0.0)
      divisions(rows, members, feature: feature, leaf: leaf) { sorted, count, threshold in
        guard count > 0 else { return }
        while taken < count {
          sum += values[sorted[taken]] - mean
          taken += 1
        }
        let rest = Double(members.count - count)
        let gain = sum * sum / Double(count) + sum * sum / rest
        // What rounding alone gains is no gain, and decides no tie.
        guard gain > 1e-12 * total else { return }
        if gain > (best?.gain ?? 0) * (1 + 1e-12) { best = (feature, threshold, gain) }
      }
    }
    return best
  }
}
