/// A picture of 8-bit red, green and blue, as files store it.
///
/// Layout: `[height, width, 3]`, rows from top to bottom, no padding. The values are the file's own
/// (sRGB by convention); no colour profile or gamma is applied.
public struct RGBImage: Sendable, Equatable {
  /// The number of rows.
  public let height: Int
  /// The number of columns.
  public let width: Int
  /// `height * width * 3` values, row-major, channel fastest; the number must not change.
  public var pixels: [UInt8]

  /// Creates an image from its pixels.
  /// - Parameters:
  ///   - height: The number of rows, positive.
  ///   - width: The number of columns, positive.
  ///   - pixels: `height * width * 3` values in HWC order.
  public init(height: Int, width: Int, pixels: [UInt8]) {
    precondition(height > 0 && width > 0, "an image of \(height) x \(width) pixels has no pixels")
    precondition(
      pixels.count == height * width * 3,
      "\(pixels.count) values do not fill \(height) x \(width) x 3")
    self.height = height
    self.width = width
    self.pixels = pixels
  }

  /// Creates an image of one colour.
  /// - Parameters:
  ///   - height: The number of rows, positive.
  ///   - width: The number of columns, positive.
  ///   - color: Red, green and blue of every pixel.
  public init(height: Int, width: Int, repeating color: (UInt8, UInt8, UInt8)) {
    precondition(height > 0 && width > 0, "an image of \(height) x \(width) pixels has no pixels")
    var pixels = [UInt8](repeating: color.0, count: height * width * 3)
    if color.1 != color.0 || color.2 != color.0 {
      for pixel in 0..<height * width {
        pixels[3 * pixel + 1] = color.1
        pixels[3 * pixel + 2] = color.2
      }
    }
    self.init(height: height, width: width, pixels: pixels)
  }

  /// Red, green and blue of one pixel.
  /// - Parameters:
  ///   - row: 0 at the top.
  ///   - column: 0 at the left.
  public subscript(row: Int, column: Int) -> (UInt8, UInt8, UInt8) {
    get {
      let offset = offset(row, column)
      return (pixels[offset], pixels[offset + 1], pixels[offset + 2])
    }
    set {
      let offset = offset(row, column)
      pixels[offset] = newValue.0
      pixels[offset + 1] = newValue.1
      pixels[offset + 2] = newValue.2
    }
  }

  private func offset(_ row: Int, _ column: Int) -> Int {
    precondition(
      0..<height ~= row && 0..<width ~= column,
      "row \(row), column \(column) is outside of \(height) x \(width) pixels")
    return (row * width + column) * 3
  }
}
