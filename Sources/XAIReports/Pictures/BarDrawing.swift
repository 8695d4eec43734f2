import XAIImages
import XAIPlots
import XAITensor

/// Draws a plot whose labels stand below each other: in each row a bar for each of the series, with its
/// interval (as Nuzzo 2020, figure 7.43).
struct BarDrawing {
  private let plot: Plot

  init(_ plot: Plot) { self.plot = plot }

  private var plotWidth: Double { plot.isNarrow ? 150 : 520 }
  private static let barHeight = 13.0
  private static let ink = RGBColor(102, 102, 102)

  private static let label = TextStyle(size: 12)

  private var left: Double {
    let names = plot.labels + plot.groups.map(\.title)
    return 24 + (names.map(Self.label.width).max() ?? 0)
  }

  /// The heading and the lines below it, in lines that fit.
  private var headings: [(text: String, size: Double)] {
    let width = left + plotWidth + 24
    let title = TextStyle(size: plot.isNarrow ? 15 : 18, isBold: true)
    let small = TextStyle(size: 13)
    return title.lines(of: plot.title, width: width).map { ($0, title.size) }
      + plot.subtitle.flatMap { small.lines(of: $0, width: width) }.map { ($0, small.size) }
  }

  private var top: Double {
    37 + 19 * Double(headings.count)
      + (plot.series.count > 1 ? 22 * Double(plot.series.count) + 8 : 0)
  }

  private var rowHeight: Double { Self.barHeight * Double(plot.series.count) + 9 }

  private var axis: PlotAxis {
    let numbers = plot.series.flatMap { $0.middle + $0.lower + $0.upper }.compactMap(\.self)
    return PlotAxis(containing: numbers + [0, 1], intervals: 6)
  }

  private func x(_ value: Double) -> Double { left + plotWidth * axis.position(value) }

  /// The groups; without any, all rows under no heading.
  private var groups: [Plot.Group] {
    plot.groups.isEmpty ? [Plot.Group("", count: plot.labels.count)] : plot.groups
  }

  /// The drawing, which depends on nothing but the plot.
  var drawing: Drawing {
    let height = groups.reduce(0) { $0 + 24 + rowHeight * Double($1.count) }
    let width = max(
      left + plotWidth + 72, 74 + (plot.series.map { Self.label.width(of: $0.name) }.max() ?? 0))
    var drawing = Drawing(width: width, height: top + height + 58)
    for (index, (text, size)) in headings.enumerated() {
      let isTitle = size > 13
      drawing.text(
        text, at: (24, 32 + 20 * Double(index)), size: size,
        color: isTitle ? RGBColor(17, 17, 17) : RGBColor(85, 85, 85), isBold: isTitle)
    }
    drawLegend(into: &drawing)
    drawGrid(to: top + height, into: &drawing)
    var y = top
    var row = 0
    for group in groups {
      drawing.text(
        group.title, at: (24, y + 17), size: 12, color: RGBColor(17, 17, 17), isBold: true)
      y += 24
      for _ in 0..<group.count {
        draw(row, at: y, into: &drawing)
        y += rowHeight
        row += 1
      }
    }
    return drawing
  }

  private func drawLegend(into drawing: inout Drawing) {
    guard plot.series.count > 1 else { return }
    for (index, series) in plot.series.enumerated() {
      let y = 33 + 19 * Double(headings.count) + 22 * Double(index)
      rectangle(24, y, 52, y + Self.barHeight, color(index), into: &drawing)
      drawing.text(series.name, at: (62, y + 11), size: 12)
    }
  }

  private func drawGrid(to bottom: Double, into drawing: inout Drawing) {
    for tick in axis.ticks {
      drawing.line([(x(tick), top), (x(tick), bottom)], color: RGBColor(227, 227, 227))
      drawing.text(axis.label(tick), at: (x(tick), bottom + 18), size: 12, anchor: .middle)
    }
    drawing.line([(x(0), top), (x(0), bottom)], color: Self.ink)
    drawing.text(
      plot.numberWords, at: (left + plotWidth / 2, bottom + 42), size: 13, anchor: .middle)
  }

  private func draw(_ row: Int, at y: Double, into drawing: inout Drawing) {
    let middle = y + Self.barHeight * Double(plot.series.count) / 2
    drawing.text(plot.labels[row], at: (left - 8, middle + 4), size: 12, anchor: .end)
    for (index, series) in plot.series.enumerated() {
      let top = y + Self.barHeight * Double(index)
      guard let value = series.middle[row] else {
        drawing.text("no value", at: (x(0) + 5, top + 10), size: 11, color: Self.ink)
        continue
      }
      rectangle(
        min(x(0), x(value)), top + 1, max(x(0), x(value)), top + Self.barHeight - 1,
        color(index), into: &drawing)
      var end = x(max(value, 0))
      if let lower = series.lower[row], let upper = series.upper[row], upper > lower {
        let center = top + Self.barHeight / 2
        drawing.line(
          [(x(lower), center), (x(upper), center)], color: RGBColor(17, 17, 17), width: 1.5)
        for edge in [lower, upper] {
          drawing.line(
            [(x(edge), center - 4), (x(edge), center + 4)], color: RGBColor(17, 17, 17),
            width: 1.5)
        }
        end = max(end, x(upper))
      }
      drawing.text(
        fixedPoint(value, digits: 3), at: (end + 5, top + 10.5), size: 11,
        color: RGBColor(17, 17, 17))
    }
  }

  private func color(_ index: Int) -> RGBColor {
    RGBColor.okabeIto[index % RGBColor.okabeIto.count]
  }

  private func rectangle(
    _ left: Double, _ top: Double, _ right: Double, _ bottom: Double, _ color: RGBColor,
    into drawing: inout Drawing
  ) {
    drawing.area(
      [(left, top), (right, top), (right, bottom), (left, bottom)], color: color)
  }
}
