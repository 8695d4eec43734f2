import XAIAttribution
import XAIExperiments
import XAIFiles
import XAITensor
import XAIMetrics

extension ContrastReport {
  /// The page.
  func page() throws -> String {
    let names = networkNames
    let title = results.kind == .compare ? "Comparison of networks" : "Class sensitivity"
    var sprites: [HTML] = []
    let data = try ContrastData(self, sprites: &sprites)
    return ReportPage(
      title: "\(title): \(names.joined(separator: " and "))",
      heading: results.kind.question,
      summary: "\(title) of <bdi>\(names.joined(separator: " and "))</bdi>: \(extent).",
      withoutScripts: "Chart, table and settings are here all the same.",
      notices: results.notes.map { "<bdi>\($0)</bdi>" },
      sections: [
        overviewSection, exploreSection, Self.numberSection, networkSection, setupSection,
        measureSection,
      ],
      version: results.version, scripts: PageFiles.contrast, styles: PageFiles.contrastStyle,
      data: sprites + [try HTML.data(data, identifier: "report-data")]
    ).text
  }

  /// The names of the files; with their folders where two are the same.
  private var networkNames: [String] {
    let paths = results.networks.map { $0.checkpoint.path.split(separator: "/") }
    let isSame = paths.count > 1 && paths[0].last == paths[1].last
    return paths.map { parts in
      parts.isEmpty ? "a network" : parts.suffix(isSame ? 2 : 1).joined(separator: "/")
    }
  }

  private var extent: String {
    [
      counted(results.methods.count, "method"), counted(results.images.count, "image"),
      counted(results.contrasts.count, "contrast"),
    ].joined(separator: ", ")
  }

  private static let picker = Picker([
    ("image", "Image"), ("pair", "Pair of maps"), ("measure", "Measure of similarity"),
  ])
  private static let viewer = MapViewer(
    figures: ["left", "right", "difference"],
    stripLabel: "Methods: choose one, arrow keys move", isTall: true)
  private static let bars = PlotFigure.scripted(
    "bars", caption: PlotFigure.measureWords,
    key: [
      .init("bar", "this pair"),
      .init("dot", "mean over all images, and its 95 % interval", identifier: "mean-key"),
    ])

  /// The controls, maps and bars, which scripts fill.
  private var exploreSection: ReportPage.Section {
    ReportPage.Section(
      "explore", link: "Explore", title: "Explore", isScripted: true,
      content: """
        <p class="no-print">Choose a pair of maps, and look at both and at their difference.\(limit)</p>
        \(Self.picker.html)
        <div class="status"><div aria-live="polite"><p id="where"></p><p id="similarity"></p></div></div>
        <div class="stage">
        <div>
        \(Self.viewer.maps)<p class="faint name" id="about"></p>
        </div>
        <div>
        \(Self.bars)</div>
        </div>
        <h3>All methods</h3>
        <p class="faint">First map, second map, difference, and similarity.</p>
        \(Self.viewer.strip)
        """)
  }

  private var limit: String {
    shown < results.images.count ? " The first \(counted(shown, "image")) are shown." : ""
  }

  private static let numberSection = ReportPage.Section(
    "numbers", link: "Numbers", title: "Numbers", isScripted: true,
    content: """
      <h3 id="means-caption" class="name"></h3>
      <p class="faint">The measure is chosen above. The deeper the colour, the more alike the maps.</p>
      \(PageTable.scripted("means", label: "Similarity by method and contrast"))
      <h3 id="panel-caption" class="name"></h3>
      \(PageTable.scripted("panel", label: "All measures of a pair"))
      """)
}
