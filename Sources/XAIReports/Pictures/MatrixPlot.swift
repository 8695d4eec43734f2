import XAIFiles
import XAIImages
import XAIPlots
import XAITensor

/// A plot that is written as files and stands in a page.
package protocol DrawnPlot {
  /// The plot as an element of an HTML page.
  var element: String { get }

  /// Writes the plot as SVG, PDF and PNG.
  /// - Parameter name: The path of the files without their endings.
  /// - Throws: Where a file cannot be written.
  func write(to name: String) throws
}

extension Plot: DrawnPlot {}

/// Numbers of rows and columns as a table of colors with the numbers in it.
package struct MatrixPlot: DrawnPlot, Sendable {
  /// The heading.
  package var title: String
  /// Lines below it.
  package var subtitle: [String] = []
  /// What rows belong to.
  package var rows: [String]
  /// What columns belong to.
  package var columns: [String]
  /// What the rows are; stands beside their labels.
  package var rowWords = ""
  /// What the columns are.
  package var columnWords = ""
  /// The numbers, row by row; nil where there is none.
  package var values: [[Double?]]
  /// The numbers of the lightest and the deepest color.
  package var range = 0.0...1.0

  /// Plans a plot.
  /// - Parameters:
  ///   - title: The heading.
  ///   - rows: What rows belong to.
  ///   - columns: What columns belong to.
  ///   - values: The numbers, row by row.
  package init(title: String, rows: [String], columns: [String], values: [[Double?]]) {
    precondition(
      values.count == rows.count && values.allSatisfy { $0.count == columns.count },
      "'\(title)' has not a number for each of \(rows.count) rows and \(columns.count) columns")
    (self.title, self.rows, self.columns, self.values) = (title, rows, columns, values)
  }

  private static let cell = (width: 52.0, height: 30.0)
  private static let label = TextStyle(size: 12)
  private static let margin = 24.0

  package var element: String { drawing.svg.element(title: title, description: description) }

  package func write(to name: String) throws {
    let drawing = drawing
    try AtomicFile.write(
      drawing.svg.document(title: title, description: description), to: "\(name).svg",
      durability: .later)
    try AtomicFile.write(drawing.pdf(title: title), to: "\(name).pdf", durability: .later)
    try AtomicFile.write(
      try PNG.encode(drawing.picture(), isDrawn: true), to: "\(name).png", durability: .later)
  }

  /// What is to be seen, for readers who hear it.
  private var description: String {
    let lines = zip(rows, values).map { row, values in
      "\(row): "
        + values.map { $0.map { fixedPoint($0, digits: 2) } ?? "none" }
        .joined(separator: ", ")
    }
    return (subtitle + lines).joined(separator: "; ")
  }

  /// The drawing, which depends on nothing but the plot.
  private var drawing: Drawing {
    let left = Self.margin + 28 + (rows.map(Self.label.width).max() ?? 0)
    let names = columns.map(Self.label.width).max() ?? 0
    let width = max(420, left + Self.cell.width * Double(columns.count) + Self.margin)
    let small = TextStyle(size: 13)
    let heading = TextStyle(size: 17, isBold: true)
    let titles = heading.lines(of: title, width: width - 2 * Self.margin)
    let lines = subtitle.flatMap { small.lines(of: $0, width: width - 2 * Self.margin) }
    let head = 34 + 21 * Double(titles.count - 1) + 19 * Double(lines.count)
    let top = head + 34 + names
    var drawing = Drawing(
      width: width, height: top + Self.cell.height * Double(rows.count) + Self.margin)
    for (index, line) in titles.enumerated() {
      drawing.text(
        line, at: (Self.margin, 32 + 21 * Double(index)), size: 17, color: RGBColor(17, 17, 17),
        isBold: true)
    }
    for (index, line) in lines.enumerated() {
      drawing.text(
        line, at: (Self.margin, 32 + 21 * Double(titles.count) + 19 * Double(index)), size: 13,
        color: RGBColor(85, 85, 85))
    }
    drawing.text(columnWords, at: (left, head + 18), size: 12, isBold: true)
    drawing.text(
      rowWords, at: (Self.margin + 6, top + Self.cell.height * Double(rows.count)), size: 12,
      isBold: true, isVertical: true)
    drawCells(left: left, top: top, into: &drawing)
    return drawing
  }

  private func drawCells(left: Double, top: Double, into drawing: inout Drawing) {
    let (width, height) = Self.cell
    for (column, name) in columns.enumerated() {
      drawing.text(
        name, at: (left + width * (Double(column) + 0.5) + 4, top - 8), size: 12, isVertical: true)
    }
    for (row, name) in rows.enumerated() {
      let y = top + height * Double(row)
      drawing.text(name, at: (left - 8, y + height / 2 + 4), size: 12, anchor: .end)
      for (column, value) in values[row].enumerated() {
        let x = left + width * Double(column)
        let color = value.map(color) ?? RGBColor(225, 225, 225)
        drawing.area(
          [(x, y), (x + width - 1, y), (x + width - 1, y + height - 1), (x, y + height - 1)],
          color: color)
        drawing.text(
          value.map { fixedPoint($0, digits: 2) } ?? "none",
          at: (x + width / 2, y + height / 2 + 4), size: 12, color: color.readable, anchor: .middle)
      }
    }
  }

  private func color(_ value: Double) -> RGBColor {
    let extent = range.upperBound - range.lowerBound
    return ColorMap.blues.color(at: extent > 0 ? (value - range.lowerBound) / extent : 0)
  }
}
