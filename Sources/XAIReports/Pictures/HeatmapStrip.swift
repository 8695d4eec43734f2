public import XAIAttribution
public import XAIImages
import XAITensor
public import XAIMetrics
import XAIPlots

/// The maps of one image and method over the steps of a randomization test (as Nuzzo 2020, figure 7.8):
/// the image, the original map, and a map for each layer.
///
/// Four rows: all relevances and the positive ones, each on a scale of its own for every map and on one
/// scale for all maps of the row.
public struct HeatmapStrip: Sendable {
  /// A column.
  public struct Column: Sendable {
    /// The layer.
    public var label: String
    /// The map; nothing where there is none.
    public var map: RelevanceMap?
    /// A word below the map, such as its similarity to the original one.
    public var note: String
    /// Whether the network of this step computes nothing useful.
    public var hasCollapsed: Bool

    /// Describes a column.
    /// - Parameters:
    ///   - label: The layer.
    ///   - map: The map; nothing where there is none.
    ///   - note: A word below the map.
    ///   - hasCollapsed: Whether the network of this step computes nothing useful.
    public init(_ label: String, map: RelevanceMap?, note: String, hasCollapsed: Bool) {
      (self.label, self.map, self.note) = (label, map, note)
      self.hasCollapsed = hasCollapsed
    }
  }

  private struct Row {
    let title: String
    let scale: String
    let isShared: Bool
    let sign: MapSign
  }

  private let image: RGBImage
  private let title: [String]
  private let columns: [Column]
  private let look: MapLook

  /// Plans a strip.
  /// - Parameters:
  ///   - image: The image, of the size of the maps.
  ///   - title: Lines above everything; broken where they are too long.
  ///   - columns: The original map and those of the layers.
  ///   - look: How the maps are drawn.
  public init(
    of image: RGBImage, title: [String], columns: [Column], look: MapLook = MapLook(.relevance)
  ) {
    (self.image, self.title, self.columns, self.look) = (image, title, columns, look)
  }

  private static let margin = 24
  private static let gap = 8
  private static let labels = 212
  private static let line = 20
  private static let warning = RGBColor(176, 0, 32)

  private var factor: Int { max(1, (127 + image.width) / image.width) }
  private var cell: (width: Int, height: Int) { (image.width * factor, image.height * factor) }
  private var width: Int {
    max(
      760, 2 * Self.margin + Self.labels + (columns.count + 1) * (cell.width + Self.gap) - Self.gap)
  }
  private var heading: SheetTitle { SheetTitle(title, width: width - 2 * Self.margin) }
  private var legend: SheetLegend { SheetLegend([look], width: width - 2 * Self.margin) }
  private var head: Int { Self.margin + heading.height + 8 + legend.height + 54 }
  private var rowHeight: Int { cell.height + 34 }

  /// Draws the strip.
  public var picture: RGBImage {
    let rows = [MapSign.all, .positive].flatMap { sign in
      [false, true].map { row(sign, isShared: $0) }
    }
    var canvas = Canvas(
      height: head + rows.count * rowHeight + Self.margin - 8, width: width)
    heading.draw(on: &canvas, x: Self.margin, y: Self.margin)
    legend.draw(on: &canvas, x: Self.margin, y: Self.margin + heading.height + 8)
    drawLabels(on: &canvas)
    for (index, row) in rows.enumerated() {
      draw(row, at: head + index * rowHeight, notes: index == 0, on: &canvas)
    }
    return canvas.image
  }

  private func row(_ sign: MapSign, isShared: Bool) -> Row {
    let largest = largest(sign)
    let scale = largest > 0 ? fixedOrScientific(largest) : "0"
    return Row(
      title: sign == .all ? "all" : "positive only",
      scale: isShared ? "shared scale\nwhole color:\n\(scale)" : "each map on\nits own scale",
      isShared: isShared, sign: sign)
  }

  /// The largest magnitude in a row.
  private func largest(_ sign: MapSign) -> Double {
    columns.reduce(0) { largest, column in
      max(largest, column.map.map { Heatmap($0, sign: sign).scale } ?? 0)
    }
  }

  private func x(_ column: Int) -> Int {
    Self.margin + Self.labels + column * (cell.width + Self.gap)
  }

  private func drawLabels(on canvas: inout Canvas) {
    for (index, text) in (["image"] + columns.map(\.label)).enumerated() {
      center(text, column: index, y: head - 24, color: .black, on: &canvas)
      if index > 0, columns[index - 1].hasCollapsed {
        center("collapsed", column: index, y: head - 44, color: Self.warning, on: &canvas)
      }
    }
  }

  private func draw(_ row: Row, at y: Int, notes: Bool, on canvas: inout Canvas) {
    canvas.text(row.title, x: Self.margin, y: y, .body)
    canvas.text(row.scale, x: Self.margin, y: y + 28, .body, color: .gray)
    frame(column: 0, y: y, on: &canvas)
    canvas.draw(image, x: x(0), y: y, scale: factor)
    let shared = row.isShared ? largest(row.sign) : nil
    for (index, column) in columns.enumerated() {
      frame(column: index + 1, y: y, on: &canvas)
      if let map = column.map {
        canvas.draw(
          Heatmap(map, sign: row.sign, scale: shared).picture(in: look.palette), x: x(index + 1),
          y: y,
          scale: factor)
      } else {
        center("no map", column: index + 1, y: y + cell.height / 2 - 7, color: .gray, on: &canvas)
      }
      if notes {
        center(
          column.note, column: index + 1, y: y + cell.height + 6, color: .black, on: &canvas)
      }
    }
  }

  private func frame(column: Int, y: Int, on canvas: inout Canvas) {
    canvas.outline(
      x: x(column) - 1, y: y - 1, width: cell.width + 2, height: cell.height + 2, color: .gray)
  }

  private func center(
    _ text: String, column: Int, y: Int, color: RGBColor, on canvas: inout Canvas
  ) {
    canvas.text(text, inMiddleOf: cell.width, x: x(column), y: y, color: color)
  }
}
