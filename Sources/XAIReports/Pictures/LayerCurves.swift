public import XAIImages
import XAITensor
import XAIPlots

/// A plot of a number over layers, one curve with a band for each of some methods (as Nuzzo 2020, figure
/// 7.9).
///
/// Curves differ in colour, dashes and markers, so that no reader depends on one of them.
public struct LayerCurves: Sendable {
  /// A curve.
  public struct Curve: Sendable {
    /// What the legend calls it.
    public var name: String
    /// Its number at each layer; nothing leaves a gap.
    public var middle: [Double?]
    /// The lower edge of its band at each layer.
    public var lower: [Double?]
    /// The upper edge of its band at each layer.
    public var upper: [Double?]

    /// Describes a curve.
    /// - Parameters:
    ///   - name: What the legend calls it.
    ///   - middle: Its number at each layer; nothing leaves a gap.
    ///   - lower: The lower edge of its band.
    ///   - upper: The upper edge of its band.
    public init(_ name: String, middle: [Double?], lower: [Double?], upper: [Double?]) {
      (self.name, self.middle) = (name, middle.map(\.finite))
      (self.lower, self.upper) = (lower.map(\.finite), upper.map(\.finite))
    }
  }

  /// The heading.
  public var title: String
  /// A line below it.
  public var subtitle: String
  /// The layers, from left to right.
  public var layers: [String]
  /// What the layers are, below their axis.
  public var horizontal: String
  /// What the numbers are, beside their axis.
  public var vertical: String
  /// The curves.
  public var curves: [Curve]
  /// A number that a line marks, and its name.
  public var margin: (value: Double, name: String)?
  /// Numbers that an area marks, and its name.
  public var floor: (range: ClosedRange<Double>, name: String)?
  /// The least number that the axis shows, so that several plots have the same axis; 0 at most.
  public var least = 0.0
  /// Whether it has to fit on a phone: the legend is below the plot then.
  public var isNarrow = false

  /// Plans a plot without margin and floor.
  /// - Parameters:
  ///   - title: The heading.
  ///   - subtitle: A line below it.
  ///   - layers: The layers, from left to right.
  ///   - horizontal: What the layers are.
  ///   - vertical: What the numbers are.
  ///   - curves: The curves, with a number for each layer.
  public init(
    title: String, subtitle: String, layers: [String], horizontal: String, vertical: String,
    curves: [Curve]
  ) {
    (self.title, self.subtitle, self.layers) = (title, subtitle, layers)
    (self.horizontal, self.vertical, self.curves) = (horizontal, vertical, curves)
  }

  /// The plot as a document of scalable graphics.
  public var svg: String { drawing.svg.document(title: title, description: description) }

  /// The plot as an element of an HTML page.
  var element: String { drawing.svg.element(title: title, description: description) }

  /// The plot as pixels.
  public var picture: RGBImage { drawing.picture() }

  private var description: String {
    "\(vertical) over \(horizontal): \(curves.map(\.name).joined(separator: ", ")). \(subtitle)"
  }
}

extension LayerCurves {
  private static let ink = RGBColor(102, 102, 102)

  private var left: Double { isNarrow ? 52 : 66 }
  private var plotWidth: Double { isNarrow ? 296 : 460 }
  private var plotHeight: Double { isNarrow ? 240 : 330 }
  private var right: Double { left + plotWidth }
  private var bottom: Double { top + plotHeight }

  /// The heading and the line below it, in lines that fit.
  private var headings: [(text: String, size: Double)] {
    let (wide, narrow) = (1000, 48)
    return title.lines(of: isNarrow ? narrow - 4 : wide).map { ($0, isNarrow ? 15 : 18) }
      + subtitle.lines(of: isNarrow ? narrow : wide).map { ($0, 13) }
  }

  private var top: Double { 38 + 22 * Double(headings.count) }

  /// Where an entry of the legend begins.
  private func legend(_ entry: Int) -> Drawing.Point {
    isNarrow
      ? (left, bottom + 84 + 24 * Double(entry)) : (right + 24, top + 8 + 26 * Double(entry))
  }

  private var axis: PlotAxis {
    let bands = curves.flatMap { $0.middle + $0.lower + $0.upper }.compactMap(\.self)
    let floor = floor.map { [$0.range.lowerBound, $0.range.upperBound] } ?? []
    return PlotAxis(containing: bands + floor + [min(least, 0), 1], intervals: 6)
  }

  private func x(_ layer: Int) -> Double {
    left + plotWidth * (Double(layer) + 0.5) / Double(max(layers.count, 1))
  }

  private func y(_ value: Double) -> Double { bottom - plotHeight * axis.position(value) }

  /// The drawing, which depends on nothing but the properties.
  private var drawing: Drawing {
    let entries = curves.count + (margin == nil ? 0 : 1) + (floor == nil ? 0 : 1)
    let height = max(bottom + 66, legend(entries).y + 12)
    // In the built-in font every letter is 6 wide.
    let longest = (curves.map(\.name) + [margin?.name ?? "", floor?.name ?? ""]).map(\.count).max()
    let width = max(
      isNarrow ? right + 16 : 760, legend(0).x + 42 + 6.3 * Double(longest ?? 0) + 16)
    var drawing = Drawing(width: width, height: height)
    let start = isNarrow ? 12 : left
    for (index, (text, size)) in headings.enumerated() {
      let isTitle = size > 13
      drawing.text(
        text, at: (start, 32 + 22 * Double(index)), size: size,
        colour: isTitle ? RGBColor(17, 17, 17) : RGBColor(85, 85, 85), isBold: isTitle)
    }
    drawGrid(into: &drawing)
    drawReferences(into: &drawing)
    for (index, curve) in curves.enumerated() { drawBand(curve, Look(index), into: &drawing) }
    for (index, curve) in curves.enumerated() { draw(curve, Look(index), into: &drawing) }
    drawLegend(into: &drawing)
    return drawing
  }

