extension ScoreTable {
  /// The rank of each method by its mean or median: 1 is best, equal ones share the average of their ranks.
  /// - Parameters:
  ///   - measure: The measure.
  ///   - sample: The images that count, some perhaps several times; `nil` is each once.
  /// - Returns: One for each method; `nil` where it has no score on these images.
  public func ranks(_ measure: Int, on sample: [Int]? = nil) -> [Double?] {
    let centers = (0..<methods).map { plainCenter($0, measure, on: sample) }
    let known = centers.indices.filter { centers[$0] != nil }
    let ranks = Correlation.ranks(known.map { -turned(centers[$0] ?? 0, measure) })
    var all = [Double?](repeating: nil, count: methods)
    for (position, method) in known.enumerated() { all[method] = ranks[position] }
    return all
  }

  /// The center of what is defined.
  ///
  /// A mean is a sum in one order, divided once: methods whose scores sum to the same
  /// are equal to the last bit.
  func plainCenter(_ method: Int, _ measure: Int, on sample: [Int]? = nil) -> Double? {
    let scores = (sample ?? Array(0..<images)).compactMap { self[method, $0, measure] }.sorted()
    guard !scores.isEmpty else { return nil }
    return switch statistics[measure] {
    case .mean: scores.reduce(0, +) / Double(scores.count)
    case .median: (scores[(scores.count - 1) / 2] + scores[scores.count / 2]) / 2
    }
  }

  /// What ranks would be on other images: images are drawn with replacement, the same for all methods and
  /// measures.
  /// - Parameters:
  ///   - measure: The measure.
  ///   - samples: The images of each sample; 1,000 of them by default of the page.
  ///   - quantiles: The ends of the intervals.
  /// - Returns: One for each method.
  public func bootstrapRanks(
    _ measure: Int, samples: [[Int]], quantiles: (Double, Double) = (0.025, 0.975)
  ) -> [RankInterval] {
    let ranks = samples.map { self.ranks(measure, on: $0) }
    let best = ranks.map { $0.compactMap(\.self).min() }
    return (0..<methods).map { method in
      let own = ranks.compactMap { $0[method] }.sorted()
      guard !own.isEmpty else { return RankInterval(interval: nil, firstShare: nil) }
      let firsts = zip(ranks, best).count { $0[method] != nil && $0[method] == $1 }
      return RankInterval(
        interval: Quantile.linear(own, quantiles.0)...Quantile.linear(own, quantiles.1),
        firstShare: Double(firsts) / Double(samples.count))
    }
  }

  /// Groups of methods that these images cannot tell apart: two methods share a letter exactly where the interval of
  /// their paired difference holds 0.
  ///
  /// That is not transitive, so a method may have several letters. As many groups are made as the pairs need, each as
  /// large as it can be. Intervals are 95 % for each pair, whatever the number of pairs.
  /// - Parameter measure: The measure.
  /// - Returns: For each method the letters of its groups, counted from 0 for that of the best method.
  public func letterGroups(_ measure: Int) -> [[Int]] {
    let ranks = ranks(measure)
    let order = (0..<methods).filter { ranks[$0] != nil }
      .sorted { ((ranks[$0] ?? 0), $0) < ((ranks[$1] ?? 0), $1) }
    let alike = order.map { left in order.map { cannotTell(left, $0, measure) } }
    var groups: [[Int]] = []
    for first in order.indices {
      for second in order.indices.dropFirst(first)
      where (second == first ? !groups.contains { $0.contains(first) } : alike[first][second])
        && !groups.contains(where: { $0.contains(first) && $0.contains(second) })
      {
        // The method alone comes first: its group grows to the largest one with the next it is like.
        var group = first == second ? [first] : [first, second]
        for other in order.indices
        where !group.contains(other) && group.allSatisfy({ alike[other][$0] }) {
          group.append(other)
        }
        groups.append(group.sorted())
      }
    }
    groups.sort { $0.lexicographicallyPrecedes($1) }
    return (0..<methods).map { method in
      guard let place = order.firstIndex(of: method) else { return [] }
      return groups.indices.filter { groups[$0].contains(place) }
    }
  }

  private func cannotTell(_ left: Int, _ right: Int, _ measure: Int) -> Bool {
    gain(left, over: right, measure)?.mayBeZero ?? true
  }
}

/// Where a method's rank lies on other images.
public struct RankInterval: Sendable, Equatable {
  /// The 2.5 and 97.5 % quantiles of its ranks, linear between order statistics; `nil` without scores.
  public let interval: ClosedRange<Double>?
  /// The share of samples in which it has the best rank, alone or with others.
  public let firstShare: Double?
}

/// Quantiles of samples.
enum Quantile {
  /// The quantile by linear interpolation between order statistics.
  /// - Parameters:
  ///   - sorted: Ascending, at least one.
  ///   - share: In [0, 1].
  /// - Returns: The quantile.
  static func linear(_ sorted: [Double], _ share: Double) -> Double {
    let place = share * Double(sorted.count - 1)
    let below = min(Int(place), sorted.count - 1)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
  }
}
