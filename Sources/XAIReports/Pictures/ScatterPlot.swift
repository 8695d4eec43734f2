import XAIFiles
import XAIImages
import XAIPlots
import XAITensor

/// Pairs of numbers as points, with the line on which both are equal.
package struct ScatterPlot: DrawnPlot, Sendable {
  /// Points of one kind.
  package struct Series: Sendable {
    /// What the legend calls it.
    package var name: String
    /// The numbers.
    package var points: [(x: Double, y: Double)]

    /// Names points.
    package init(_ name: String, _ points: [(x: Double, y: Double)]) {
      (self.name, self.points) = (name, points)
    }
  }

  /// The heading.
  package var title: String
  /// Lines below it.
  package var subtitle: [String] = []
  /// What goes to the right.
  package var xWords: String
  /// What goes up.
  package var yWords: String
  /// The points.
  package var series: [Series]

  /// Plans a plot.
  /// - Parameters:
  ///   - title: The heading.
  ///   - xWords: What goes to the right.
  ///   - yWords: What goes up.
  ///   - series: The points; those that are not finite are left out.
  package init(title: String, xWords: String, yWords: String, series: [Series]) {
    (self.title, self.xWords, self.yWords) = (title, xWords, yWords)
    self.series = series.map { one in
      Series(one.name, one.points.filter { $0.x.isFinite && $0.y.isFinite })
    }
  }

  private static let colors = [
    RGBColor(0, 90, 181), RGBColor(220, 50, 32), RGBColor(110, 110, 110), RGBColor(0, 120, 80),
  ]
  private static let ink = RGBColor(102, 102, 102)
  private static let (left, side) = (66.0, 300.0)

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
    let counts = series.map { "\($0.name): \(grouped($0.points.count, "point"))" }
    return "\(yWords) over \(xWords). \((subtitle + counts).joined(separator: "; "))"
  }

  /// The drawing, which depends on nothing but the plot.
  private var drawing: Drawing {
    let heading = TextStyle(size: 15, isBold: true)
    let small = TextStyle(size: 13)
    let width = Self.left + Self.side + 16
    let titles = heading.lines(of: title, width: width - 24)
    let lines = subtitle.flatMap { small.lines(of: $0, width: width - 24) }
    let top = 30 + 20 * Double(titles.count) + 18 * Double(lines.count)
    let bottom = top + Self.side
    var drawing = Drawing(width: width, height: bottom + 52 + 20 * Double(series.count))
    for (index, line) in titles.enumerated() {
      drawing.text(
        line, at: (12, 26 + 20 * Double(index)), size: 15, color: RGBColor(17, 17, 17),
        isBold: true)
    }
    for (index, line) in lines.enumerated() {
      drawing.text(
        line, at: (12, 26 + 20 * Double(titles.count) + 18 * Double(index)), size: 13,
        color: RGBColor(85, 85, 85))
    }
    let points = series.flatMap(\.points)
    // Both sides have one scale, so that the line of equal numbers is the diagonal.
    let axis = PlotAxis(containing: points.map(\.x) + points.map(\.y) + [0], intervals: 5)
    func x(_ value: Double) -> Double { Self.left + Self.side * axis.position(value) }
    func y(_ value: Double) -> Double { bottom - Self.side * axis.position(value) }
    for tick in axis.ticks {
      drawing.line(
        [(Self.left, y(tick)), (Self.left + Self.side, y(tick))], color: RGBColor(227, 227, 227))
      drawing.line([(x(tick), top), (x(tick), bottom)], color: RGBColor(227, 227, 227))
      drawing.text(axis.label(tick), at: (Self.left - 6, y(tick) + 4), size: 11, anchor: .end)
      drawing.text(axis.label(tick), at: (x(tick), bottom + 15), size: 11, anchor: .middle)
    }
    drawing.line(
      [(Self.left, bottom), (Self.left + Self.side, top)], color: Self.ink, dashes: [4, 4])
    for (index, one) in series.enumerated() {
      let color = Self.colors[index % Self.colors.count]
      for point in one.points {
        drawing.circle(at: (x(point.x), y(point.y)), radius: 3, color: color)
      }
      let entry = bottom + 52 + 20 * Double(index)
      drawing.circle(at: (Self.left + 6, entry - 4), radius: 4, color: color)
      drawing.text(one.name, at: (Self.left + 18, entry), size: 12)
    }
    drawing.text(
      xWords, at: (Self.left + Self.side / 2, bottom + 32), size: 12, anchor: .middle, isBold: true)
    drawing.text(yWords, at: (16, bottom - 6), size: 12, isBold: true, isVertical: true)
    return drawing
  }
}
