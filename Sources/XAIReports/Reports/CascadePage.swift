import XAIFiles
import XAIImages
import XAIExperiments

extension RandomizationReport {
  /// The page.
  func page(_ sprites: SpriteSheet) throws -> String {
    ReportPage(
      title: "Randomization test: \(checkpointName)",
      heading: "Do these explanations depend on what the network has learned?",
      summary: "Randomization test of <bdi>\(checkpointName)</bdi>: \(extent).",
      withoutScripts: "Verdicts, plots, health and settings are below all the same.",
      notices: incompleteness,
      sections: [verdictSection, Self.exploreSection, Self.similaritySection, plotSection]
        + [complexitySection].compactMap(\.self) + [healthSection, setupSection, measureSection],
      version: results.version, scripts: PageFiles.cascade,
      data: sprites.elements + [
        try HTML.data(CascadeData(self, sprites: sprites), identifier: "report-data")
      ]
    ).text
  }

  private var checkpointName: String {
    results.checkpoint.path.split(separator: "/").last.map(String.init) ?? "a network"
  }

  private var extent: String {
    let modes = results.plans.map { plan in
      "\(plan.mode.rawValue) (\(counted(plan.layers.count, "step")))"
    }
    let counts = [
      counted(results.methods.count, "method"), counted(results.images.count, "image"),
      counted(results.seeds, "seed"),
    ]
    return (counts + modes).joined(separator: ", ")
  }

  private var incompleteness: [HTML] {
    if results.complete { return [] }
    return [
      """
      <strong>Unfinished:</strong> not everything that was asked for has been computed.
      The same command continues where it ended.
      """
    ]
  }

  private static let picker = Picker([
    ("image", "Image"), ("mode", "Order of randomization"), ("measure", "Measure of similarity"),
    ("seed", "Seed of the maps"),
  ])
  private static let viewer = MapViewer(
    figures: ["trained", "random"], stripLabel: "Steps: choose one, arrow keys move")

  private static let curve = PlotFigure.scripted(
    "curve", caption: PlotFigure.measureWords,
    key: [
      .init("mean", "mean and standard deviation, all images and seeds"),
      .init("single", "this image and seed"),
    ], attributes: " class=\"beside\"")

  private static let forgetting = PlotFigure.scripted(
    "forgetting",
    caption: """
      <strong>Why:</strong> magnitude of the
      cosine between signals with different random starts, on their way down the trained network by this
      method's rules (Sixt et al. 2020). At 1 they have forgotten where they started.
      """, key: [.init("other", "median and quartiles")],
    attributes: " id=\"forgetting-figure\" hidden")

  /// The controls, maps and curves, which scripts fill.
  private static let exploreSection = ReportPage.Section(
    "explore", link: "Explore", title: "Explore", isScripted: true,
    content: """
      <p class="no-print">Choose what to see, then drag the slider through the layers: layer after layer
      loses what it has learned. An explanation that hardly changes did not depend on it.</p>
      \(picker.html)
      <div class="step">
      <label for="step">How far the randomization has come</label>
      <button type="button" id="back" aria-label="One step back">&#9664;</button>
      <input type="range" id="step" min="0" max="1" value="1" step="1">
      <button type="button" id="on" aria-label="One step on">&#9654;</button>
      </div>
      <div class="status">
      <div aria-live="polite"><p id="where"></p><p id="numbers"></p></div>
      <p id="condition" class="condition"></p>
      </div>
      <div class="stage">
      <div>
      \(viewer.maps)<p id="verdict"></p>
      <p class="faint name" id="about"></p>
      </div>
      \(curve)\(forgetting)</div>
      <h3>All steps</h3>
      \(viewer.strip)
      """)

  private static let similaritySection = ReportPage.Section(
    "similarity", link: "Similarities", title: "Similarities", isScripted: true,
    content: """
      <p><span id="means-caption" class="name"></span>: as chosen above. The deeper the color, the more
      alike the maps.</p>
      \(PageTable.scripted("means", label: "Mean similarity by method and layer"))
      """)
}
