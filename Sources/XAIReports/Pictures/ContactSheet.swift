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

    /// Names a map.
    /// - Parameters:
    ///   - label: Whose map it is.
    ///   - all: Every relevance.
    ///   - positive: The positive ones.
    public init(_ label: String, all: Heatmap, positive: Heatmap) {
      (self.label, self.all, self.positive) = (label, all, positive)
    }
  }

  private let image: RGBImage
  private let title: [String]
  private let entries: [Entry]
  private let metrics: Metrics

  /// Plans a sheet.
  /// - Parameters:
  ///   - image: The image, of the size of the maps.
  ///   - title: Lines above everything; cut where they are too long.
  ///   - entries: The maps.
  public init(of image: RGBImage, title: [String], entries: [Entry]) {
    (self.image, self.title, self.entries) = (image, title, entries)
    metrics = Metrics(image: image, labels: ["image"] + entries.map(\.label), titles: title.count)
  }

  /// Draws the sheet.
  public var picture: RGBImage {
    var canvas = Canvas(height: metrics.height, width: metrics.width)
    for (index, line) in title.enumerated() {
      let scale = index == 0 ? 3 : 2
      canvas.text(
        metrics.cut(line, scale: scale), x: Metrics.margin, y: metrics.top(ofTitle: index),
        scale: scale)
    }
    drawColourBar(on: &canvas)
    let sections: [(String, KeyPath<Entry, Heatmap>)] = [
      ("All relevances", \.all), ("Positive relevances only", \.positive),
    ]
    for (section, (name, heatmap)) in sections.enumerated() {
      let top = metrics.top(ofSection: section)
      canvas.text(name, x: Metrics.margin, y: top, scale: 2)
      let rule = top + Metrics.sectionTitle - 8
      canvas.fill(
        x: Metrics.margin, y: rule, width: metrics.width - 2 * Metrics.margin, height: 1,
        color: .gray)
      drawCell(image, "image", at: 0, of: section, on: &canvas)
      for (index, entry) in entries.enumerated() {
        drawCell(
          entry[keyPath: heatmap].picture, entry.label, at: index + 1, of: section, on: &canvas)
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
      let width = Canvas.size(of: text, scale: 2).width
      canvas.text(
        text, x: x + (metrics.cellWidth - width) / 2,
        y: y + metrics.cellHeight + 6 + line * Metrics.labelLine, scale: 2)
    }
  }

  private func drawColourBar(on canvas: inout Canvas) {
    let (length, thickness) = (min(360, metrics.width / 2), 16)
    let (x, y) = (Metrics.margin, metrics.top(ofTitle: title.count) + 2)
    for column in 0..<length {
      let color = ColorMap.redWhiteGreen.color(at: Double(column) / Double(length - 1))
      canvas.fill(x: x + column, y: y, width: 1, height: thickness, color: color)
    }
    canvas.outline(x: x, y: y, width: length, height: thickness, color: .gray)
    let below = y + thickness + 6
    let words = ["against", "none", "for"]
    for (index, word) in words.enumerated() {
      let width = Canvas.size(of: word, scale: 2).width
      canvas.text(word, x: x + index * (length - width) / 2, y: below, scale: 2)
    }
    let note = metrics.cut(
      "each map divided by its largest magnitude", scale: 2, from: x + length + 24)
    canvas.text(note, x: x + length + 24, y: y + 1, scale: 2)
  }
}
