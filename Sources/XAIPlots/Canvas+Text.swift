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
  ///   - style: How it looks.
  /// - Returns: Pixels, from the top of capitals to the foot of letters with descenders.
  public static func size(of text: String, _ style: TextStyle) -> (width: Int, height: Int) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let context = CairoContext(height: 1, width: 1)
    let longest = lines.map { context.width(of: String($0), style) }.max() ?? 0
    let height = Double(lines.count - 1) * style.lineHeight + style.ascent + style.descent
    return (Int(longest.rounded(.up)), Int(height.rounded(.up)))
  }

  /// Draws text.
  /// - Parameters:
  ///   - text: One line or more.
  ///   - x: The left column of its extents as they are seen.
  ///   - y: The top row of its extents as they are seen.
  ///   - style: How it looks.
  ///   - color: The color.
  ///   - direction: Which way it runs.
  public mutating func text(
    _ text: String, x: Int, y: Int, _ style: TextStyle, color: RGBColor = .black,
    direction: TextDirection = .rightward
  ) {
    let (length, across) = Self.size(of: text, style)
    let isUpward = direction == .upward
    let (width, height) = isUpward ? (across, length) : (length, across)
    // Letters may reach a little beyond their extents.
    let edge = Int(style.size.rounded(.up))
    let columns = max(x - edge, 0)..<max(min(x + width + edge, image.width), max(x - edge, 0))
    let rows = max(y - edge, 0)..<max(min(y + height + edge, image.height), max(y - edge, 0))
    guard !columns.isEmpty, !rows.isEmpty else { return }
    let context = CairoContext(height: rows.count, width: columns.count)
    context.draw(image.part(rows: rows, columns: columns), x: 0, y: 0)
    let (left, top) = (Double(x - columns.lowerBound), Double(y - rows.lowerBound))
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      let base = style.ascent + Double(index) * style.lineHeight
      let start = isUpward ? (left + base, top + Double(length)) : (left, top + base)
      context.show(String(line), at: start, style, color: color, isUpward: isUpward)
    }
    draw(context.image, x: columns.lowerBound, y: rows.lowerBound)
  }
}

extension TextStyle {
  /// From one base line to the next.
  var lineHeight: Double { 1.2 * size }
  /// From a base line to the top of capitals.
  var ascent: Double { 0.76 * size }
  /// From a base line to the foot of letters that go below.
  var descent: Double { 0.24 * size }
}

extension RGBImage {
  /// A part of the picture.
  fileprivate func part(rows: Range<Int>, columns: Range<Int>) -> RGBImage {
    let pixels = rows.flatMap { row in
      self.pixels[3 * (row * width + columns.lowerBound)..<3 * (row * width + columns.upperBound)]
    }
    return RGBImage(height: rows.count, width: columns.count, pixels: pixels)
  }
}
