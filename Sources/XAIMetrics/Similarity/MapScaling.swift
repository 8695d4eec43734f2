/// How a map is brought to [0, 1] before it is compared as an image.
///
/// The choice decides more than the window of SSIM: independent heavy-tailed maps reach an SSIM of
/// 0.1 by min-max and of 0.97 by absolute maximum, where most of both maps is the same grey.
public enum MapScaling: String, Sendable, Hashable, CaseIterable, Codable {
  /// `(a - min) / (max - min)` (Adebayo et al. 2018); a constant map becomes 0.
  case minMax = "min-max"
  /// `(a / max|a| + 1) / 2`: 0 stays in the middle, signs stay apart; the zero map becomes 1/2.
  case absoluteMaximum = "abs-max"

  /// A scaled map.
  /// - Parameter map: The map.
  /// - Returns: A map in [0, 1].
  public func scaled(_ map: RelevanceMap) -> RelevanceMap {
    let (least, greatest) = map.extremes
    switch self {
    case .minMax:
      // Division first: the range of a map may be so small that its inverse overflows.
      return map.map { least == greatest ? 0 : ($0 - least) / (greatest - least) }
    case .absoluteMaximum:
      let largest = max(abs(least), abs(greatest))
      return map.map { largest == 0 ? 0.5 : ($0 / largest + 1) / 2 }
    }
  }

  /// What makes the scaled map of the one scaled by min-max.
  ///
  /// Both scalings are affine, so the moments of the windows are computed once for all.
  func afterMinMax(_ map: RelevanceMap) -> Affine {
    let (least, greatest) = map.extremes
    let largest = max(abs(least), abs(greatest))
    switch self {
    case .minMax: return Affine(slope: 1, offset: 0)
    case .absoluteMaximum:
      guard largest > 0 else { return Affine(slope: 0, offset: 0.5) }
      return Affine(
        slope: (greatest - least) / largest / 2, offset: (least / largest + 1) / 2)
    }
  }
}

/// `slope x + offset`.
struct Affine: Sendable, Equatable {
  var slope: Double
  var offset: Double
}
