/// Which colors stand for the two signs of a map.
public enum MapColors: String, Sendable, Codable, CaseIterable {
  /// Blue for positive values, orange for negative ones: readable with any color vision.
  case blueOrange = "blue-orange"
  /// Green for positive values, red for negative ones, as in Nuzzo 2020.
  case redGreen = "red-green"
}

/// How the numbers of a heatmap become colors.
public struct MapPalette: Sendable, Equatable {
  /// The colors from -1 to 1, or from 0 to 1 where `isOneSided`.
  public let colors: ColorMap
  /// Whether negative numbers are drawn as 0.
  public let isOneSided: Bool

  /// Chooses colors.
  /// - Parameters:
  ///   - colors: From -1 to 1, or from 0 to 1.
  ///   - isOneSided: Whether negative numbers are drawn as 0.
  public init(_ colors: ColorMap, isOneSided: Bool = false) {
    (self.colors, self.isOneSided) = (colors, isOneSided)
  }

  /// Two signs.
  /// - Parameter colors: Which colors.
  /// - Returns: The palette.
  public static func signed(_ colors: MapColors) -> MapPalette {
    MapPalette(colors == .blueOrange ? .orangeWhiteBlue : .redWhiteGreen)
  }

  /// Amounts in one hue.
  public static let magnitude = MapPalette(.violets, isOneSided: true)
  /// Maps that explain nothing.
  public static let neutral = MapPalette(.neutral)

  /// The color of a number from -1 to 1; gray for NaN.
  /// - Parameter value: The number.
  /// - Returns: The color.
  public func color(at value: Double) -> RGBColor {
    colors.color(at: isOneSided ? value : (value + 1) / 2)
  }
}