  private func drawGrid(into drawing: inout Drawing) {
    for tick in axis.ticks {
      drawing.line(
        [(left, y(tick)), (right, y(tick))], colour: RGBColor(227, 227, 227))
      drawing.text(axis.label(tick), at: (left - 8, y(tick) + 4), size: 12, anchor: .end)
    }
    for (index, layer) in layers.enumerated() {
      drawing.line([(x(index), bottom), (x(index), bottom + 5)], colour: Self.ink)
      // Two rows, where names would run into each other.
      let row = layers.count > 9 && index % 2 == 1 ? 14.0 : 0
      drawing.text(layer, at: (x(index), bottom + 20 + row), size: 12, anchor: .middle)
    }
    drawing.line([(left, bottom), (right, bottom)], colour: Self.ink)
    drawing.line([(left, top), (left, bottom)], colour: Self.ink)
    drawing.text(
      horizontal, at: (left + plotWidth / 2, bottom + 54), size: 13, anchor: .middle)
    drawing.text(
      vertical, at: (isNarrow ? 14 : 20, top + plotHeight / 2), size: 13, anchor: .middle,
      isVertical: true)
  }

  private func drawReferences(into drawing: inout Drawing) {
    if let floor {
      // At least as thick as a line.
      let (low, high) = (y(floor.range.lowerBound) + 0.75, y(floor.range.upperBound) - 0.75)
      drawing.area(
        [(left, low), (right, low), (right, high), (left, high)], colour: Self.ink,
        opacity: 0.3)
    }
    if let margin {
      drawing.line(
        [(left, y(margin.value)), (right, y(margin.value))], colour: Self.ink, width: 1.5,
        dashes: [2, 4])
    }
  }

  private func drawBand(_ curve: Curve, _ look: Look, into drawing: inout Drawing) {
    let edges = layers.indices.map { layer -> (x: Double, low: Double, high: Double)? in
      guard let low = curve.lower[layer], let high = curve.upper[layer] else { return nil }
      return (x(layer), y(low), y(high))
    }
    for run in edges.split(whereSeparator: { $0 == nil }) where run.count > 1 {
      let points = run.compactMap(\.self)
      drawing.area(
        points.map { ($0.x, $0.high) } + points.reversed().map { ($0.x, $0.low) },
        colour: look.colour, opacity: 0.14)
    }
  }

  private func draw(_ curve: Curve, _ look: Look, into drawing: inout Drawing) {
    let points = layers.indices.map { layer in
      curve.middle[layer].map { (x: x(layer), y: y($0)) }
    }
    for run in points.split(whereSeparator: { $0 == nil }) where run.count > 1 {
      drawing.line(run.compactMap(\.self), colour: look.colour, width: 2, dashes: look.dashes)
    }
    for point in points.compactMap(\.self) { look.drawMarker(at: point, into: &drawing) }
  }

  private func drawLegend(into drawing: inout Drawing) {
    var count = 0
    func entry(_ text: String, _ draw: (Double, Double) -> Void) {
      let (x, y) = legend(count)
      draw(x, y)
      drawing.text(text, at: (x + 42, y + 4), size: 12)
      count += 1
    }
    for (index, curve) in curves.enumerated() {
      let look = Look(index)
      entry(curve.name) { x, y in
        drawing.line([(x, y), (x + 34, y)], colour: look.colour, width: 2, dashes: look.dashes)
        look.drawMarker(at: (x + 17, y), into: &drawing)
      }
    }
    if let margin {
      entry(margin.name) { x, y in
        drawing.line([(x, y), (x + 34, y)], colour: Self.ink, width: 1.5, dashes: [2, 4])
      }
    }
    if let floor {
      entry(floor.name) { x, y in
        drawing.area(
          [(x, y - 5), (x + 34, y - 5), (x + 34, y + 5), (x, y + 5)], colour: Self.ink,
          opacity: 0.3)
      }
    }
  }
}

/// How a curve looks.
private struct Look {
  let colour: RGBColor
  let dashes: [Double]
  private let corners: Int

  init(_ index: Int) {
    let round = index / RGBColor.okabeIto.count
    colour = RGBColor.okabeIto[index % RGBColor.okabeIto.count]
    dashes = [[], [7, 4], [2, 4]][(index % 2 + round) % 3]
    corners = [0, 4, 3, 1][(index + round) % 4]
  }

  /// A circle, square, triangle or diamond of about the same area.
  func drawMarker(at centre: Drawing.Point, into drawing: inout Drawing) {
    let unit: [Drawing.Point]
    switch corners {
    case 4: unit = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
    case 3: unit = [(0, -1.4), (1.3, 0.9), (-1.3, 0.9)]
    case 1: unit = [(0, -1.4), (1.4, 0), (0, 1.4), (-1.4, 0)]
    default: return drawing.circle(at: centre, radius: 3.6, colour: colour)
    }
    drawing.area(
      unit.map { (centre.x + 3.3 * $0.x, centre.y + 3.3 * $0.y) }, colour: colour)
  }
}

extension Double? {
  /// Nothing for NaN and infinity.
  fileprivate var finite: Double? { flatMap { $0.isFinite ? $0 : nil } }
}
