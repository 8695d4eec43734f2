extension ScoreTable {
  /// The rank of each method by its mean: 1 is best, equal means share the average of their ranks.
  /// - Parameters:
  ///   - measure: The measure.
  ///   - sample: The images that count, some perhaps several times; `nil` is each once.
  /// - Returns: One for each method; `nil` where it has no score on these images.
  public func ranks(_ measure: Int, on sample: [Int]? = nil) -> [Double?] {
    let means = (0..<methods).map { plainMean($0, measure, on: sample) }
    let known = means.indices.filter { means[$0] != nil }
    let ranks = Correlation.ranks(known.map { -turned(means[$0] ?? 0, measure) })
    var all = [Double?](repeating: nil, count: methods)
    for (position, method) in known.enumerated() { all[method] = ranks[position] }
    return all
  }

  /// The mean of what is defined, as a sum in one order divided once: methods whose scores sum to the same are
  /// equal to the last bit.
  func plainMean(_ method: Int, _ measure: Int, on sample: [Int]? = nil) -> Double? {
    let scores = (sample ?? Array(0..<images)).compactMap { self[method, $0, measure] }.sorted()
    return scores.isEmpty ? nil : scores.reduce(0, +) / Double(scores.count)
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

  /// Groups of methods that these images cannot tell apart: methods that share a letter have a paired
  /// difference whose interval holds 0.
  /// - Parameter measure: The measure.
  /// - Returns: For each method the letters of its groups, counted from 0; groups are the maximal runs of
  ///   methods, ordered by rank, of which each two cannot be told apart.
  public func letterGroups(_ measure: Int) -> [[Int]] {
    let ranks = ranks(measure)
    let order = (0..<methods).filter { ranks[$0] != nil }
      .sorted { ((ranks[$0] ?? 0), $0) < ((ranks[$1] ?? 0), $1) }
    var groups: [Range<Int>] = []
    for start in order.indices {
      var end = start + 1
      while end < order.count,
        (start..<end).allSatisfy({ cannotTell(order[$0], order[end], measure) })
      {
        end += 1
      }
      if end > groups.last?.upperBound ?? 0 { groups.append(start..<end) }
    }
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
