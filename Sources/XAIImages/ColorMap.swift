/// Colours for numbers: stops at equal distances with straight lines between them.
public struct ColorMap: Sendable, Equatable {
  /// The colours of 0 and 1 and those between, at equal distances.
  public let stops: [RGBColor]

  /// Creates a colour map.
  /// - Parameter stops: Two colours or more.
  public init(_ stops: [RGBColor]) {
    precondition(stops.count >= 2, "\(stops.count) colours make no colour map")
    self.stops = stops
  }

  /// White to dark blue, for amounts such as the cells of a confusion matrix.
  public static let blues = ColorMap([
    RGBColor(255, 255, 255), RGBColor(215, 229, 244), RGBColor(158, 199, 226),
    RGBColor(82, 150, 203), RGBColor(25, 97, 168), RGBColor(6, 42, 100),
  ])

  /// Red, white, green: relevance against, without and for a class.
  public static let redWhiteGreen = ColorMap([
    RGBColor(255, 0, 0), RGBColor(255, 255, 255), RGBColor(0, 128, 0),
  ])

  /// Orange, white, blue: the same for readers of any color vision, as the difference of the two ends is one of
  /// hue and lightness under every kind of color blindness.
  public static let orangeWhiteBlue = ColorMap([
    RGBColor(179, 88, 6), .white, RGBColor(5, 85, 160),
  ])

  /// White to violet: amounts, of which none is for or against anything.
  public static let violets = ColorMap([
    .white, RGBColor(216, 208, 232), RGBColor(154, 134, 190), RGBColor(84, 39, 136),
  ])

  /// Dark gray, white, dark gray: maps that explain nothing.
  public static let neutral = ColorMap([RGBColor(70, 70, 70), .white, RGBColor(70, 70, 70)])

  /// Black to white.
  public static let grays = ColorMap([.black, .white])

  /// The colour of a number.
  /// - Parameter value: 0 for the first stop, 1 for the last; beyond them the end's colour, and gray
  ///   for NaN.
  /// - Returns: The colour.
  public func color(at value: Double) -> RGBColor {
    guard !value.isNaN else { return .gray }
    let position = min(max(value, 0), 1) * Double(stops.count - 1)
    let index = min(Int(position), stops.count - 2)
    let fraction = position - Double(index)
    let (low, high) = (stops[index], stops[index + 1])
    func between(_ from: UInt8, _ to: UInt8) -> UInt8 {
      let (from, to) = (Double(from), Double(to))
      return UInt8(clamping: Int((from + fraction * (to - from)).rounded()))
    }
    return RGBColor(
      between(low.red, high.red), between(low.green, high.green), between(low.blue, high.blue))
  }

  /// Paints a matrix, one pixel for each value.
  /// - Parameters:
  ///   - values: `height * width` numbers, row-major.
  ///   - height: The number of rows.
  ///   - width: The number of columns.
  ///   - range: The numbers of the first and the last colour.
  /// - Returns: The picture.
  public func image(
    of values: some Collection<Double>, height: Int, width: Int, range: ClosedRange<Double>
  ) -> RGBImage {
    precondition(values.count == height * width, "\(values.count) values for \(height) x \(width)")
    let extent = range.upperBound - range.lowerBound
    var pixels: [UInt8] = []
    pixels.reserveCapacity(values.count * 3)
    for value in values {
      let color = color(at: extent > 0 ? (value - range.lowerBound) / extent : 0)
      pixels += [color.red, color.green, color.blue]
    }
    return RGBImage(height: height, width: width, pixels: pixels)
  }
}
