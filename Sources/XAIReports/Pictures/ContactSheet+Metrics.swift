import XAIImages
import XAIPlots

extension ContactSheet {
  /// Where things stand on a sheet, in pixels.
  struct Metrics: Sendable {
    static let margin = 32
    static let gap = 20
    static let sectionTitle = 40
    static let labelLine = 22
    /// The narrowest cell: room for the longest part of a method's name.
    private static let narrowest = 192

    let scale: Int
    let cellWidth: Int
    let cellHeight: Int
    let columns: Int
    let rows: Int
    private let labelHeight: Int
    /// Pixels between the margins.
    private let inner: Int
    /// The lines above everything.
    let title: SheetTitle
    /// What the colors say.
    let legend: SheetLegend
    /// What was done to the numbers, in lines that fit.
    let note: [String]

    init(
      image: RGBImage, labels: [String], title: [String], looks: [MapLook], note: String
    ) {
      scale = max(1, (Self.narrowest + image.width - 1) / image.width)
      cellWidth = image.width * scale
      cellHeight = image.height * scale
      // At least four, so that there is room for the title; no more than fit a page's width.
      let most = max(4, 1760 / (cellWidth + Self.gap))
      let needed = max(4, labels.count)
      let rows = (needed + most - 1) / most
      self.rows = rows
      // No row much shorter than the others.
      columns = max(4, (needed + rows - 1) / rows)
      let width = cellWidth
      labelHeight =
        Self.labelLine * (labels.map { Self.lines(of: $0, width: width).count }.max() ?? 1) + 6
      inner = columns * cellWidth + (columns - 1) * Self.gap
      self.title = SheetTitle(title, width: inner)
      legend = SheetLegend(looks, width: inner)
      self.note = TextStyle.body.lines(of: note, width: Double(inner))
    }

    var width: Int { 2 * Self.margin + inner }

    var height: Int { top(ofSection: 2) + Self.margin - Self.gap }

    /// Where the legend is, below the title.
    var legendTop: Int { Self.margin + title.height + 8 }
    /// Where the note is, below the legend.
    var noteTop: Int { legendTop + legend.height }

    func top(ofSection section: Int) -> Int {
      let row = cellHeight + labelHeight + Self.gap
      return noteTop + 25 * note.count + 22 + section * (Self.sectionTitle + rows * row + Self.gap)
    }

    /// The top left corner of a cell.
    func origin(of index: Int, section: Int) -> (x: Int, y: Int) {
      let (row, column) = index.quotientAndRemainder(dividingBy: columns)
      return (
        Self.margin + column * (cellWidth + Self.gap),
        top(ofSection: section) + Self.sectionTitle
          + row * (cellHeight + labelHeight + Self.gap)
      )
    }

    /// A label in lines as wide as a cell, broken behind hyphens and spaces where there are any.
    func lines(of label: String) -> [String] { Self.lines(of: label, width: cellWidth) }

    static func lines(of label: String, width: Int) -> [String] {
      func fits(_ text: String) -> Bool { Canvas.size(of: text, .body).width <= width }
      var lines = [""]
      for part in label.split(after: "- ") {
        if fits(lines[lines.count - 1] + part) {
          lines[lines.count - 1] += part
          continue
        }
        if !lines[lines.count - 1].isEmpty { lines.append("") }
        for letter in part {
          if !fits(lines[lines.count - 1] + String(letter)) { lines.append("") }
          lines[lines.count - 1].append(letter)
        }
      }
      return lines
    }
  }
}

extension String {
  /// The parts of a text, each but the last ending with one of some separators.
  fileprivate func split(after separators: String) -> [String] {
    var parts = [""]
    for letter in self {
      parts[parts.count - 1].append(letter)
      if separators.contains(letter) { parts.append("") }
    }
    return parts.filter { !$0.isEmpty }
  }
}
