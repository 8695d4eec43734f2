import XAIEvaluation
import XAIExperiments
import XAIFiles
import XAIImages
import XAIPlots
import XAITensor

/// Draws how measures agree on the methods: a triangle of colors, each measure's name at the end of its row and
/// above its column.
///
/// What lies inside of two deviations of measures that have nothing in common is gray.
struct AgreementDrawing: Drawable {
  private let agreement: AgreementRecord
  private let names: [String]
  private let families: [(title: String, count: Int)]
  private let subtitle: [String]

  private static let title = "Do measures agree on which methods are good?"
  private static let ink = RGBColor(17, 17, 17)
  private static let faint = RGBColor(102, 102, 102)
  private static let gray = RGBColor(222, 222, 222)
  private static let agree = RGBColor(0, 114, 178)
  private static let contradict = RGBColor(213, 94, 0)

  init(_ results: EvaluationResults) {
    agreement = results.agreement
    let known = Dictionary(
      results.measures.map { ($0.identifier, $0) }, uniquingKeysWith: { first, _ in first })
    names = agreement.measures.map { known[$0]?.longTitle ?? $0 }
    var families: [(title: String, count: Int)] = []
    for measure in agreement.measures {
      let family = known[measure]?.family.rawValue ?? ""
      if families.last?.title == family {
        families[families.count - 1].count += 1
      } else {
        families.append((family, 1))
      }
    }
    self.families = families
    let null = agreement.nullDeviation.map {
      "; gray: less than \(fixedPoint(2 * $0, digits: 2)), which unrelated measures reach"
    }
    subtitle = [
      "Kendall's tau over \(counted(agreement.methods, "method")), higher is better in all\(null ?? "")"
    ]
  }

  /// The side of a cell: large enough for its number where measures are few.
  private var side: Double { names.count <= 16 ? 34 : names.count <= 40 ? 16 : 10 }
  private var size: Double { names.count <= 40 ? 11 : 9 }
  private var left: Double { 118 }

  private var headings: [(text: String, size: Double)] {
    let width = max(440, left + side * Double(names.count))
    return TextStyle(size: 18, isBold: true).lines(of: Self.title, width: width).map { ($0, 18) }
      + subtitle.flatMap { TextStyle(size: 13).lines(of: $0, width: width) }.map { ($0, 13) }
  }

  private var top: Double { 66 + 20 * Double(headings.count) }

  /// The drawing, which depends on nothing but the results.
  var drawing: Drawing {
    let style = TextStyle(size: size)
    let ends = names.enumerated().map { left + side * Double($0 + 1) + 10 + style.width(of: $1) }
    let bottom = top + side * Double(names.count)
    var drawing = Drawing(width: max(ends.max() ?? 0, 470) + 12, height: bottom + 16)
    for (row, (text, size)) in headings.enumerated() {
      drawing.text(
        text, at: (12, 30 + 20 * Double(row)), size: size,
        color: size > 13 ? Self.ink : Self.faint, isBold: size > 13)
    }
    drawLegend(into: &drawing)
    for row in names.indices {
      let y = top + side * Double(row)
      drawCells(of: row, at: y, into: &drawing)
      drawing.text(
        names[row], at: (left + side * Double(row) + 6, y + side / 2 + size * 0.36), size: size,
        color: Self.ink)
    }
    drawFamilies(into: &drawing)
    return drawing
  }

  /// The cells left of the diagonal, neighbors of one color as one.
  private func drawCells(of row: Int, at y: Double, into drawing: inout Drawing) {
    var start = 0
    while start < row {
      let color = color(row, start)
      var end = start + 1
      // Cells with numbers have gaps between them.
      while side < 34, end < row, self.color(row, end) == color { end += 1 }
      let gap = side < 34 ? 0.0 : 1.0
      if let color {
        let (x0, x1) = (left + side * Double(start), left + side * Double(end) - gap)
        drawing.area(
          [(x0, y), (x1, y), (x1, y + side - gap), (x0, y + side - gap)], color: color)
      }
      if side >= 34, let tau = agreement.tau[row][start] {
        drawing.text(
          fixedPoint(tau, digits: 2), at: (left + side * (Double(start) + 0.5), y + side / 2 + 4),
          size: 10.5, color: isStrong(tau) ? RGBColor(255, 255, 255) : Self.ink, anchor: .middle)
      }
      start = end
    }
  }

  private func isStrong(_ tau: Double) -> Bool { abs(tau) > 0.6 && !isNothing(tau) }

  private func isNothing(_ tau: Double) -> Bool {
    agreement.nullDeviation.map { abs(tau) <= 2 * $0 } ?? false
  }

  private func color(_ row: Int, _ column: Int) -> RGBColor? {
    agreement.tau[row][column].map(color)
  }

  /// Between white and one of two colors, in steps of a tenth.
  private func color(_ tau: Double) -> RGBColor {
    if isNothing(tau) { return Self.gray }
    let end = tau < 0 ? Self.contradict : Self.agree
    let share = min(1, (10 * abs(tau)).rounded() / 10)
    func mixed(_ channel: UInt8) -> UInt8 {
      UInt8(clamping: Int((255 + share * (Double(channel) - 255)).rounded()))
    }
    return RGBColor(mixed(end.red), mixed(end.green), mixed(end.blue))
  }

  private func drawLegend(into drawing: inout Drawing) {
    let y = 24 + 20 * Double(headings.count)
    for step in -10...10 {
      let x = left + 12 * Double(step + 10)
      drawing.area(
        [(x, y), (x + 12, y), (x + 12, y + 12), (x, y + 12)], color: color(Double(step) / 10))
    }
    for (tau, words) in [(-1.0, "-1 contradict"), (1, "1 agree")] {
      drawing.text(
        words, at: (left + 126 + 126 * tau, y + 26), size: 11, color: Self.faint, anchor: .middle)
    }
  }

  /// Names of families beside their rows, and lines between them.
  private func drawFamilies(into drawing: inout Drawing) {
    var row = 0
    for family in families {
      let (start, end) = (
        top + side * Double(row), top + side * Double(row + family.count)
      )
      drawing.text(
        family.title, at: (left - 14, (start + end) / 2 + 4), size: 11, color: Self.faint,
        anchor: .end)
      drawing.line([(left - 8, start + 2), (left - 8, end - 3)], color: Self.faint, width: 2)
      if row > 0 {
        let x = left + side * Double(row)
        drawing.line([(left, start - 0.5), (x, start - 0.5)], color: Self.ink)
        drawing.line(
          [(x - 0.5, start), (x - 0.5, top + side * Double(names.count))], color: Self.ink)
      }
      row += family.count
    }
  }

  private var description: String {
    let worst = agreement.worst.map {
      " Most contradictory: \($0.first) and \($0.second), \(fixedPoint($0.tau, digits: 2))."
    }
    return subtitle.joined(separator: " ") + (worst ?? "")
  }

  /// The matrix as an element of an HTML page.
  var element: String { drawing.svg.element(title: Self.title, description: description) }

  /// Writes the matrix as SVG, PDF and PNG.
  func write(to name: String) throws {
    let drawing = drawing
    try AtomicFile.write(
      drawing.svg.document(title: Self.title, description: description), to: "\(name).svg",
      durability: .later)
    try AtomicFile.write(drawing.pdf(title: Self.title), to: "\(name).pdf", durability: .later)
    try AtomicFile.write(
      try PNG.encode(drawing.picture(), isDrawn: true), to: "\(name).png", durability: .later)
  }
}
