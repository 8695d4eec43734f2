/// A map with all that measures need of it alone, computed once.
///
/// The map of the original network is compared with many others; immutable, so that several threads
/// may.
public struct ComparedMap: Sendable {
  /// The map.
  public let map: RelevanceMap
  let deviations: Deviations
  let ranks: Deviations
  let absoluteRanks: Deviations
  /// The largest tenth of the pixels; empty where all values are equal.
  let top: [Int]
  let absoluteTop: [Int]
  /// The map as a vector of length 1; empty for the zero map.
  let direction: [Double]
  /// Ranks of the histograms of oriented gradients; of nothing where the map is too small for them.
  let gradientRanks: Deviations
  /// Moments of the map scaled by min-max, in the windows of the panel that fit.
  let moments: [SimilarityWindow: WindowMoments]
  /// The same of the map clipped to percentiles, in the 5x5 window.
  let clippedMoments: WindowMoments
  /// Whether clipping leaves nothing.
  let isClippedEmpty: Bool

  /// Prepares a map.
  /// - Parameter map: The map.
  public init(_ map: RelevanceMap) {
    self.map = map
    let absolute = map.values.map(abs)
    deviations = Deviations(map.values)
    ranks = Deviations(Deviations.averageRanks(map.values))
    absoluteRanks = Deviations(Deviations.averageRanks(absolute))
    top = TopOverlap.pixels(map.values)
    absoluteTop = TopOverlap.pixels(absolute)
    let largest = absolute.reduce(0, max)
    let length = map.values.reduce(0) { $0 + $1 / largest * ($1 / largest) }.squareRoot()
    direction = largest == 0 ? [] : map.values.map { $0 / largest / length }

    let scaled = MapScaling.minMax.scaled(map)
    let fitsGradients = min(map.height, map.width) >= HOGCorrelation().smallestExtent
    let gradients = fitsGradients ? HOGDescriptor.values(of: scaled) : []
    // Rounding must not decide between magnitudes that are equal on paper: ranks see 40 bits.
    gradientRanks = Deviations(
      Deviations.averageRanks(gradients.map { ($0 * 0x1p40).rounded() }))
    let windows: Set<SimilarityWindow> = [
      .largestGaussian(height: map.height, width: map.width), .uniform, .global,
    ]
    moments = Dictionary(
      uniqueKeysWithValues: windows.filter { $0.fits(map) }
        .map { ($0, WindowMoments(scaled, in: $0)) })
    let clipped = PercentileClip.scaled(map)
    isClippedEmpty = clipped.isConstant
    clippedMoments = WindowMoments(
      clipped, in: SimilarityWindow.uniform5.fits(map) ? .uniform5 : .global)
  }
}

/// Two maps of the same extents with all that measures need of both, computed once.
public struct ComparedPair: Sendable {
  /// The first map.
  public let left: ComparedMap
  /// The second map.
  public let right: ComparedMap
  private let known: [SimilarityWindow: PairMoments]
  /// Moments of the clipped maps.
  let clippedMoments: PairMoments

  /// Prepares a comparison.
  /// - Parameters:
  ///   - left: A map.
  ///   - right: A map of the same extents.
  public init(_ left: ComparedMap, _ right: ComparedMap) {
    precondition(
      left.map.height == right.map.height && left.map.width == right.map.width,
      "\(left.map.height) x \(left.map.width) against \(right.map.height) x \(right.map.width)")
    (self.left, self.right) = (left, right)
    known = left.moments.merging(right.moments) { first, _ in first }.compactMapValues { moments in
      right.moments[moments.window].map { PairMoments(moments, $0) }
    }
    clippedMoments = PairMoments(left.clippedMoments, right.clippedMoments)
  }

  /// The moments of the maps scaled by min-max.
  func moments(in window: SimilarityWindow) -> PairMoments {
    if let moments = known[window] { return moments }
    return PairMoments(
      WindowMoments(MapScaling.minMax.scaled(left.map), in: window),
      WindowMoments(MapScaling.minMax.scaled(right.map), in: window))
  }
}
