#if canImport(Glibc)
  import Glibc
#endif

/// What it costs to set a variable, by how rare its values are.
public enum ActionCost: String, Sendable, Codable, CaseIterable {
  /// `|Q(new) - Q(old)|`.
  case percentile
  /// `|ln((1 - Q(new)) / (1 - Q(old)))|`, Q within [1/(n+1), n/(n+1)] (Ustun, Spangher and Liu 2019): a step to the
  /// 99th percentile is dear, to the 1st cheap.
  case logPercentile = "log-percentile"

  /// The cost of a step.
  /// - Parameters:
  ///   - old: The value as it is.
  ///   - new: The value that is set.
  ///   - distribution: Q.
  /// - Returns: At least 0.
  public func cost(from old: Double, to new: Double, _ distribution: ObservedDistribution) -> Double
  {
    let (before, after) = (distribution.share(upTo: old), distribution.share(upTo: new))
    switch self {
    case .percentile: return abs(after - before)
    case .logPercentile: return abs(log((1 - after) / (1 - before)))
    }
  }
}

/// The distribution function of what was observed: `Q(v) = #(data <= v) / (n + 1)`, within [1/(n+1), n/(n+1)].
public struct ObservedDistribution: Sendable {
  private let sorted: [Double]

  /// Takes observations.
  /// - Parameter values: At least one.
  public init(_ values: [Double]) { sorted = values.sorted() }

  /// Q.
  /// - Parameter value: A value.
  /// - Returns: Between 0 and 1, neither of them.
  public func share(upTo value: Double) -> Double {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] <= value { low = middle + 1 } else { high = middle }
    }
    let count = Double(sorted.count)
    return min(max(Double(low), 1), max(count, 1)) / (count + 1)
  }
}
