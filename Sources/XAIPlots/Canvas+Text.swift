public import XAIImages

extension Canvas {
  /// Which way text runs.
  public enum TextDirection: Sendable {
    /// From left to right.
    case rightward
    /// From bottom to top, turned by 90 degrees counterclockwise, as on a vertical axis.
    case upward
  }

  /// The extents of text that runs rightward; those of upward text are the same, exchanged.
  /// - Parameters:
  ///   - text: One line or more.
  ///   - scale: The side of a font pixel.
  /// - Returns: Pixels, without the gap after the last letter and the last line.
  public static func size(of text: String, scale: Int = 1) -> (width: Int, height: Int) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let longest = lines.map(\.count).max() ?? 0
    return (
      max(longest * BitmapFont.advance - 1, 0) * scale,
      (lines.count * BitmapFont.lineHeight - 1) * scale
    )
  }

  /// Draws text in the built-in font: printable ASCII, anything else as a box.
  /// - Parameters:
  ///   - text: One line or more.
  ///   - x: The left column of its extents as they are seen.
  ///   - y: The top row of its extents as they are seen.
  ///   - color: The colour.
  ///   - scale: The side of a font pixel, positive; letters are 5 x 7 of them and 6 apart.
  ///   - direction: Which way it runs.
  public mutating func text(
    _ text: String, x: Int, y: Int, color: RGBColor = .black, scale: Int = 1,
    direction: TextDirection = .rightward
  ) {
    precondition(scale > 0, "a scale of \(scale) draws nothing")
    let length = Self.size(of: text, scale: scale).width
    for (line, letters) in text.split(separator: "\n", omittingEmptySubsequences: false)
      .enumerated()
    {
      for (index, letter) in letters.enumerated() {
        for (row, bits) in BitmapFont.rows(of: letter).enumerated() {
          for column in 0..<BitmapFont.glyphWidth where bits >> UInt8(4 - column) & 1 == 1 {
            let along = (index * BitmapFont.advance + column) * scale
            let across = (line * BitmapFont.lineHeight + row) * scale
            switch direction {
            case .rightward:
              fill(x: x + along, y: y + across, width: scale, height: scale, color: color)
            case .upward:
              fill(
                x: x + across, y: y + length - scale - along, width: scale, height: scale,
                color: color)
            }
          }
        }
      }
    }
  }
}
