/// How well a map points at an object.
///
/// Higher is better for all but the chances.
///
/// Localization judges network and method together: a faithful map of a network that looks at grass is not
/// worse. All are `nil` for an empty mask. A measure of your own is a type that conforms.
public protocol LocalizationMeasure: Sendable {
  /// A short name, such as `energy.gain`.
  var identifier: String { get }

  /// Measures a map.
  /// - Parameters:
  ///   - map: The map.
  ///   - object: Where the object is; it has at least one pixel.
  /// - Returns: The score; `nil` where it is undefined.
  func score(_ map: JudgedMap, _ object: ObjectMask) -> Double?
}

extension LocalizationMeasure {
  /// Measures a map against a mask that may be empty.
  /// - Parameters:
  ///   - map: The map.
  ///   - object: Where the object is.
  /// - Returns: The score; `nil` where it is undefined or nothing is to be found.
  public func callAsFunction(_ map: JudgedMap, _ object: ObjectMask) -> Double? {
    object.size == 0 ? nil : score(map, object)
  }
}

/// The measures of localization that are built in.
public enum LocalizationCatalog {
  /// All of them.
  /// - Parameters:
  ///   - height: Rows of the image.
  ///   - width: Columns of the image.
  ///   - tolerance: The radius of tolerant pointing in pixels; `nil` is 0.04 of the shorter side.
  /// - Returns: The measures, in the order of the page.
  public static func measures(
    height: Int, width: Int, tolerance: Double? = nil
  ) -> [any LocalizationMeasure] {
    let radius = tolerance ?? TolerantPointing.radius(height: height, width: width)
    return [
      PointingGame(), TolerantPointing(radius: radius), PointingChance(),
      TolerantChance(radius: radius), EnergyShare(), EnergyGain(), AbsoluteMass(), RankAccuracy(),
      TopShare(), ROCArea(), AveragePrecision(), BestIoU(),
    ]
  }
}
