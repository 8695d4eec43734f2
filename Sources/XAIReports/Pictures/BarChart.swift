public import XAIImages
import XAITensor
import XAIPlots

/// Horizontal bars: a row for each name, in it a bar for each of some series (as Nuzzo 2020, figure
/// 7.43).
public struct BarChart: Sendable {
  /// The length of a bar.
  public struct Bar: Sendable {
    /// Where it ends; nothing where there is no number.
    public var value: Double?
    /// The lower end of an interval around it.
    public var lower: Double?
    /// The upper end of an interval around it.
    public var upper: Double?

    /// Describes a bar; NaN and infinity are no numbers.
    /// - Parameters:
    ///   - value: Where it ends.
    ///   - lower: The lower end of an interval around it.
    ///   - upper: The upper end of an interval around it.
    public init(_ value: Double?, lower: Double? = nil, upper: Double? = nil) {
      func finite(_ number: Double?) -> Double? { number.flatMap { $0.isFinite ? $0 : nil } }
      (self.value, self.lower, self.upper) = (finite(value), finite(lower), finite(upper))
    }
  }

  /// A row.
  public struct Row: Sendable {
    /// Its name.
    public var name: String
    /// One bar for each series.
    public var bars: [Bar]

    /// Describes a row.
    /// - Parameters:
    ///   - name: Its name.
    ///   - bars: One bar for each series.
    public init(_ name: String, bars: [Bar]) { (self.name, self.bars) = (name, bars) }
  }

  /// Rows under a heading.
  public struct Group: Sendable {
    /// The heading.
    public var title: String
    /// The rows, from above.
    public var rows: [Row]

    /// Describes a group.
    /// - Parameters:
    ///   - title: The heading.
    ///   - rows: The rows, from above.
    public init(_ title: String, rows: [Row]) { (self.title, self.rows) = (title, rows) }
  }

  /// Whether it has to fit on a phone.
  public var isNarrow = false
  private let title: String
  private let subtitle: [String]
  private let horizontal: String
  private let series: [String]
  private let groups: [Group]

  /// Plans a chart.
  /// - Parameters:
  ///   - title: The heading.
  ///   - subtitle: Lines below it.
  ///   - horizontal: What the numbers are.
  ///   - series: What the legend calls the bars of a row; a single one needs no legend.
  ///   - groups: The rows.
  public init(
    title: String, subtitle: [String], horizontal: String, series: [String], groups: [Group]
  ) {
    precondition(
      groups.allSatisfy { $0.rows.allSatisfy { $0.bars.count == series.count } }, "bars are missing"
    )
    (self.title, self.subtitle, self.horizontal) = (title, subtitle, horizontal)
    (self.series, self.groups) = (series, groups)
  }

  /// The chart as a document of scalable graphics.
  public var svg: String { drawing.svg.document(title: title, description: description) }

  /// The chart as an element of an HTML page.
  var element: String { drawing.svg.element(title: title, description: description) }

  /// The chart as pixels.
  public var picture: RGBImage { drawing.picture() }

  private var description: String {
    let rows = groups.flatMap(\.rows).map { row in
      "\(row.name) \(row.bars.map { $0.value.map { fixedPoint($0, digits: 3) } ?? "none" }.joined(separator: ", "))"
    }
    return "\(horizontal). \(rows.joined(separator: "; "))"
  }
}

extension BarChart {
  private var plotWidth: Double { isNarrow ? 150 : 520 }
  private static let barHeight = 13.0
  private static let ink = RGBColor(102, 102, 102)

  /// In the built-in font every letter is 6 wide.
  private static func width(of text: String) -> Double { 6.3 * Double(text.count) }

  private var left: Double {
    let names = groups.flatMap(\.rows).map(\.name) + groups.map(\.title)
    return 24 + (names.map(Self.width).max() ?? 0)
  }

  /// The heading and the lines below it, in lines that fit.
  private var headings: [(text: String, size: Double)] {
    title.lines(of: isNarrow ? 46 : 1000).map { ($0, isNarrow ? 15 : 18) }
      + subtitle.flatMap { $0.lines(of: isNarrow ? 52 : 1000) }.map { ($0, 13) }
  }

  private var top: Double {
    37 + 19 * Double(headings.count) + (series.count > 1 ? 22 * Double(series.count) + 8 : 0)
  }

  private var rowHeight: Double { Self.barHeight * Double(series.count) + 9 }

