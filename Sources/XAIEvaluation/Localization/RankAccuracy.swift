/// Rank accuracy: the share of the object among as many pixels of largest relevance as the object has; equal
/// values by expectation.
///
/// In [0, 1]; null: the area share.
///
/// Source: Arras et al. 2022.
public struct RankAccuracy: LocalizationMeasure {
  /// `rank`.
  public let identifier = "rank"
  /// The only variant.
  public init() {}

  /// In [0, 1].
  public func score(_ map: JudgedMap, _ object: ObjectMask) -> Double? {
    map.expectedShare(of: object.pixels, amongLargest: object.size)
  }
}

/// The share of the object among the largest twentieth of the pixels; equal values by expectation.
///
/// In [0, 1]; null: the area share.
///
/// Source: Theiner et al. 2021, top-k intersection.
/// - Note: Deviation: Quantus takes 1,000 of all values of all channels.
public struct TopShare: LocalizationMeasure {
  /// `top5percent`.
  public let identifier = "top5percent"
  /// One of so many pixels counts, at least one in all.
  public let divisor: Int
  /// Chooses a share.
  /// - Parameter divisor: One of so many pixels counts; 20 by default.
  public init(divisor: Int = 20) { self.divisor = divisor }

  /// In [0, 1].
  public func score(_ map: JudgedMap, _ object: ObjectMask) -> Double? {
    map.expectedShare(of: object.pixels, amongLargest: max(1, map.values.count / divisor))
  }
}

extension JudgedMap {
  /// How much of the largest pixels lies in a set, where those at the edge are drawn among equals.
  fileprivate func expectedShare(of set: PixelMask, amongLargest count: Int) -> Double {
    let threshold = values.sorted(by: >)[count - 1]
    var (above, aboveInside, equal, equalInside) = (0, 0, 0, 0)
    for (pixel, value) in values.enumerated() where value >= threshold {
      let inside = set[pixel] ? 1 : 0
      if value > threshold {
        (above, aboveInside) = (above + 1, aboveInside + inside)
      } else {
        (equal, equalInside) = (equal + 1, equalInside + inside)
      }
    }
    let drawn = Double(count - above) * Double(equalInside) / Double(equal)
    return (Double(aboveInside) + drawn) / Double(count)
  }
}
