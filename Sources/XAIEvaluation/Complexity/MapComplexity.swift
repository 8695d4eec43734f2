public import XAIMetrics

#if canImport(Glibc)
  import Glibc
#endif

/// How simple a map is, by its absolute values.
///
/// It **describes and does not rank**: a single bright pixel is simplest.
/// - Note: Deviation: four measures share the name complexity; pnpxai's is the entropy of a histogram of ten
///   bins, pytorch-grad-cam's the mean of the map. Quantus adds 1e-7 to the values of a map scaled by its batch,
///   and returns NaN for a zero map.
public struct MapComplexity: Sendable, Equatable {
  /// The Gini index, `sum_k (2k - P - 1) v_(k) / (P sum v)` with v ascending, in [0, 1 - 1/P]; 0 for a
  /// constant map, `nil` for a zero map.
  ///
  /// Source: Chalasani et al. 2020; Hurley and Rickard 2009.
  public let gini: Double?
  /// The entropy of the shares of the mass in nats, in [0, ln P]; `nil` for a zero map.
  ///
  /// Source: Bhatt et al. 2020.
  public let entropy: Double?
  /// The entropy by ln P, in [0, 1]; `nil` for a zero map and a single pixel.
  public let normalizedEntropy: Double?
  /// The share of pixels above 1 % of the greatest.
  public let activeShare: Double
  /// The least share of pixels that holds 90 % of the mass; `nil` for a zero map.
  public let massShare: Double?

  /// Describes a map.
  /// - Parameters:
  ///   - map: The map.
  ///   - active: What share of the greatest value counts as active, 0.01 by default.
  ///   - mass: What share of the mass is to be held, 0.9 by default.
  public init(of map: RelevanceMap, active: Double = 0.01, mass: Double = 0.9) {
    let magnitudes = map.values.map(abs).sorted()
    let (count, greatest) = (magnitudes.count, magnitudes[magnitudes.count - 1])
    activeShare = Double(magnitudes.count { $0 > active * greatest }) / Double(count)
    let sum = magnitudes.reduce(0, +)
    guard sum > 0 else {
      (gini, entropy, normalizedEntropy, massShare) = (nil, nil, nil, nil)
      return
    }
    let weighted = magnitudes.enumerated().reduce(0.0) {
      $0 + Double(2 * ($1.offset + 1) - count - 1) * $1.element
    }
    gini = max(0, weighted / (Double(count) * sum))
    let entropy = magnitudes.reduce(0.0) { entropy, value in
      let share = value / sum
      return share > 0 ? entropy - share * log(share) : entropy
    }
    self.entropy = entropy
    normalizedEntropy = count > 1 ? entropy / log(Double(count)) : nil
    var held = 0.0
    let needed = magnitudes.reversed().firstIndex { value in
      held += value
      return held >= mass * sum
    }
    massShare = needed.map { Double(count - magnitudes.index(before: $0.base)) / Double(count) }
  }
}
