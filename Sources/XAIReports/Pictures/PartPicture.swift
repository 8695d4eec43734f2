import XAIImages
import XAIPlots

/// An image of which a part is seen as it is, and the rest gray and dark.
struct PartPicture {
  /// The color of boxes that are known.
  static let known = RGBColor(0, 158, 115)
  /// The color of boxes that were found.
  static let found = RGBColor(230, 97, 0)

  private var canvas: Canvas

  /// Shows a part of an image; all of it where no part is named.
  init(_ image: RGBImage, part: [Bool]? = nil) {
    guard let part else {
      canvas = Canvas(image)
      return
    }
    var pixels = image.pixels
    for pixel in part.indices where !part[pixel] {
      let sum = (0..<3).reduce(0) { $0 + Int(pixels[3 * pixel + $1]) }
      for channel in 0..<3 { pixels[3 * pixel + channel] = UInt8(sum / 9) }
    }
    canvas = Canvas(RGBImage(height: image.height, width: image.width, pixels: pixels))
  }

  /// Draws a box around pixels.
  /// - Parameters:
  ///   - box: xMin, yMin, xMax, yMax, both corners in it; nil for none.
  ///   - color: Its color.
  mutating func outline(_ box: [Int]?, _ color: RGBColor) {
    guard let box else { return }
    canvas.outline(
      x: box[0], y: box[1], width: box[2] - box[0] + 1, height: box[3] - box[1] + 1, color: color)
  }

  /// What was drawn.
  var picture: RGBImage { canvas.image }
}
