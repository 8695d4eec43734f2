import XAIImages
import XAIPlots
import XAITensor

/// Draws a plot whose labels stand side by side: curves with bands, areas and lines behind them, and a
/// legend (as Nuzzo 2020, figure 7.9).
///
/// Curves differ in color, dashes and markers, so that no reader depends on one of them.
struct CurveDrawing {
  private let plot: Plot

  init(_ plot: Plot) { self.plot = plot }

  private static let ink = RGBColor(102, 102, 102)

  private var left: Double { plot.isNarrow ? 52 : 66 }
  private var plotWidth: Double { plot.isNarrow ? 296 : 460 }
  private var plotHeight: Double { plot.isNarrow ? 240 : 330 }
  private var right: Double { left + plotWidth }
  private var bottom: Double { top + plotHeight }

  /// The heading and the line below it, in lines that fit.
  private var headings: [(text: String, size: Double)] {
    let width = plot.isNarrow ? right - 8 : 684
    let title = TextStyle(size: plot.isNarrow ? 15 : 18, isBold: true)
    let small = TextStyle(size: 13)
    return title.lines(of: plot.title, width: width).map { ($0, title.size) }
      + plot.subtitle.flatMap { small.lines(of: $0, width: width) }.map { ($0, small.size) }
  }

  private var top: Double { 38 + 22 * Double(headings.count) }

  /// Where an entry of the legend begins.
  private func legend(_ entry: Int) -> Drawing.Point {
    plot.isNarrow
      ? (left, bottom + 84 + 24 * Double(entry)) : (right + 24, top + 8 + 26 * Double(entry))
  }

  private var axis: PlotAxis {
    let bands = plot.series.flatMap { $0.middle + $0.lower + $0.upper }.compactMap(\.self)
    let marked = plot.references.flatMap { [$0.value, $0.upTo ?? $0.value] }
    return PlotAxis(containing: bands + marked + [min(plot.least, 0), plot.greatest], intervals: 6)
  }

  private func x(_ label: Int) -> Double {
    left + plotWidth * (Double(label) + 0.5) / Double(max(plot.labels.count, 1))
  }

  private func y(_ value: Double) -> Double { bottom - plotHeight * axis.position(value) }

  /// The drawing, which depends on nothing but the plot.
  var drawing: Drawing {
    let entries = plot.series.map(\.name) + plot.references.map(\.text)
    let height = max(bottom + 66, legend(entries.count).y + 12)
    let longest = entries.map { TextStyle(size: 12).width(of: $0) }.max() ?? 0
    let width = max(plot.isNarrow ? right + 16 : 760, legend(0).x + 42 + longest + 16)
    var drawing = Drawing(width: width, height: height)
    let start = plot.isNarrow ? 12 : left
    for (index, (text, size)) in headings.enumerated() {
      let isTitle = size > 13
      drawing.text(
        text, at: (start, 32 + 22 * Double(index)), size: size,
        color: isTitle ? RGBColor(17, 17, 17) : RGBColor(85, 85, 85), isBold: isTitle)
    }
    drawGrid(into: &drawing)
    drawReferences(into: &drawing)
    for (index, curve) in plot.series.enumerated() {
      drawBand(curve, CurveLook(index), into: &drawing)
    }
    for (index, curve) in plot.series.enumerated() { draw(curve, CurveLook(index), into: &drawing) }
    drawLegend(into: &drawing)
    return drawing
  }

  private func drawGrid(into drawing: inout Drawing) {
    for tick in axis.ticks {
      drawing.line(
        [(left, y(tick)), (right, y(tick))], color: RGBColor(227, 227, 227))
      drawing.text(axis.label(tick), at: (left - 8, y(tick) + 4), size: 12, anchor: .end)
    }
    for (index, label) in plot.labels.enumerated() {
      drawing.line([(x(index), bottom), (x(index), bottom + 5)], color: Self.ink)
      // Two rows, where names would run into each other.
      let row = plot.labels.count > 9 && index % 2 == 1 ? 14.0 : 0
      drawing.text(label, at: (x(index), bottom + 20 + row), size: 12, anchor: .middle)
    }
    drawing.line([(left, bottom), (right, bottom)], color: Self.ink)
    drawing.line([(left, top), (left, bottom)], color: Self.ink)
    drawing.text(
      plot.labelWords, at: (left + plotWidth / 2, bottom + 54), size: 13, anchor: .middle)
    drawing.text(
      plot.numberWords, at: (plot.isNarrow ? 14 : 20, top + plotHeight / 2), size: 13,
      anchor: .middle,
      isVertical: true)
  }

  private func drawReferences(into drawing: inout Drawing) {
    for reference in plot.references {
      guard let upTo = reference.upTo else { continue }
      // At least as thick as a line.
      let (low, high) = (y(reference.value) + 0.75, y(upTo) - 0.75)
      drawing.area(
        [(left, low), (right, low), (right, high), (left, high)], color: Self.ink,
        opacity: 0.3)
    }
    for reference in plot.references where reference.upTo == nil {
      let height = y(reference.value)
      drawing.line(
        [(left, height), (right, height)], color: Self.ink, width: 1.5, dashes: [2, 4])
    }
  }

  private func drawBand(_ curve: Plot.Series, _ look: CurveLook, into drawing: inout Drawing) {
    let edges = plot.labels.indices.map { label -> (x: Double, low: Double, high: Double)? in
      guard let low = curve.lower[label], let high = curve.upper[label] else { return nil }
      return (x(label), y(low), y(high))
    }
    for run in edges.split(whereSeparator: { $0 == nil }) where run.count > 1 {
      let points = run.compactMap(\.self)
      drawing.area(
        points.map { ($0.x, $0.high) } + points.reversed().map { ($0.x, $0.low) },
        color: look.color, opacity: 0.14)
    }
  }

  private func draw(_ curve: Plot.Series, _ look: CurveLook, into drawing: inout Drawing) {
    let points = plot.labels.indices.map { label in
      curve.middle[label].map { (x: x(label), y: y($0)) }
    }
    for run in points.split(whereSeparator: { $0 == nil }) where run.count > 1 {
      drawing.line(run.compactMap(\.self), color: look.color, width: 2, dashes: look.dashes)
    }
    // Among many points a few markers tell curves apart.
    let every = curve.hasMarks ? 1 : max(1, points.count / 8)
    for (index, point) in points.enumerated() where index % every == 0 {
      if let point { look.drawMarker(at: point, into: &drawing) }
    }
  }

  private func drawLegend(into drawing: inout Drawing) {
    var count = 0
    func entry(_ text: String, _ draw: (Double, Double) -> Void) {
      let (x, y) = legend(count)
      draw(x, y)
      drawing.text(text, at: (x + 42, y + 4), size: 12)
      count += 1
    }
    for (index, curve) in plot.series.enumerated() {
      let look = CurveLook(index)
      entry(curve.name) { x, y in
        drawing.line([(x, y), (x + 34, y)], color: look.color, width: 2, dashes: look.dashes)
        look.drawMarker(at: (x + 17, y), into: &drawing)
      }
    }
    for reference in plot.references {
      entry(reference.text) { x, y in
        if reference.upTo == nil {
          drawing.line([(x, y), (x + 34, y)], color: Self.ink, width: 1.5, dashes: [2, 4])
        } else {
          drawing.area(
            [(x, y - 5), (x + 34, y - 5), (x + 34, y + 5), (x, y + 5)], color: Self.ink,
            opacity: 0.3)
        }
      }
    }
  }
}
