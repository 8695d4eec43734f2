import XAIFiles
import XAIImages
import XAIPlots
import XAITensor

/// Curves through points whose both coordinates are numbers.
struct PointCurvePlot: DrawnPlot {
  /// A curve.
  struct Curve {
    var name: String
    /// Its points, in the order in which a line connects them.
    var points: [(x: Double, y: Double)]
    /// Whether it is a control: thin and gray.
    var isControl = false
  }

  let title: String
  let subtitle: [String]
  let xWords: String
  let yWords: String
  let curves: [Curve]
  /// A height that a line marks, and what it is.
  var mark: (value: Double, text: String)?

  private static let (left, plotWidth, plotHeight) = (66.0, 460.0, 330.0)
  private static let ink = RGBColor(102, 102, 102)
  private static let gray = RGBColor(150, 150, 150)

  var element: String { drawing.svg.element(title: title, description: description) }

  func write(to name: String) throws {
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
    let lines = curves.map { curve in
      let points = curve.points.map {
        "\(fixedPoint($0.y, digits: 3)) at \(fixedPoint($0.x, digits: 1))"
      }
      return "\(curve.name): \(points.joined(separator: ", "))"
    }
    return "\(yWords) over \(xWords). \(lines.joined(separator: "; "))"
  }

  private var xAxis: PlotAxis {
    PlotAxis(containing: [0] + curves.flatMap { $0.points.map(\.x) }, intervals: 6)
  }

  private var yAxis: PlotAxis {
    PlotAxis(containing: [0] + curves.flatMap { $0.points.map(\.y) }, intervals: 6)
  }

  private var headings: [(text: String, size: Double)] {
    TextStyle(size: 18, isBold: true).lines(of: title, width: 684).map { ($0, 18) }
      + subtitle.flatMap { TextStyle(size: 13).lines(of: $0, width: 684) }.map { ($0, 13) }
  }

  private var top: Double { 38 + 22 * Double(headings.count) }
  private var bottom: Double { top + Self.plotHeight }

  private var drawing: Drawing {
    let (xAxis, yAxis, right) = (xAxis, yAxis, Self.left + Self.plotWidth)
    func place(_ point: (x: Double, y: Double)) -> Drawing.Point {
      (
        Self.left + Self.plotWidth * xAxis.position(point.x),
        bottom - Self.plotHeight * yAxis.position(point.y)
      )
    }
    let entries = curves.map(\.name) + (mark.map { [$0.text] } ?? [])
    let longest = entries.map { TextStyle(size: 12).width(of: $0) }.max() ?? 0
    var drawing = Drawing(
      width: max(760, right + 24 + 42 + longest + 16),
      height: max(bottom + 66, top + 26 * Double(entries.count) + 12))
    for (index, (text, size)) in headings.enumerated() {
      drawing.text(
        text, at: (Self.left, 32 + 22 * Double(index)), size: size,
        color: size > 13 ? RGBColor(17, 17, 17) : RGBColor(85, 85, 85), isBold: size > 13)
    }
    for tick in yAxis.ticks {
      let y = place((0, tick)).y
      drawing.line([(Self.left, y), (right, y)], color: RGBColor(227, 227, 227))
      drawing.text(yAxis.label(tick), at: (Self.left - 8, y + 4), size: 12, anchor: .end)
    }
    for tick in xAxis.ticks {
      let x = place((tick, 0)).x
      drawing.line([(x, bottom), (x, bottom + 5)], color: Self.ink)
      drawing.text(xAxis.label(tick), at: (x, bottom + 20), size: 12, anchor: .middle)
    }
    drawing.line([(Self.left, bottom), (right, bottom)], color: Self.ink)
    drawing.line([(Self.left, top), (Self.left, bottom)], color: Self.ink)
    drawing.text(
      xWords, at: (Self.left + Self.plotWidth / 2, bottom + 54), size: 13, anchor: .middle)
    drawing.text(
      yWords, at: (20, top + Self.plotHeight / 2), size: 13, anchor: .middle, isVertical: true)
    if let mark {
      let y = place((0, mark.value)).y
      drawing.line([(Self.left, y), (right, y)], color: Self.ink, width: 1.5, dashes: [2, 4])
    }
    for (index, curve) in curves.enumerated() {
      let (look, color, width) = appearance(of: index)
      let points = curve.points.map(place)
      if points.count > 1 {
        drawing.line(points, color: color, width: width, dashes: look.dashes)
      }
      if !curve.isControl { for point in points { look.drawMarker(at: point, into: &drawing) } }
    }
    drawLegend(into: &drawing, at: right + 24)
    return drawing
  }

  private func appearance(of curve: Int) -> (CurveLook, RGBColor, Double) {
    let look = CurveLook(curve)
    return curves[curve].isControl ? (look, Self.gray, 1.2) : (look, look.color, 2)
  }

  private func drawLegend(into drawing: inout Drawing, at x: Double) {
    for (index, curve) in curves.enumerated() {
      let (look, color, width) = appearance(of: index)
      let y = top + 8 + 26 * Double(index)
      drawing.line([(x, y), (x + 34, y)], color: color, width: width, dashes: look.dashes)
      if !curve.isControl { look.drawMarker(at: (x + 17, y), into: &drawing) }
      drawing.text(curve.name, at: (x + 42, y + 4), size: 12)
    }
    guard let mark else { return }
    let y = top + 8 + 26 * Double(curves.count)
    drawing.line([(x, y), (x + 34, y)], color: Self.ink, width: 1.5, dashes: [2, 4])
    drawing.text(mark.text, at: (x + 42, y + 4), size: 12)
  }
}
