import XAIReports
import XAIImages
import XAIMetrics

/// A page of parts with a table, a plot, a map viewer, a picker and a badge: two methods, two images.
struct ExamplePage {
  struct Data: Encodable {
    struct Item: Encodable {
      var name: String
      var facts = "facts"
      var picture: String
    }
    struct Method: Encodable {
      var id: String
      var group = "all"
      var outcome = "pass"
      var outcomeWord = "✓ pass"
      var reason = "as it should"
    }
    struct Words: Encodable {
      var id: String
      var title: String
      var summary = ""
    }
    struct Index: Encodable {
      var tiles: [Int]
      var scales: [Double]
    }
    var height = 4
    var width = 4
    var headline = "m"
    var images: [Item]
    var methods = [Method(id: "first <b>"), Method(id: "second")]
    var groups = [Words(id: "all", title: "All")]
    var measures = [Words(id: "m", title: "measure")]
    var layers = ["fc2", "fc1", "conv1"]
    var scores = [["1000000,500000,,100000,200000,300000"], ["0,0,-250000,0,0,0"]]
    var maps: [[Index]]
  }

  static let sections = [
    ReportPage.Section(
      "explore", link: "Explore", title: "Explore", isScripted: true,
      content: """
        \(Picker([("image", "Image"), ("measure", "Measure")]).html)
        \(viewer.maps)<p id="verdict"></p>
        \(PlotFigure.scripted(
          "curve", caption: PlotFigure.measureWords, key: [.init("mean", "value")]))
        <h3 id="means-caption"></h3>
        \(PageTable.scripted("means", label: "Values"))
        \(viewer.strip)
        """)
  ]
  private static let viewer = MapViewer(figures: ["map"], stripLabel: "Methods")

  /// The page with a script of its own.
  static func text(script: String) throws -> String {
    let picture = try MapSprite.address(of: RGBImage(height: 4, width: 4, repeating: (9, 9, 9)))
    var elements: [HTML] = []
    let maps = try (0..<2).map { method in
      try (0..<2).map { image in
        var sprite = MapSprite(height: 4, width: 4)
        let values = (0..<16).map { Double($0 - 8) * Double(1 + method + image) }
        sprite.append(RelevanceMap(height: 4, width: 4, values: values))
        elements.append(try sprite.element(identifier: "maps-\(method)-\(image)"))
        return Data.Index(tiles: sprite.tiles, scales: sprite.scales)
      }
    }
    let data = Data(
      images: [.init(name: "one", picture: picture), .init(name: "two", picture: picture)],
      maps: maps)
    return ReportPage(
      title: "Example", heading: "An example?", summary: "Two methods.", sections: sections,
      version: "0", scripts: [script],
      data: elements + [try HTML.data(data, identifier: "report-data")]
    ).text
  }
}
