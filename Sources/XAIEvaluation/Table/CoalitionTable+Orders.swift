/// What orders of removal can reach on one image.
public struct OrderBounds: Sendable, Equatable {
  /// The least area under a removal curve: that of the best deletion.
  public var least: Double
  /// The greatest area: that of the best insertion.
  public var greatest: Double
  /// The exact expectation of the area over all orders.
  public var expected: Double
  /// The greatest insertion - deletion of one order.
  public var greatestGain: Double
  /// The order of removal with the least area: the best deletion.
  public var bestOrder: [Int]
  /// The order with the greatest insertion - deletion: the oracle, whose share of the possible is 1.
  public var oracle: [Int]
}

/// What an order of the cells reaches.
public struct OrderScores: Sendable, Equatable {
  /// The area while cells go in this order; lower is better.
  public var deletion: Double
  /// The area while cells go in the reverse order; higher is better.
  public var insertion: Double
  /// Insertion - deletion; higher is better.
  public var gain: Double
  /// **The share of the possible**, the headline of faithfulness: the gain by that of the oracle.
  ///
  /// In [-1, 1]: 1 is the oracle, 0 the expectation of a random order, -1 the oracle reversed; `nil` where the
  /// network ignores the image.
  public var share: Double?
  /// `(expected - deletion) / (expected - least)`, at most 1; it may be below -1.
  ///
  /// `nil` as the share.
  public var deletionShare: Double?
}

extension CoalitionTable {
  /// The area under the curve of an order of removal, over the share of pixels gone.
  /// - Parameters:
  ///   - order: Cells, the first one goes first.
  ///   - quantity: Logit or probability.
  /// - Returns: The area, by the trapezoid rule.
  public func area(of order: [Int], _ quantity: TargetQuantity) -> Double {
    let shares = cells.shares
    var (set, area) = (0, 0.0)
    for cell in order {
      let next = set | 1 << cell
      area += shares[cell] * (values[set][quantity] + values[next][quantity]) / 2
      set = next
    }
    return area
  }

  /// Insertion - deletion of an order.
  /// - Parameters:
  ///   - order: Cells, most relevant first.
  ///   - quantity: Logit or probability.
  /// - Returns: The gain.
  public func gain(of order: [Int], _ quantity: TargetQuantity) -> Double {
    area(of: order.reversed(), quantity) - area(of: order, quantity)
  }

  /// The bounds of all `S!` orders, by dynamic programming over sets:
  /// `best[A] = min_{i in A} best[A - i] + w_i (v(A - i) + v(A)) / 2`, w the cells' shares of pixels.
  /// - Parameter quantity: Logit or probability.
  /// - Returns: The bounds.
  public func bounds(_ quantity: TargetQuantity) -> OrderBounds {
    let values = values.map { $0[quantity] }
    // Who is left instead of who is gone.
    let left = Array(values.reversed())
    let least = extremeOrder(values, sign: 1)
    let gain = extremeOrder(zip(left, values).map { $0 - $1 }, sign: -1)
    return OrderBounds(
      least: least.area, greatest: extremeOrder(values, sign: -1).area,
      expected: expectedArea(values),
      greatestGain: gain.area, bestOrder: least.order, oracle: gain.order)
  }

  /// The order whose area is extreme; the lowest cell among equals goes last.
  /// - Parameters:
  ///   - values: One for each set.
  ///   - sign: 1 for the least area, -1 for the greatest.
  /// - Returns: The area, and the order.
  private func extremeOrder(_ values: [Double], sign: Double) -> (area: Double, order: [Int]) {
    let shares = cells.shares
    var best = Array(repeating: 0.0, count: values.count)
    var last = Array(repeating: 0, count: values.count)
    for set in values.indices.dropFirst() {
      best[set] = sign * .infinity
      for cell in 0..<count where set >> cell & 1 == 1 {
        let before = set ^ 1 << cell
        let area = best[before] + shares[cell] * (values[before] + values[set]) / 2
        if sign * area < sign * best[set] { (best[set], last[set]) = (area, cell) }
      }
    }
    var (set, order) = (all, [Int]())
    while set != 0 {
      order.append(last[set])
      set ^= 1 << last[set]
    }
    return (best[all], order.reversed())
  }

  /// `sum_A sum_{i not in A} |A|! (S - |A| - 1)! / S! w_i (v(A) + v(A + i)) / 2`.
  private func expectedArea(_ values: [Double]) -> Double {
    let shares = cells.shares
    // |A|! (S - |A| - 1)! / S! = 1 / (S C(S - 1, |A|)).
    var weights = [1 / Double(max(count, 1))]
    for size in 1..<max(count, 1) {
      weights.append(weights[size - 1] * Double(size) / Double(count - size))
    }
    return values.indices.dropLast().reduce(0) { sum, set in
      let steps = (0..<count).reduce(0) { steps, cell in
        set >> cell & 1 == 1
          ? steps : steps + shares[cell] * (values[set] + values[set | 1 << cell]) / 2
      }
      return sum + weights[set.nonzeroBitCount] * steps
    }
  }

  /// What an order reaches, beside what any order can.
  /// - Parameters:
  ///   - order: Cells, most relevant first.
  ///   - quantity: Logit or probability.
  ///   - bounds: The bounds of the same quantity.
  /// - Returns: Its scores.
  public func scores(
    of order: [Int], _ quantity: TargetQuantity, within bounds: OrderBounds
  ) -> OrderScores {
    let deletion = area(of: order, quantity)
    let insertion = area(of: order.reversed(), quantity)
    let (gain, range) = (insertion - deletion, bounds.expected - bounds.least)
    // Of equal values the two differ by roundings.
    let rounding = 1e-12 * max(abs(bounds.expected), abs(bounds.least))
    return OrderScores(
      deletion: deletion, insertion: insertion, gain: gain,
      share: bounds.greatestGain > 0 ? min(max(gain / bounds.greatestGain, -1), 1) : nil,
      deletionShare: range > rounding ? (bounds.expected - deletion) / range : nil)
  }

  /// The share of orders that an order beats in insertion - deletion, equal ones half.
  ///
  /// One image proves nothing: a single random order's share of the possible has a standard deviation of
  /// some 0.35.
  /// - Parameters:
  ///   - order: Cells, most relevant first.
  ///   - others: Orders to compare with, such as 2,000 random ones.
  ///   - quantity: Logit or probability.
  /// - Returns: In [0, 1], higher is better; `nil` where there is no other order.
  public func percentile(
    of order: [Int], among others: [[Int]], _ quantity: TargetQuantity
  ) -> Double? {
    percentile(of: order, amongGains: others.map { gain(of: $0, quantity) }, quantity)
  }

  /// The share of gains that an order beats, equal ones half, where the gains are known.
  func percentile(
    of order: [Int], amongGains gains: [Double], _ quantity: TargetQuantity
  ) -> Double? {
    guard !gains.isEmpty else { return nil }
    let own = gain(of: order, quantity)
    let beaten = gains.reduce(0) { $0 + ($1 < own ? 1 : $1 == own ? 0.5 : 0) }
    return beaten / Double(gains.count)
  }
}
