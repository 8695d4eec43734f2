import XAIImages
import XAIPlots

extension TextStyle {
  /// The first line of a sheet.
  static let title = TextStyle(size: 24, isBold: true)
  /// Everything else on a sheet.
  static let body = TextStyle(size: 17)

  /// The same letters, smaller where a text would not fit.
  /// - Parameters:
  ///   - text: One line.
  ///   - width: The room in pixels.
  /// - Returns: Letters of at least half the size.
  func fitting(_ text: String, in width: Int) -> TextStyle {
    let needed = self.width(of: text)
    guard needed > Double(width), needed > 0 else { return self }
    return TextStyle(size: max(size / 2, size * Double(width) / needed), isBold: isBold)
  }
}

/// The lines above a sheet: the first is its title; each goes on in a further line where it is too long.
struct SheetTitle {
  private struct Line {
    let text: String
    let style: TextStyle
    let y: Int
  }

  private let lines: [Line]
  /// How much room the lines take.
  let height: Int

  /// Breaks lines.
  /// - Parameters:
  ///   - texts: The title, and what follows.
  ///   - width: The room in pixels.
  init(_ texts: [String], width: Int) {
    var lines: [Line] = []
    var y = 0
    for (index, text) in texts.enumerated() {
      let style = index == 0 ? TextStyle.title : .body
      for part in style.lines(of: text, width: Double(width)) {
        lines.append(Line(text: part, style: style, y: y))
        y += index == 0 ? 34 : 25
      }
    }
    (self.lines, height) = (lines, y)
  }

  /// Draws the lines.
  /// - Parameters:
  ///   - canvas: Where.
  ///   - x: Their left column.
  ///   - y: The top row of the first.
  func draw(on canvas: inout Canvas, x: Int, y: Int) {
    for line in lines { canvas.text(line.text, x: x, y: y + line.y, line.style) }
  }
}

extension Canvas {
  /// Draws one line in the middle of a cell, smaller where it would not fit.
  mutating func text(
    _ text: String, inMiddleOf width: Int, x: Int, y: Int, color: RGBColor = .black
  ) {
    let style = TextStyle.body.fitting(text, in: width)
    let length = Canvas.size(of: text, style).width
    self.text(text, x: x + (width - length) / 2, y: y, style, color: color)
  }
}
