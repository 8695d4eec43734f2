/// The structural similarity of two maps.
///
/// Source: Wang et al. 2004. The mean over all windows inside the maps of
/// `(2 ux uy + C1) (2 vxy + C2) / ((ux^2 + uy^2 + C1) (vx + vy + C2))` with the means u, the variances
/// and the covariance v of the window, `C1 = (0.01 L)^2` and `C2 = (0.03 L)^2`. L is the dynamic range:
/// 1 for maps in [0, 1]. Up to version 0.19 scikit-image used 2 for every image of floating-point
/// numbers without being asked, so published numbers of these years were made with 2.
///
/// 1 for equal maps, 0 for unrelated ones, at least -1. Adebayo et al. (2018) compare signed maps with
/// the Gaussian window, min-max and L = 2.
/// - Note: Deviation from Adebayo et al., who take the mean over three colour channels: channels are
///   summed first, as everywhere here.
public struct SSIM: SimilarityMeasure {
  /// Where means and variances are taken.
  public let window: SimilarityWindow
  /// How maps are brought to [0, 1].
  public let scaling: MapScaling
  /// L, the dynamic range: 1, or the historical 2.
  public let dynamicRange: Int

  /// Chooses a variant.
  /// - Parameters:
  ///   - window: Where means and variances are taken.
  ///   - scaling: How maps are brought to [0, 1].
  ///   - dynamicRange: 1, or the historical 2.
  public init(
    window: SimilarityWindow = .gaussian, scaling: MapScaling = .minMax, dynamicRange: Int = 1
  ) {
    (self.window, self.scaling, self.dynamicRange) = (window, scaling, dynamicRange)
  }

  /// Such as `ssim.gaussian.min-max.L1`.
  public var identifier: String {
    "ssim.\(window.rawValue).\(scaling.rawValue).L\(dynamicRange)"
  }

  /// `SSIM`.
  public var shortName: String { "SSIM" }

  /// How the number is made.
  public var summary: String {
    let maps =
      scaling == .minMax
      ? "scaled to [0, 1] by min-max" : "scaled to [0, 1] as (x / max|x| + 1) / 2"
    let covariance =
      window == .global ? "" : ", sample covariance, mean over windows inside the map"
    let historical = dynamicRange == 2 ? ", as older versions of scikit-image" : ""
    return "SSIM with \(window.phrase) of maps \(maps), dynamic range "
      + "\(dynamicRange)\(historical)\(covariance)"
  }

  /// The same measure in a window that lies inside maps of a size.
  /// - Parameters:
  ///   - height: Rows of the maps.
  ///   - width: Columns of the maps.
  /// - Returns: With the largest window of the same Gaussian; itself where it fits or has another.
  public func fitted(height: Int, width: Int) -> any SimilarityMeasure {
    guard window == .gaussian else { return self }
    return SSIM(
      window: .largestGaussian(height: height, width: width), scaling: scaling,
      dynamicRange: dynamicRange)
  }

  /// Rows and columns of the window.
  public var smallestExtent: Int { window.extent }

  /// Compares two maps.
  /// - Parameter pair: The maps.
  /// - Returns: Their SSIM; a constant map is compared as the scaling leaves it.
  public func similarity(of pair: ComparedPair) -> Similarity {
    let (left, right) = (pair.left.map, pair.right.map)
    return Similarity(
      value: Self.value(
        pair.moments(.moments(in: window)), scaling.afterMinMax(left), scaling.afterMinMax(right),
        dynamicRange: dynamicRange),
      isDegenerate: left.isConstant || right.isConstant)
  }

  /// SSIM of two maps that are scaled further.
  static func value(
    _ pair: PairMoments, _ left: Affine, _ right: Affine, dynamicRange: Int
  ) -> Double {
    let range = Double(dynamicRange)
    let (c1, c2) = (0.01 * range * 0.01 * range, 0.03 * range * 0.03 * range)
    var sum = 0.0
    for index in pair.covariances.indices {
      let x = left.slope * pair.left.means[index] + left.offset
      let y = right.slope * pair.right.means[index] + right.offset
      let covariance = left.slope * right.slope * pair.covariances[index]
      let variances =
        left.slope * left.slope * pair.left.variances[index] + right.slope * right.slope
        * pair.right.variances[index]
      sum +=
        (2 * x * y + c1) * (2 * covariance + c2) / ((x * x + y * y + c1) * (variances + c2))
    }
    return sum / Double(pair.covariances.count)
  }
}

extension MapPreparation where Value == WindowMoments {
  /// Moments of the map scaled by min-max.
  static func moments(in window: SimilarityWindow) -> Self {
    Self("moments.\(window.rawValue)") {
      WindowMoments(MapScaling.minMax.scaled($0), in: window)
    }
  }
}
