public import XAIAttribution
public import XAIImages
import XAITensor
import XAIPlots

/// All maps of an image side by side: all relevances, and below them the positive ones alone.
public struct ContactSheet: Sendable {
  /// A map under its name.
  public struct Entry: Sendable {
    /// Whose map it is.
    public let label: String
    /// Every relevance.
    public let all: Heatmap
    /// The positive ones.
    public let positive: Heatmap
    /// How it is drawn.
    public let look: MapLook

    /// Names a map.
    /// - Parameters:
    ///   - label: Whose map it is.
    ///   - all: Every relevance.
    ///   - positive: The positive ones.
    ///   - look: How it is drawn.
    public init(
      _ label: String, all: Heatmap, positive: Heatmap, look: MapLook = MapLook(.relevance)
    ) {
      (self.label, self.all, self.positive, self.look) = (label, all, positive, look)
    }
  }

  private let image: RGBImage
  private let entries: [Entry]
  private let metrics: Metrics

  /// Plans a sheet.
  /// - Parameters:
  ///   - image: The image, of the size of the maps.
  ///   - title: Lines above everything; broken where they are too long.
  ///   - entries: The maps.
  ///   - note: What was done to the numbers of all maps.
  public init(
    of image: RGBImage, title: [String], entries: [Entry],
    note: String = "each map divided by its own largest magnitude"
  ) {
    (self.image, self.entries) = (image, entries)
    metrics = Metrics(
      image: image, labels: ["image"] + entries.map(\.label), title: title,
      looks: entries.map(\.look), note: note)
  }

  /// Draws the sheet.
  public var picture: RGBImage {
    var canvas = Canvas(height: metrics.height, width: metrics.width)
    metrics.title.draw(on: &canvas, x: Metrics.margin, y: Metrics.margin)
    metrics.legend.draw(on: &canvas, x: Metrics.margin, y: metrics.legendTop)
    for (index, line) in metrics.note.enumerated() {
      canvas.text(line, x: Metrics.margin, y: metrics.noteTop + 25 * index, .body)
    }
    let sections: [(String, KeyPath<Entry, Heatmap>)] = [
      ("All relevances", \.all), ("Positive relevances only", \.positive),
    ]
    for (section, (name, heatmap)) in sections.enumerated() {
      let top = metrics.top(ofSection: section)
      canvas.text(name, x: Metrics.margin, y: top, .body)
      let rule = top + Metrics.sectionTitle - 8
      canvas.fill(
        x: Metrics.margin, y: rule, width: metrics.width - 2 * Metrics.margin, height: 1,
        color: .gray)
      drawCell(image, "image", at: 0, of: section, on: &canvas)
      for (index, entry) in entries.enumerated() {
        drawCell(
          entry[keyPath: heatmap].picture(in: entry.look.palette), entry.label, at: index + 1,
          of: section, on: &canvas)
      }
    }
    return canvas.image
  }

  private func drawCell(
    _ picture: RGBImage, _ label: String, at index: Int, of section: Int, on canvas: inout Canvas
  ) {
    let (x, y) = metrics.origin(of: index, section: section)
    canvas.draw(picture, x: x, y: y, scale: metrics.scale)
    canvas.outline(
      x: x - 1, y: y - 1, width: metrics.cellWidth + 2, height: metrics.cellHeight + 2,
      color: .gray)
    for (line, text) in metrics.lines(of: label).enumerated() {
      canvas.text(
        text, inMiddleOf: metrics.cellWidth, x: x,
        y: y + metrics.cellHeight + 6 + line * Metrics.labelLine)
    }
  }
}
