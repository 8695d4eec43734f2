import Foundation
import Testing
import XAIDatasets
import XAIImages
import XAITensor
import XAITraining

/// A report in which class `label` is predicted as `predict(label)`, twice each.
private func report(classes: Int, predict: (Int) -> Int?) -> ClassificationReport {
  var report = ClassificationReport(
    classes: (0..<classes).map { ClassLabel(id: "n\($0)", name: "class \($0)") })
  for label in 0..<classes {
    guard let predicted = predict(label) else { continue }
    var logits = Tensor(shape: [2, classes])
    logits[0, predicted] = 9
    logits[1, predicted] = 9
    report.record(logits: logits, labels: [label, label], names: ["a", "b"])
  }
  return report
}

/// The bounds of pixels that have a color, in rows of at least 12; edges of letters may have it too.
private func bounds(
  of color: RGBColor, in image: RGBImage
) -> (rows: ClosedRange<Int>, columns: ClosedRange<Int>, count: Int)? {
  var places: [(row: Int, column: Int)] = []
  for row in 0..<image.height {
    let columns = (0..<image.width).filter {
      image[row, $0] == (color.red, color.green, color.blue)
    }
    var run: [Int] = []
    for column in columns + [Int.max] {
      if let last = run.last, column != last + 1 {
        if run.count >= 12 { places += run.map { (row, $0) } }
        run = []
      }
      run.append(column)
    }
  }
  let (rows, columns) = (places.map(\.row).sorted(), places.map(\.column).sorted())
  guard let top = rows.first, let bottom = rows.last, let left = columns.first,
    let right = columns.last
  else { return nil }
  return (top...bottom, left...right, places.count)
}

@Suite struct ConfusionImageTests {
  @Test func `rows are true classes and columns predicted ones`() throws {
    // Only class 0 of 50 has images; all are taken for class 49: the cell at the top right.
    let image = report(classes: 50) { $0 == 0 ? 49 : nil }.confusionImage()
    let gray = try #require(bounds(of: RGBColor(225, 225, 225), in: image))
    // Cells of 16 pixels: 49 gray rows below the only row with images.
    #expect(gray.rows.count == 49 * 16)
    #expect(gray.columns.count == 50 * 16)
    #expect(gray.count == 49 * 16 * 50 * 16)
    let full = ColorMap.blues.color(at: 1)
    let row = gray.rows.lowerBound - 8
    for column in [gray.columns.upperBound - 15, gray.columns.upperBound] {
      #expect(image[row, column] == (full.red, full.green, full.blue))
    }
    let empty = ColorMap.blues.color(at: 0)
    for column in [gray.columns.lowerBound, gray.columns.upperBound - 16] {
      #expect(image[row, column] == (empty.red, empty.green, empty.blue))
    }
  }

  @Test(arguments: [1, 2, 10, 33, 40, 41, 200, 1000])
  func `any number of classes has a picture of bounded size`(classes: Int) {
    let image = report(classes: classes) { $0 }.confusionImage()
    #expect((100...2300).contains(image.width))
    #expect((100...2300).contains(image.height))
  }

  @Test func `the file is a PNG with the same pixels`() throws {
    let path = NSTemporaryDirectory() + "xai-confusion-\(UUID().uuidString).png"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let report = report(classes: 10) { ($0 * $0) % 10 }
    try report.writeConfusionImage(to: path)
    #expect(try RGBImage(contentsOf: path) == report.confusionImage())
  }
}
