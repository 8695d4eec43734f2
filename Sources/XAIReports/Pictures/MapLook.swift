public import XAIAttribution
public import XAIImages
import XAIPlots

/// How a method's maps are drawn, and what their colors say.
public struct MapLook: Sendable, Hashable {
  /// What the sign of the maps means.
  public let meaning: MapMeaning
  /// Which colors stand for two signs.
  public let colors: MapColors

  /// Chooses how maps are drawn.
  /// - Parameters:
  ///   - meaning: What the sign of the maps means.
  ///   - colors: Which colors stand for two signs.
  public init(_ meaning: MapMeaning, _ colors: MapColors = .blueOrange) {
    (self.meaning, self.colors) = (meaning, colors)
  }

  /// The colors of numbers.
  public var palette: MapPalette {
    switch meaning {
    case .relevance, .sensitivity: .signed(colors)
    case .magnitude: .magnitude
    case .none: .neutral
    }
  }

  /// What stands below a bar of the colors, from its left end to its right.
  public var words: [String] {
    switch meaning {
    case .relevance: ["against", "none", "for"]
    case .sensitivity: ["lowers", "none", "raises"]
    case .magnitude: ["none", "much"]
    case .none: ["no explanation"]
    }
  }

  /// The looks of maps, each once, in the order of meanings.
  package static func distinct(_ looks: some Sequence<MapLook>) -> [MapLook] {
    let used = Set(looks)
    return MapMeaning.allCases.flatMap { meaning in
      MapColors.allCases.map { MapLook(meaning, $0) }.filter(used.contains)
    }
  }
}

/// Bars of colors with their words: one for each look that a sheet has.
struct SheetLegend {
  private let looks: [MapLook]
  private let width: Int

  private static let barWidth = 260
  private static let gap = 36
  private static let rowHeight = 58

  /// A legend within some pixels from left to right.
  init(_ looks: some Sequence<MapLook>, width: Int) {
    (self.looks, self.width) = (MapLook.distinct(looks), width)
  }

  private var columns: Int { max(1, (width + Self.gap) / (Self.barWidth + Self.gap)) }

  /// How much room it takes.
  var height: Int { (looks.count + columns - 1) / columns * Self.rowHeight }

  /// Draws the bars.
  func draw(on canvas: inout Canvas, x: Int, y: Int) {
    for (index, look) in looks.enumerated() {
      let (row, column) = index.quotientAndRemainder(dividingBy: columns)
      draw(
        look, on: &canvas, x: x + column * (Self.barWidth + Self.gap), y: y + row * Self.rowHeight)
    }
  }

  private func draw(_ look: MapLook, on canvas: inout Canvas, x: Int, y: Int) {
    let (length, thickness) = (Self.barWidth, 16)
    for column in 0..<length {
      let share = Double(column) / Double(length - 1)
      canvas.fill(
        x: x + column, y: y, width: 1, height: thickness,
        color: look.palette.color(at: look.palette.isOneSided ? share : 2 * share - 1))
    }
    canvas.outline(x: x, y: y, width: length, height: thickness, color: .gray)
    let words = look.words
    for (index, word) in words.enumerated() {
      let room = length - Canvas.size(of: word, .body).width
      let place = words.count == 1 ? room / 2 : index * room / (words.count - 1)
      canvas.text(word, x: x + place, y: y + thickness + 7, .body)
    }
  }
}
