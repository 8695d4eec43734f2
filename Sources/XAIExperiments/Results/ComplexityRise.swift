public import XAIMetrics

#if canImport(Glibc)
  import Glibc
#endif

/// How much less order there is in a map after randomization: the efficient randomization test.
///
/// Hedström et al. 2024, Sanity Checks Revisited: An Exploration to Repair the Model Parameter
/// Randomisation Test. One comparison of the original network with the fully randomized one takes the
/// place of many similarities: with `H` the entropy of a map's histogram, the score is
/// `(H(randomized) - H(original)) / H(original)`. A map that shows what was learned has more order than
/// one of a network that has learned nothing, so the score is positive; 0 where the map does not change.
///
/// The fully randomized network is the last step of the cascade.
public struct ComplexityRise: Sendable, Equatable {
  /// The number of bins of a histogram; equally wide, from a map's least to its greatest value.
  public var bins: Int

  /// Describes the score.
  /// - Parameter bins: The number of bins; 100 in the authors' program.
  public init(bins: Int = 100) {
    precondition(bins > 1, "a histogram of \(bins) bins")
    self.bins = bins
  }

  /// The entropy of a map's histogram, in nats.
  ///
  /// It depends on neither scale nor offset of the map.
  /// - Parameter map: The map.
  /// - Returns: 0 for a constant map, at most `log(bins)`.
  public func entropy(of map: RelevanceMap) -> Double {
    let (least, greatest) = map.extremes
    guard least < greatest else { return 0 }
    var counts = Array(repeating: 0, count: bins)
    for value in map.values {
      // Halves first: the range of large values overflows. The last bin holds its upper end.
      let position = (value / 2 - least / 2) / (greatest / 2 - least / 2)
      counts[min(Int(position * Double(bins)), bins - 1)] += 1
    }
    return counts.reduce(0) { entropy, count in
      let share = Double(count) / Double(map.values.count)
      return count == 0 ? entropy : entropy - share * log(share)
    }
  }

  /// The relative rise of the entropy.
  /// - Parameters:
  ///   - original: The map of the original network.
  ///   - randomized: The map of the fully randomized network.
  /// - Returns: At least -1; nothing where the original map is constant and has no entropy.
  public func score(original: RelevanceMap, randomized: RelevanceMap) -> Double? {
    let before = entropy(of: original)
    return before > 0 ? (entropy(of: randomized) - before) / before : nil
  }
}
