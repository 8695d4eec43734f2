import XAIMetrics

/// The pointing game: the share of the maxima of the map that lie on the object, which is the expected value
/// where ties are broken at random.
///
/// Source: Zhang et al. 2016.
///
/// Null: a constant map scores exactly the chance.
/// - Note: Deviation: TorchRay takes the first maximum, Quantus any of them that hits.
public struct PointingGame: LocalizationMeasure {
  /// `pointing`.
  public let identifier = "pointing"
  /// The only variant.
  public init() {}

  /// In [0, 1].
  public func score(_ map: JudgedMap, _ object: ObjectMask) -> Double? {
    map.shareOfMaxima(in: object.pixels)
  }
}

/// The pointing game with a tolerance: a maximum hits that is on the object or closer to it than a radius.
///
/// Null: the tolerant chance.
/// - Note: Deviation: TorchRay's 15 pixels are meant for images of 500 x 375 pixels; its tolerance of 0 can
///   never hit.
public struct TolerantPointing: LocalizationMeasure {
  /// `pointing.tolerant`.
  public let identifier = "pointing.tolerant"
  /// The radius in pixels.
  public let radius: Double
  /// Chooses a radius.
  /// - Parameter radius: In pixels.
  public init(radius: Double) { self.radius = radius }

  /// TorchRay's 15 pixels of 375.
  /// - Parameters:
  ///   - height: Rows of the image.
  ///   - width: Columns of the image.
  /// - Returns: 0.04 of the shorter side.
  public static func radius(height: Int, width: Int) -> Double {
    0.04 * Double(min(height, width))
  }

  /// In [0, 1].
  public func score(_ map: JudgedMap, _ object: ObjectMask) -> Double? {
    map.shareOfMaxima(in: object.grown(by: radius))
  }
}

/// What the pointing game gives a random pixel: it says nothing about the map.
public struct PointingChance: LocalizationMeasure {
  /// `chance`.
  public let identifier = "chance"
  /// The only variant.
  public init() {}

  /// In [0, 1].
  public func score(_ map: JudgedMap, _ object: ObjectMask) -> Double? { object.areaShare }
}

/// What the tolerant pointing game gives a random pixel: it says nothing about the map.
public struct TolerantChance: LocalizationMeasure {
  /// `chance.tolerant`.
  public let identifier = "chance.tolerant"
  /// The radius in pixels.
  public let radius: Double
  /// Chooses a radius.
  /// - Parameter radius: In pixels.
  public init(radius: Double) { self.radius = radius }

  /// In [0, 1].
  public func score(_ map: JudgedMap, _ object: ObjectMask) -> Double? {
    Double(object.grown(by: radius).size) / Double(object.pixels.count)
  }
}

extension JudgedMap {
  /// The share of the maxima that lie in a set.
  fileprivate func shareOfMaxima(in set: PixelMask) -> Double {
    let greatest = map.extremes.greatest
    let maxima = values.indices.filter { values[$0] == greatest }
    return Double(maxima.count { set[$0] }) / Double(maxima.count)
  }
}