  private var axis: PlotAxis {
    let bars = groups.flatMap(\.rows).flatMap(\.bars)
    let numbers = bars.flatMap { [$0.value, $0.lower, $0.upper] }.compactMap(\.self)
    return PlotAxis(containing: numbers + [0, 1], intervals: 6)
  }

  private func x(_ value: Double) -> Double { left + plotWidth * axis.position(value) }

  /// The drawing, which depends on nothing but the properties.
  private var drawing: Drawing {
    let height = groups.reduce(0) { $0 + 24 + rowHeight * Double($1.rows.count) }
    let width = max(
      left + plotWidth + 72,
      48 + (headings.map { Self.width(of: $0.text) }.max() ?? 0) * (isNarrow ? 1.15 : 1.3),
      48 + (series.map(Self.width).max() ?? 0))
    var drawing = Drawing(width: width, height: top + height + 58)
    for (index, (text, size)) in headings.enumerated() {
      let isTitle = size > 13
      drawing.text(
        text, at: (24, 32 + 20 * Double(index)), size: size,
        colour: isTitle ? RGBColor(17, 17, 17) : RGBColor(85, 85, 85), isBold: isTitle)
    }
    drawLegend(into: &drawing)
    drawGrid(to: top + height, into: &drawing)
    var y = top
    for group in groups {
      drawing.text(
        group.title, at: (24, y + 17), size: 12, colour: RGBColor(17, 17, 17), isBold: true)
      y += 24
      for row in group.rows {
        draw(row, at: y, into: &drawing)
        y += rowHeight
      }
    }
    return drawing
  }

  private func drawLegend(into drawing: inout Drawing) {
    guard series.count > 1 else { return }
    for (index, name) in series.enumerated() {
      let y = 33 + 19 * Double(headings.count) + 22 * Double(index)
      rectangle(24, y, 52, y + Self.barHeight, colour(index), into: &drawing)
      drawing.text(name, at: (62, y + 11), size: 12)
    }
  }

  private func drawGrid(to bottom: Double, into drawing: inout Drawing) {
    for tick in axis.ticks {
      drawing.line([(x(tick), top), (x(tick), bottom)], colour: RGBColor(227, 227, 227))
      drawing.text(axis.label(tick), at: (x(tick), bottom + 18), size: 12, anchor: .middle)
    }
    drawing.line([(x(0), top), (x(0), bottom)], colour: Self.ink)
    drawing.text(
      horizontal, at: (left + plotWidth / 2, bottom + 42), size: 13, anchor: .middle)
  }

  private func draw(_ row: Row, at y: Double, into drawing: inout Drawing) {
    let middle = y + Self.barHeight * Double(series.count) / 2
    drawing.text(row.name, at: (left - 8, middle + 4), size: 12, anchor: .end)
    for (index, bar) in row.bars.enumerated() {
      let top = y + Self.barHeight * Double(index)
      guard let value = bar.value else {
        drawing.text("no value", at: (x(0) + 5, top + 10), size: 11, colour: Self.ink)
        continue
      }
      rectangle(
        min(x(0), x(value)), top + 1, max(x(0), x(value)), top + Self.barHeight - 1,
        colour(index), into: &drawing)
      var end = x(max(value, 0))
      if let lower = bar.lower, let upper = bar.upper, upper > lower {
        let centre = top + Self.barHeight / 2
        drawing.line(
          [(x(lower), centre), (x(upper), centre)], colour: RGBColor(17, 17, 17), width: 1.5)
        for edge in [lower, upper] {
          drawing.line(
            [(x(edge), centre - 4), (x(edge), centre + 4)], colour: RGBColor(17, 17, 17),
            width: 1.5)
        }
        end = max(end, x(upper))
      }
      drawing.text(
        fixedPoint(value, digits: 3), at: (end + 5, top + 10.5), size: 11,
        colour: RGBColor(17, 17, 17))
    }
  }

  private func colour(_ index: Int) -> RGBColor {
    RGBColor.okabeIto[index % RGBColor.okabeIto.count]
  }

  private func rectangle(
    _ left: Double, _ top: Double, _ right: Double, _ bottom: Double, _ colour: RGBColor,
    into drawing: inout Drawing
  ) {
    drawing.area(
      [(left, top), (right, top), (right, bottom), (left, bottom)], colour: colour)
  }
}
