import Foundation
import Testing
import XAITraining

#if canImport(FoundationXML)
  import FoundationXML
#endif

private func epochs(_ count: Int, validationLoss: (Int) -> Double = { 4 / Double($0) + 1 })
  -> [EpochMetrics]
{
  (0..<count).map { index in
    let epoch = index + 1
    return EpochMetrics(
      epoch: epoch, learningRate: 0.01, trainLoss: 5 / Double(epoch),
      trainTop1: 1 - 0.9 / Double(epoch), validationLoss: validationLoss(epoch),
      validationTop1: 0.5 - 0.4 / Double(epoch), validationTop5: 0.7, imagesPerSecond: 98,
      seconds: 800)
  }
}

/// Element names and attributes of a document; fails where it is not well-formed.
private final class Elements: NSObject, XMLParserDelegate {
  var all: [(name: String, attributes: [String: String], text: String)] = []

  init(_ svg: String) {
    super.init()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = self
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) { all.append((name, attributes, "")) }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    all[all.count - 1].text += text.filter { $0 != "\n" }
  }

  func named(_ name: String) -> [(name: String, attributes: [String: String], text: String)] {
    all.filter { $0.name == name }
  }

  var texts: [String] { named("text").map(\.text) }

  /// The numbers of points of the curves; the four lines of the legends left out.
  var curves: [Int] {
    named("polyline").map { ($0.attributes["points"] ?? "").split(separator: " ").count }
      .filter { $0 != 2 }
  }
}

@Suite struct CurvesPlotTests {
  @Test func `two panels have a training and a validation curve each`() {
    let elements = Elements(CurvesPlot(title: "Run", epochs: epochs(9), bestEpoch: 9).svg())
    #expect(elements.curves == [9, 9, 9, 9])
    for text in ["Run", "loss", "top-1 accuracy, %", "train", "validation", "best: epoch 9"] {
      #expect(elements.texts.contains(text), "\(text)")
    }
    #expect(
      elements.texts.contains("best epoch 9: validation loss 1.444, top-1 45.6 %, top-5 70.0 %"))
    #expect(!elements.texts.contains("epoch 0"))
  }

  @Test func `ticks are at nice numbers`() {
    let elements = Elements(CurvesPlot(title: "Run", epochs: epochs(12), bestEpoch: nil).svg())
    // Losses run from 0.42 to 5, accuracies from 0 to 92.5 %; epochs are whole.
    for tick in ["0", "1", "2", "3", "4", "5", "20", "40", "60", "80", "100"] {
      #expect(elements.texts.contains(tick), "\(tick)")
    }
    for tick in elements.texts { #expect(!tick.contains(".") || tick.contains("e"), "\(tick)") }
  }

  @Test func `one epoch is drawn as points`() {
    let svg = CurvesPlot(title: "Run", epochs: epochs(1), bestEpoch: 1).svg()
    let elements = Elements(svg)
    #expect(elements.curves == [])
    // A circle and a square in each panel and in each legend.
    #expect(elements.named("circle").count == 4)
    #expect(!svg.contains("nan") && !svg.contains("inf"))
  }

  @Test func `numbers that are not finite leave a gap`() {
    let gapped = epochs(9) { $0 == 4 ? .nan : $0 == 9 ? .infinity : 2 }
    let elements = Elements(CurvesPlot(title: "Run", epochs: gapped, bestEpoch: 1).svg())
    #expect(elements.curves == [9, 3, 4, 9, 9])
    for element in elements.all {
      for value in element.attributes.values { #expect(!value.contains("nan")) }
    }
  }

  @Test func `a run without epochs or without any finite number has empty axes`() {
    let none = Elements(CurvesPlot(title: "Run", epochs: [], bestEpoch: nil).svg())
    #expect(none.texts.contains("no finished epoch"))
    let undefined = [
      EpochMetrics(
        epoch: 1, learningRate: 0.01, trainLoss: .nan, trainTop1: .nan, validationLoss: .nan,
        validationTop1: .nan, validationTop5: .nan, imagesPerSecond: 98, seconds: 800)
    ]
    let elements = Elements(CurvesPlot(title: "Run", epochs: undefined, bestEpoch: nil).svg())
    #expect(elements.curves == [])
  }

  @Test func `the best epoch's line is where its points are`() {
    let elements = Elements(CurvesPlot(title: "Run", epochs: epochs(9), bestEpoch: 4).svg())
    let lines = elements.named("line").filter { $0.attributes["stroke-dasharray"] != nil }
    #expect(lines.count == 2)
    let curve = elements.named("polyline")[0].attributes["points"]?.split(separator: " ") ?? []
    let place = lines[0].attributes["x1"].map { $0 + "," } ?? "?"
    #expect(curve.count == 9 && curve[3].hasPrefix(place))
  }

  @Test func `the title is text, whatever it holds`() {
    let title = "<b>\"R&D\"</b>\u{7}"
    let elements = Elements(CurvesPlot(title: title, epochs: epochs(2), bestEpoch: 1).svg())
    #expect(elements.texts[0] == "<b>\"R&D\"</b>\u{FFFD}")
  }

  @Test func `equal runs give equal text`() {
    let plot = CurvesPlot(title: "Run", epochs: epochs(40), bestEpoch: 3)
    #expect(plot.svg() == plot.svg())
  }
}
