public import XAIMetrics
public import XAITensor

/// A map that is judged: its values, and the order in which it takes pixels away.
///
/// Values are sums over channels, signed, and never rescaled: a score depends on no other map.
/// - Note: Deviation: Quantus divides by the largest magnitude **of the batch**, so that a map's score
///   depends on its neighbors; Xplique takes the mean over channels; Quantus's pixel measures rank single
///   values of all channels.
public struct JudgedMap: Sendable {
  /// The values.
  public let map: RelevanceMap
  /// Tie ranks that all methods share.
  public let ties: [Int]
  /// Pixels, most relevant first.
  public let order: PixelOrder
  /// The maps of the neighbors of the image, where there are any.
  public var neighbors: [RelevanceMap] = []

  /// Prepares a map.
  /// - Parameters:
  ///   - map: The values.
  ///   - ties: The tie rank of each pixel, a permutation.
  public init(_ map: RelevanceMap, ties: [Int]) {
    (self.map, self.ties) = (map, ties)
    order = PixelOrder(of: map.values, ties: ties)
  }

  /// Prepares an attribution.
  /// - Parameters:
  ///   - attribution: `[C, H, W]`, one or more channels.
  ///   - ties: The tie rank of each pixel, a permutation.
  ///   - source: Whose map it is, for messages.
  /// - Throws: `MetricFailure` where it holds NaN or infinity.
  public init(_ attribution: Tensor, ties: [Int], source: String) throws(MetricFailure) {
    self.init(try RelevanceMap(summingChannelsOf: attribution, source: source), ties: ties)
  }

  /// The values in row-major order.
  public var values: [Double] { map.values }

  /// The sum of the values.
  public var sum: Double { map.values.reduce(0, +) }

  /// The share of pixels whose value another pixel has too: where it is large, ties decide.
  public var tiedShare: Double {
    var counts: [Double: Int] = [:]
    for value in values { counts[value, default: 0] += 1 }
    let tied = counts.values.reduce(0) { $0 + ($1 > 1 ? $1 : 0) }
    return Double(tied) / Double(values.count)
  }
}
