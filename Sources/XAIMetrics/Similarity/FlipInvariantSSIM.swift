/// SSIM that does not tell a map from its negative.
///
/// Maps are clipped to their percentiles 0.5 and 99.5 and brought to [0, 1]; the result is the larger of
/// the SSIM with the second map and the one with its negative, in a uniform 5x5 window.
/// Source: Sixt et al. 2020, `ssim_flipped`. Its limits are swapped, so that the upper percentile
/// becomes 0 and the lower 1; SSIM is not quite the same for inverted images, so both are there,
/// and the result depends a little on which map comes first: here the one of the original network.
public struct FlipInvariantSSIM: SimilarityMeasure {
  /// Which end of a map becomes 1.
  public enum Direction: String, Sendable, Hashable, CaseIterable, Codable {
    /// The lower percentile, as the source has it.
    case inverted
    /// The upper percentile.
    case ascending
  }

  /// Which end of a map becomes 1.
  public let direction: Direction
  /// The dynamic range: 1, or the 2 of the source's time.
  public let dynamicRange: Int

  /// Chooses a variant.
  /// - Parameters:
  ///   - direction: Which end of a map becomes 1.
  ///   - dynamicRange: 1 or 2.
  public init(direction: Direction = .inverted, dynamicRange: Int = 2) {
    (self.direction, self.dynamicRange) = (direction, dynamicRange)
  }

  /// Such as `ssim.flip.inverted.L2`.
  public var identifier: String { "ssim.flip.\(direction.rawValue).L\(dynamicRange)" }

  /// `SSIM`.
  public var shortName: String { "SSIM" }

  /// How the number is made.
  public var summary: String {
    "larger SSIM with the map and with its negative, uniform 5x5 window, clipped at percentiles 0.5 and "
      + "99.5 and scaled to [0, 1], the \(direction == .inverted ? "least" : "largest") value becoming "
      + "1, dynamic range \(dynamicRange)"
  }

  /// Rows and columns of the window.
  public var smallestExtent: Int { SimilarityWindow.uniform5.extent }

  /// Compares two maps.
  /// - Parameter pair: The maps.
  /// - Returns: The larger SSIM; a map whose percentiles are equal is compared as the zero map.
  public func similarity(of pair: ComparedPair) -> Similarity {
    let moments = pair.moments(.clippedMoments)
    let (left, right) = (moments.left.isConstant, moments.right.isConstant)
    let upright = Affine(slope: 1, offset: 0)
    let turned = Affine(slope: -1, offset: 1)
    // What clipping leaves of a map without content is 0 both ways.
    let (plain, flipped) = direction == .ascending ? (upright, turned) : (turned, upright)
    let values = [plain, flipped].map { other in
      SSIM.value(
        moments, left ? upright : plain, right ? upright : other, dynamicRange: dynamicRange)
    }
    return Similarity(value: max(values[0], values[1]), isDegenerate: left || right)
  }
}

extension MapPreparation where Value == WindowMoments {
  /// Moments of the map clipped to its percentiles.
  static var clippedMoments: Self {
    Self("moments.clipped") { map in
      WindowMoments(
        PercentileClip.scaled(map),
        in: SimilarityWindow.uniform5.fits(map) ? .uniform5 : .global)
    }
  }
}
