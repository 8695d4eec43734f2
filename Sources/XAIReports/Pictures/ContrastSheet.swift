public import XAIAttribution
public import XAIImages
import XAITensor
public import XAIMetrics
import XAIPlots

/// The maps of an image by every method, side by side with those that they are compared with.
///
/// A row for each method; a column for each map, and behind every pair its difference. Each map is
/// divided by its largest magnitude, which stands below it, as similarity takes no notice of it either;
/// the difference is that of the two maps so divided, its whole color at 1.
public struct ContrastSheet: Sendable {
  /// What a column shows.
  public enum Column: Sendable {
    /// A map, by its position among the maps of a row.
    case map(Int, title: String)
    /// The first of two maps without the second, by its position among the notes of a row.
    case difference(Int, Int, note: Int)
  }

  /// The maps of a method.
  public struct Row: Sendable {
    /// The method.
    public var name: String
    /// Its maps; nothing where there is none.
    public var maps: [RelevanceMap?]
    /// Words below the differences, such as similarities.
    public var notes: [String]
    /// How its maps are drawn.
    public var look: MapLook

    /// Describes a row.
    /// - Parameters:
    ///   - name: The method.
    ///   - maps: Its maps; nothing where there is none.
    ///   - notes: Words below the differences.
    ///   - look: How its maps are drawn.
    public init(
      _ name: String, maps: [RelevanceMap?], notes: [String], look: MapLook = MapLook(.relevance)
    ) {
      (self.name, self.maps, self.notes, self.look) = (name, maps, notes, look)
    }
  }

  private let image: RGBImage
  private let title: [String]
  private let columns: [Column]
  private let rows: [Row]

  /// Plans a sheet.
  /// - Parameters:
  ///   - image: The image, of the size of the maps.
  ///   - title: Lines above everything; broken where they are too long.
  ///   - columns: What is seen, from the left.
  ///   - rows: The methods, from above.
  public init(of image: RGBImage, title: [String], columns: [Column], rows: [Row]) {
    (self.image, self.title, self.columns, self.rows) = (image, title, columns, rows)
  }

  private static let margin = 24
  private static let gap = 10
  private static let labels = 212
  private static let line = 20

  private var factor: Int { max(1, (127 + image.width) / image.width) }
  private var cell: (width: Int, height: Int) { (image.width * factor, image.height * factor) }
  private var titleLines: Int { columns.map { lines(of: $0).count }.max() ?? 1 }
  private var width: Int {
    max(
      760, 2 * Self.margin + Self.labels + columns.count * (cell.width + Self.gap) - Self.gap)
  }
  /// Where the image begins.
  private var imageTop: Int { Self.margin + heading.height + 10 }
  private var heading: SheetTitle { SheetTitle(title, width: width - 2 * Self.margin) }
  private var head: Int {
    imageTop + legend.height + max(cell.height, titleLines * Self.line) + 18
  }
  private var legend: SheetLegend {
    SheetLegend(rows.map(\.look), width: width - 2 * Self.margin)
  }
  private var rowHeight: Int { cell.height + 32 }

  /// Draws the sheet.
  public var picture: RGBImage {
    var canvas = Canvas(height: head + rows.count * rowHeight + Self.margin - 8, width: width)
    heading.draw(on: &canvas, x: Self.margin, y: Self.margin)
    legend.draw(on: &canvas, x: Self.margin, y: imageTop)
    let top = imageTop + legend.height
    canvas.outline(
      x: Self.margin - 1, y: top - 1, width: cell.width + 2, height: cell.height + 2, color: .gray)
    canvas.draw(image, x: Self.margin, y: top, scale: factor)
    for (index, column) in columns.enumerated() {
      let lines = lines(of: column)
      for (number, line) in lines.enumerated() {
        center(
          line, column: index, y: head - 10 - (lines.count - number) * Self.line, .black,
          on: &canvas)
      }
    }
    for (index, row) in rows.enumerated() {
      draw(row, at: head + index * rowHeight, on: &canvas)
    }
    return canvas.image
  }

  private func x(_ column: Int) -> Int {
    Self.margin + Self.labels + column * (cell.width + Self.gap)
  }

  /// A column's title in at most four lines.
  private func lines(of column: Column) -> [String] {
    switch column {
    case .map(_, let title):
      Array(ContactSheet.Metrics.lines(of: title, width: cell.width).prefix(4))
    case .difference: ["difference"]
    }
  }

  private func draw(_ row: Row, at y: Int, on canvas: inout Canvas) {
    let lines = ContactSheet.Metrics.lines(of: row.name, width: Self.labels - 12)
    let top = y + (cell.height - lines.count * Self.line) / 2
    for (index, line) in lines.enumerated() {
      canvas.text(line, x: Self.margin, y: top + index * Self.line, .body)
    }
    for (index, column) in columns.enumerated() {
      canvas.outline(
        x: x(index) - 1, y: y - 1, width: cell.width + 2, height: cell.height + 2, color: .gray)
      let below = y + cell.height + 6
      switch column {
      case .map(let position, _):
        let heatmap = row.maps[position].map { Heatmap($0) }
        show(heatmap, row.look.palette, column: index, y: y, on: &canvas)
        if let heatmap {
          center(fixedOrScientific(heatmap.scale), column: index, y: below, .gray, on: &canvas)
        }
      case .difference(let first, let second, let note):
        show(
          Self.difference(row.maps[first], row.maps[second]), .signed(row.look.colors),
          column: index, y: y, on: &canvas)
        center(row.notes[note], column: index, y: below, .black, on: &canvas)
      }
    }
  }

  private static func difference(_ left: RelevanceMap?, _ right: RelevanceMap?) -> Heatmap? {
    guard let left, let right else { return nil }
    let values = zip(Heatmap(left).values, Heatmap(right).values).map { $0 - $1 }
    return Heatmap(
      RelevanceMap(height: left.height, width: left.width, values: values), scale: 1)
  }

  private func show(
    _ heatmap: Heatmap?, _ palette: MapPalette, column: Int, y: Int, on canvas: inout Canvas
  ) {
    guard let heatmap else {
      return center("no map", column: column, y: y + cell.height / 2 - 7, .gray, on: &canvas)
    }
    canvas.draw(heatmap.picture(in: palette), x: x(column), y: y, scale: factor)
  }

  private func center(
    _ text: String, column: Int, y: Int, _ color: RGBColor, on canvas: inout Canvas
  ) {
    canvas.text(text, inMiddleOf: cell.width, x: x(column), y: y, color: color)
  }
}
