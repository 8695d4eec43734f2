/// The name of a color, by hue, saturation and value of an 8-bit pixel.
///
/// Below a value of 0.2 black; below a saturation of 0.15 white above 0.85 and gray else; then bins of hue in
/// degrees.
public enum ColorName: String, Sendable, Codable, CaseIterable {
  /// No light.
  case black
  /// Much light of no color.
  case white
  /// Light of no color.
  case gray
  /// 345 to 15 degrees.
  case red
  /// 15 to 45 degrees, value at least 0.6.
  case orange
  /// 15 to 45 degrees, darker.
  case brown
  /// 45 to 70 degrees.
  case yellow
  /// 70 to 170 degrees.
  case green
  /// 170 to 200 degrees.
  case cyan
  /// 200 to 260 degrees.
  case blue
  /// 260 to 300 degrees.
  case purple
  /// 300 to 345 degrees.
  case pink

  /// Names a color.
  /// - Parameters:
  ///   - red: 0 to 255.
  ///   - green: 0 to 255.
  ///   - blue: 0 to 255.
  public init(red: UInt8, green: UInt8, blue: UInt8) {
    let (r, g, b) = (Double(red), Double(green), Double(blue))
    let (largest, least) = (max(r, g, b), min(r, g, b))
    let value = largest / 255
    let saturation = largest > 0 ? (largest - least) / largest : 0
    guard value >= 0.2 else {
      self = .black
      return
    }
    guard saturation >= 0.15 else {
      self = value > 0.85 ? .white : .gray
      return
    }
    let span = largest - least
    var hue: Double
    if largest == r {
      hue = 60 * (g - b) / span
    } else if largest == g {
      hue = 60 * (b - r) / span + 120
    } else {
      hue = 60 * (r - g) / span + 240
    }
    if hue < 0 { hue += 360 }
    switch hue {
    case 15..<45: self = value < 0.6 ? .brown : .orange
    case 45..<70: self = .yellow
    case 70..<170: self = .green
    case 170..<200: self = .cyan
    case 200..<260: self = .blue
    case 260..<300: self = .purple
    case 300..<345: self = .pink
    default: self = .red
    }
  }
}
