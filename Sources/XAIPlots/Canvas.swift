public import XAIImages

/// A picture to draw on: rectangles, lines, other pictures and text.
///
/// Positions are pixels from the top left corner; what lies outside is cut off.
public struct Canvas: Sendable {
  /// The picture as drawn so far.
  public internal(set) var image: RGBImage

  /// Creates an empty canvas.
  /// - Parameters:
  ///   - height: The number of rows, positive.
  ///   - width: The number of columns, positive.
  ///   - background: The color of every pixel.
  public init(height: Int, width: Int, background: RGBColor = .white) {
    image = RGBImage(
      height: height, width: width,
      repeating: (background.red, background.green, background.blue))
  }

  /// Creates a canvas that continues a picture.
  /// - Parameter image: The picture.
  public init(_ image: RGBImage) { self.image = image }

  /// Fills a rectangle.
  /// - Parameters:
  ///   - x: Its left column.
  ///   - y: Its top row.
  ///   - width: Its columns; none where not positive.
  ///   - height: Its rows; none where not positive.
  ///   - color: The color.
  public mutating func fill(x: Int, y: Int, width: Int, height: Int, color: RGBColor) {
    let columns = max(x, 0)..<max(min(x + width, image.width), max(x, 0))
    let rows = max(y, 0)..<max(min(y + height, image.height), max(y, 0))
    let imageWidth = image.width
    image.pixels.withUnsafeMutableBufferPointer { pixels in
      for row in rows {
        for column in columns {
          let offset = (row * imageWidth + column) * 3
          pixels[offset] = color.red
          pixels[offset + 1] = color.green
          pixels[offset + 2] = color.blue
        }
      }
    }
  }

  /// Draws the outline of a rectangle, one pixel wide and inside of it.
  /// - Parameters:
  ///   - x: Its left column.
  ///   - y: Its top row.
  ///   - width: Its columns.
  ///   - height: Its rows.
  ///   - color: The color.
  public mutating func outline(x: Int, y: Int, width: Int, height: Int, color: RGBColor) {
    fill(x: x, y: y, width: width, height: 1, color: color)
    fill(x: x, y: y + height - 1, width: width, height: 1, color: color)
    fill(x: x, y: y, width: 1, height: height, color: color)
    fill(x: x + width - 1, y: y, width: 1, height: height, color: color)
  }

  /// Draws a line, one pixel wide, both ends included (Bresenham 1965).
  /// - Parameters:
  ///   - start: Column and row of one end.
  ///   - end: Column and row of the other.
  ///   - color: The color.
  public mutating func line(from start: (x: Int, y: Int), to end: (x: Int, y: Int), color: RGBColor)
  {
    let (width, height) = (abs(end.x - start.x), -abs(end.y - start.y))
    let (stepX, stepY) = (start.x < end.x ? 1 : -1, start.y < end.y ? 1 : -1)
    var (x, y, error) = (start.x, start.y, width + height)
    while true {
      fill(x: x, y: y, width: 1, height: 1, color: color)
      if x == end.x && y == end.y { return }
      let doubled = 2 * error
      if doubled >= height {
        error += height
        x += stepX
      }
      if doubled <= width {
        error += width
        y += stepY
      }
    }
  }

  /// Draws another picture, each of its pixels as a square.
  /// - Parameters:
  ///   - other: The picture.
  ///   - x: The column of its left edge.
  ///   - y: The row of its top edge.
  ///   - scale: The side of a square, positive.
  public mutating func draw(_ other: RGBImage, x: Int, y: Int, scale: Int = 1) {
    precondition(scale > 0, "a scale of \(scale) draws nothing")
    for row in 0..<other.height {
      for column in 0..<other.width {
        let (red, green, blue) = other[row, column]
        fill(
          x: x + column * scale, y: y + row * scale, width: scale, height: scale,
          color: RGBColor(red, green, blue))
      }
    }
  }
}
