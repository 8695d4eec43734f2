import XAIEvaluation
import XAIExperiments
import XAIFiles

extension EvaluationReport {
  /// The page.
  func page() throws -> String {
    var sprites: [HTML] = []
    let data = try EvaluationData(self, sprites: &sprites)
    return ReportPage(
      title: "Evaluation of explanations: \(checkpointName)",
      heading: "Which explanations are worth anything?",
      summary: "Evaluation of <bdi>\(checkpointName)</bdi>: \(extent).",
      withoutScripts: "Tables, plots and settings are here all the same.",
      notices: notices, sections: sections.compactMap(\.self), version: results.version,
      scripts: PageFiles.evaluation, styles: PageFiles.evaluationStyle,
      data: sprites + [try HTML.data(data, identifier: "report-data")]
    ).text
  }

  /// The parts of the page in their order; those are missing that there is nothing to say in.
  private var sections: [ReportPage.Section?] {
    [
      overviewSection, plotSection, agreementSection, tradeoffSection, exploreSection,
      localizationSection, trialSection, measureSection, setupSection,
    ]
  }

  private var checkpointName: String {
    results.checkpoint.path.split(separator: "/").last.map(String.init) ?? "a network"
  }

  private var extent: String {
    let controls = results.methods.count { $0.kind == .control }
    return [
      counted(results.methods.count - controls, "method"), counted(controls, "control"),
      counted(results.images.count, "image"), counted(results.setup.baselines.count, "baseline"),
      counted(results.measures.count, "measure"),
    ].joined(separator: ", ")
  }

  private var notices: [HTML] {
    let isTold = results.notes.contains { $0.contains("provisional") }
    let few: [HTML] =
      results.images.count < 10 && !isTold
      ? [
        """
        <strong>Provisional:</strong> \(counted(results.images.count, "image")) \
        \(results.images.count == 1 ? "proves" : "prove") nothing about the order of methods; take 20 or more.
        """
      ] : []
    return few + results.notes.map { "<bdi>\($0)</bdi>" }
  }

  /// Whether maps and curves can be looked at.
  var hasExplorer: Bool {
    shown > 0 && (outcome.maps.joined().contains { $0 != nil } || !outcome.curves.entries.isEmpty)
  }

  /// What can be said, and the table that it is read from.
  private var overviewSection: ReportPage.Section {
    let others = results.findings.dropFirst().map { "<li><bdi>\($0)</bdi></li>\n" as HTML }
    let first: HTML =
      results.findings.first.map { "<p class=\"lead\"><strong><bdi>\($0)</bdi></strong></p>" }
      ?? "<p class=\"lead\"><strong>Nothing can be said.</strong></p>"
    let list: HTML = others.isEmpty ? "" : "<ul class=\"findings\">\n\(others)</ul>"
    return ReportPage.Section(
      "overview", link: "Findings", title: "What can be said",
      content: """
        \(first)
        \(list)
        \(EvaluationScoreTable(self).html)
        """)
  }

  /// The plots of faithfulness, which are files, too.
  private var plotSection: ReportPage.Section? {
    let plots = EvaluationPlots(self)
    let shares = plots.shares.map { PlotFigure.plate($0.plot) }
    let curves = plots.curves.filter { $0.quantity == .probability }.map {
      PlotFigure.plate($0.plot)
    }
    if shares.isEmpty && curves.isEmpty { return nil }
    let more: HTML =
      curves.isEmpty
      ? "" : "<h3>Curves of the methods that come first</h3>\n<div class=\"plates\">\(curves)</div>"
    return ReportPage.Section(
      "plots", link: "Plots", title: "Faithfulness at a glance",
      content: """
        <p class="faint">The same plots, and those of the logit, are in the folder <code>plots</code> as SVG, PDF and
        PNG; all curves are numbers in the folder <code>curves</code>.</p>
        <div class="plates">\(shares)</div>
        \(more)
        """)
  }
}
