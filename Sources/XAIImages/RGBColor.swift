/// A colour of 8 bits each for red, green and blue.
public struct RGBColor: Sendable, Hashable {
  /// Red, 0 to 255.
  public var red: UInt8
  /// Green, 0 to 255.
  public var green: UInt8
  /// Blue, 0 to 255.
  public var blue: UInt8

  /// Creates a colour.
  /// - Parameters:
  ///   - red: 0 to 255.
  ///   - green: 0 to 255.
  ///   - blue: 0 to 255.
  public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// No light.
  public static let black = RGBColor(0, 0, 0)
  /// Full light.
  public static let white = RGBColor(255, 255, 255)
  /// Half way in the stored values.
  public static let gray = RGBColor(128, 128, 128)

  /// Black or white, whichever can be read on this colour (luma of ITU-R BT.601).
  public var readable: RGBColor {
    299 * Int(red) + 587 * Int(green) + 114 * Int(blue) > 140_000 ? .black : .white
  }
}
