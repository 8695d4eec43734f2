import Foundation
import Testing
import XAIImages
import XAIReports
import XAITestSupport

@Suite struct PlotTests {
  private func curves() -> Plot {
    Plot(
      title: "Curves <1>", subtitle: ["a line"], labels: ["fc2", "fc1", "conv1"],
      labelWords: "layers", numberWords: "similarity",
      series: [
        Plot.Series(
          "first", middle: [1, .nan, 0.5], lower: [0.9, nil, 0.4], upper: [1, .infinity, 0.6])
      ])
  }

  private func bars(_ second: Double? = nil) -> Plot {
    var plot = Plot(
      title: "Bars", labels: ["one", "two"], numberWords: "length",
      series: [
        Plot.Series(
          "series", kind: .bar, look: "bar", middle: [0.5, second], lower: [0.25, nil],
          upper: [0.75, nil])
      ], isHorizontal: true)
    plot.groups = [Plot.Group("A group", count: 2)]
    return plot
  }

  /// How often a piece of text is in another.
  private func count(_ piece: String, in text: String) -> Int {
    text.components(separatedBy: piece).count - 1
  }

  @Test func `numbers that are none leave gaps`() {
    let svg = curves().svg
    #expect(svg.contains("<title>Curves &lt;1&gt;</title>"))
    #expect(svg.contains("<desc>similarity over layers: first. a line</desc>"))
    // Two numbers beside a gap are no line; their markers, and that of the legend, are circles.
    #expect(count("<polyline", in: svg) == 0 && count("<circle", in: svg) == 3)
    #expect(count("nan", in: svg.lowercased()) == 0 && count("inf", in: svg.lowercased()) == 0)
  }

  @Test func `a band needs two neighbors`() {
    var plot = curves()
    #expect(count("<polygon", in: plot.svg) == 0)
    plot.series[0].middle[1] = 0.7
    (plot.series[0].lower[1], plot.series[0].upper[1]) = (0.6, 0.8)
    #expect(count("<polygon", in: plot.svg) == 1 && count("<polyline", in: plot.svg) == 1)
  }

  @Test func `references are a line and an area, and stand in the legend`() {
    var plot = curves()
    let plain = plot.svg
    plot.references = [.margin(0.95, "margin"), .floor(0.1...0.2, "floors")]
    let svg = plot.svg
    #expect(svg.contains(">margin</text>") && svg.contains(">floors</text>"))
    #expect(count("<polygon", in: svg) - count("<polygon", in: plain) == 2)
    #expect(count("stroke-dasharray=\"2 4\"", in: svg) == 2)
  }

  @Test func `a bar goes from zero to its number, its interval across`() throws {
    let svg = bars().svg
    #expect(svg.contains("<desc>length. one 0.500; two none</desc>"))
    #expect(svg.contains(">A group</text>") && svg.contains(">no value</text>"))
    let bar = try #require(svg.firstMatch(of: /<polygon points="([^"]*)"/)).output.1
    let points = bar.split(separator: " ").compactMap { Double($0.split(separator: ",")[0]) }
    // 520 units from 0 to 1.
    #expect(points.count == 4 && abs(points[1] - points[0] - 260) < 0.02)
    #expect(count("stroke-width=\"1.5\"", in: svg) == 3)
  }

  @Test func `a narrow plot is drawn for a phone`() throws {
    for wide in [curves(), bars(1)] {
      var narrow = wide
      narrow.isNarrow = true
      let widths = try [wide, narrow].map { plot in
        Double(try #require(plot.svg.firstMatch(of: /width="([0-9.]+)"/)).output.1) ?? 0
      }
      #expect(widths[1] < 400 && widths[0] > 500)
    }
  }

  @Test func `pixels are two for each unit of the graphic`() throws {
    let plot = bars(1)
    let match = try #require(plot.svg.firstMatch(of: /width="([0-9.]+)" height="([0-9.]+)"/))
    let (width, height) = (Double(match.output.1) ?? 0, Double(match.output.2) ?? 0)
    #expect(plot.picture.width == Int((2 * width).rounded(.up)))
    #expect(plot.picture.height == Int((2 * height).rounded(.up)))
  }

  @Test func `its JSON is what pages draw`() throws {
    var plot = curves()
    plot.references = [.margin(0.95, "margin")]
    let text = try HTML.json(plot)
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
    let members = try #require(object as? [String: Any])
    #expect(members["labels"] as? [String] == ["fc2", "fc1", "conv1"])
    #expect(members["isHorizontal"] as? Bool == false)
    let series = try #require((members["series"] as? [[String: Any]])?.first)
    #expect(series["kind"] as? String == "curve" && series["look"] as? String == "mean")
    let middle = try #require(series["middle"] as? [Any])
    #expect(middle.count == 3 && middle[1] is NSNull && middle[2] as? Double == 0.5)
    let reference = try #require((members["references"] as? [[String: Any]])?.first)
    #expect(reference["value"] as? Double == 0.95 && reference["look"] as? String == "margin")
  }
}
