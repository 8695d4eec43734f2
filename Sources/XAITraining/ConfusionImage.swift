import XAIDatasets
import XAIFiles
public import XAIImages
import XAITensor
import XAIPlots

extension ClassificationReport {
  /// Writes the picture of the confusion matrix as a PNG file.
  /// - Parameter path: The file, which is replaced.
  /// - Throws: `TrainingFailure` when it cannot be written.
  public func writeConfusionImage(to path: String) throws(TrainingFailure) {
    let bytes: [UInt8]
    do { bytes = try PNG.encode(confusionImage()) } catch { throw TrainingFailure(error) }
    do { try AtomicFile.write(bytes, to: path) } catch { throw TrainingFailure(error) }
  }

  /// Draws the confusion matrix: true classes in rows, predicted ones in columns, each cell the
  /// share of its row; rows without images are gray.
  ///
  /// Up to 40 classes have their names at the sides, more have their index.
  /// - Returns: The picture.
  public func confusionImage() -> RGBImage {
    var picture = ConfusionPicture(confusion: confusion, names: classes.map(\.name))
    picture.drawCells()
    picture.drawSides()
    picture.drawColorBar()
    picture.drawTitles(images: tally.images)
    return picture.canvas.image
  }
}

/// The layout of a confusion matrix on a canvas.
private struct ConfusionPicture {
  let confusion: ConfusionMatrix
  let colors = ColorMap.blues
  /// The side of a cell.
  let cell: Int
  /// How letters look.
  let style: TextStyle
  /// What stands at the sides, by class.
  let labels: [(index: Int, text: String)]
  let left: Int
  let top: Int
  var canvas: Canvas

  private var side: Int { cell * confusion.classes }
  private var letter: Int { Canvas.size(of: "x", style).height }

  init(confusion: ConfusionMatrix, names: [String]) {
    self.confusion = confusion
    let count = confusion.classes
    let hasNames = count <= 40
    cell = hasNames ? min(64, max(16, 640 / count)) : max(2, 800 / count)
    style = TextStyle(size: hasNames && cell < 20 ? 11 : 17)
    // Every 10th, 20th, 50th, ... class, so that there are at most 20 ticks.
    let step = hasNames ? 1 : [5, 10, 20, 50, 100, 200].first { count / $0 <= 20 } ?? count / 10
    labels = stride(from: 0, to: count, by: step).map { index in
      (index, hasNames ? Self.shortened(names[index]) : "\(index)")
    }
    let style = style
    let letter = Canvas.size(of: "x", style).height
    let longest = labels.map { Canvas.size(of: $0.text, style).width }.max() ?? 0
    left = 8 + letter + 12 + longest + 8
    top = 24 + letter
    let width = left + cell * count + 24 + 16 + 8 + Canvas.size(of: "100 %", style).width + 8
    let title = Canvas.size(of: Self.title(images: 999_999), style).width
    canvas = Canvas(
      height: top + cell * count + 8 + longest + 12 + letter + 8,
      width: max(width, left + title + 8))
  }

  mutating func drawCells() {
    for label in 0..<confusion.classes {
      let row = confusion.row(label)
      let total = row.reduce(0, +)
      for (predicted, images) in row.enumerated() {
        let share = Double(images) / Double(max(total, 1))
        let color = total == 0 ? RGBColor(225, 225, 225) : colors.color(at: share)
        let (x, y) = (left + predicted * cell, top + label * cell)
        canvas.fill(x: x, y: y, width: cell, height: cell, color: color)
        if cell >= 32 && images > 0 {
          drawNumber("\(Int((100 * share).rounded()))", x: x, y: y, on: color)
        }
      }
    }
    canvas.outline(
      x: left - 1, y: top - 1, width: side + 2, height: side + 2, color: RGBColor(90, 90, 90))
  }

  /// A share in hundredths in the middle of its cell.
  private mutating func drawNumber(_ text: String, x: Int, y: Int, on color: RGBColor) {
    let style = TextStyle(size: cell >= 44 ? 17 : 11)
    let size = Canvas.size(of: text, style)
    canvas.text(
      text, x: x + (cell - size.width) / 2, y: y + (cell - size.height) / 2, style,
      color: color.readable)
  }

  mutating func drawSides() {
    for (index, text) in labels {
      let middle = index * cell + cell / 2
      let size = Canvas.size(of: text, style)
      canvas.fill(x: left - 5, y: top + middle, width: 4, height: 1, color: .black)
      canvas.text(
        text, x: left - 8 - size.width, y: top + middle - size.height / 2, style)
      canvas.fill(x: left + middle, y: top + side + 1, width: 1, height: 4, color: .black)
      canvas.text(
        text, x: left + middle - size.height / 2, y: top + side + 8, style,
        direction: .upward)
    }
  }

  mutating func drawColorBar() {
    let x = left + side + 24
    for row in 0..<side {
      let color = colors.color(at: 1 - Double(row) / Double(max(side - 1, 1)))
      canvas.fill(x: x, y: top + row, width: 16, height: 1, color: color)
    }
    canvas.outline(
      x: x - 1, y: top - 1, width: 18, height: side + 2, color: RGBColor(90, 90, 90))
    for share in [0, 50, 100] {
      let y = top + (side - 1) * (100 - share) / 100
      canvas.fill(x: x + 17, y: y, width: 4, height: 1, color: .black)
      canvas.text("\(share) %", x: x + 24, y: y - letter / 2, style)
    }
  }

  mutating func drawTitles(images: Int) {
    canvas.text(Self.title(images: images), x: left, y: 8, style)
    let predicted = Canvas.size(of: "predicted class", style)
    canvas.text(
      "predicted class", x: left + max(0, side - predicted.width) / 2,
      y: canvas.image.height - 8 - letter, style)
    canvas.text(
      "true class", x: 8,
      y: top + (side - Canvas.size(of: "true class", style).width) / 2, style,
      direction: .upward)
  }

  private static func shortened(_ name: String) -> String {
    name.count <= 20 ? name : name.prefix(18) + ".."
  }

  private static func title(images: Int) -> String {
    "confusion of \(images) images, % of each row"
  }
}
