public import XAIExperiments
import XAIFiles
import XAIImages
import XAIPlots
import XAIRepresentations
import XAITensor

/// Everything that shows what concepts mean to classes: a page, bars, tables, the concepts' images.
///
/// Equal results give equal bytes.
public struct ConceptReport: FolderReport {
  private let results: ConceptResults
  private let examples: [[RGBImage]]
  private let command: [String]

  /// Prepares a report.
  /// - Parameters:
  ///   - outcome: What was found.
  ///   - command: The command that made it, word by word.
  public init(_ outcome: ConceptExperiment.Outcome, command: [String] = []) {
    (results, examples, self.command) = (outcome.results, outcome.examples, command)
  }

  /// Writes `index.html`, `results.json`, `results.csv`, `plots/` and `pictures/`.
  /// - Parameters:
  ///   - folder: The folder, which is created where it is missing.
  ///   - progress: Is told how much of the work is done, from 0 to 1; may throw to end it.
  /// - Throws: Where a file cannot be written, and what `progress` throws.
  public func write(to folder: String, progress: (Double) throws -> Void = { _ in }) throws {
    var names = FileNames()
    let sheets = zip(results.concepts, examples).map { concept, pictures in
      (names.name(for: concept), PictureStrip(pictures).picture)
    }
    var plotNames = FileNames()
    let plots = places.map { target, layer in
      (
        plotNames.name(for: "\(results.classes[target].words)-\(layer)"),
        plot(target, layer) as any DrawnPlot
      )
    }
    try ReportFiles(
      results: results, tables: [table], plots: plots, pictures: sheets, page: try page()
    ).write(to: folder, progress: progress)
  }

  /// Each class with each layer.
  private var places: [(target: Int, layer: String)] {
    results.classes.indices.flatMap { target in results.layers.map { (target, $0) } }
  }

  private var table: ReportFiles.Table {
    let field = ReportFiles.Table.field
    return ReportFiles.Table(
      "results",
      header: [
        "concept", "class", "class_name", "layer", "tcav", "least", "greatest", "cosine",
        "magnitude", "zero_share", "accuracy", "p", "p_adjusted", "p_networks", "verdict",
      ],
      rows: results.entries.map { entry in
        let target = results.classes[entry.target]
        return [
          CSV.field(entry.concept), "\(target.index)", CSV.field(target.words),
          CSV.field(entry.layer), "\(entry.tcav)", "\(entry.least)", "\(entry.greatest)",
          "\(entry.cosine)", field(entry.magnitude), "\(entry.zeroShare)", "\(entry.accuracy)",
          field(entry.p), field(entry.adjustedP), field(entry.networkP),
          entry.verdict?.rawValue ?? "",
        ]
      })
  }

  /// The cosines of a class at a layer, with those of random concepts.
  private func plot(_ target: Int, _ layer: String) -> Plot {
    let entries = results.entries.filter { $0.target == target && $0.layer == layer }
    let controls = results.controls.first { $0.target == target && $0.layer == layer }
    let labels = entries.map(\.concept) + (controls == nil ? [] : ["random concepts"])
    let spread = controls.map { $0.scores.sorted() }
    func quantile(_ share: Double) -> Double? {
      spread.flatMap { $0.isEmpty ? nil : $0[Int(share * Double($0.count - 1))] }
    }
    func with(_ own: [Double?], _ other: Double?) -> [Double?] {
      own + (controls == nil ? [] : [other])
    }
    return Plot(
      title: "\(results.classes[target].words): what moves it at \(layer)",
      subtitle: [
        "TCAV score with its least and largest run"
          + (controls == nil ? "" : "; of random concepts the median and the middle 90 %"),
        "A score of 1 alone is no evidence: random concepts reach it too.",
      ], labels: labels, numberWords: "share of class images that the concept moves to the class",
      series: [
        Plot.Series(
          "TCAV", kind: .bar, look: "bar", middle: with(entries.map(\.tcav), quantile(0.5)),
          lower: with(entries.map(\.least), quantile(0.05)),
          upper: with(entries.map(\.greatest), quantile(0.95)))
      ], isHorizontal: true)
  }

  // MARK: Page

  private func page() throws -> String {
    try PlainPage(
      title: "Concepts: \(results.networks.fileNames)",
      heading: "Which concepts do the classes depend on?",
      summary: """
        \(grouped(results.concepts.count, "concept")) and \
        \(results.classes.map(\.words).joined(separator: ", ")) in \
        <bdi>\(results.networks.fileNames)</bdi>, on \
        \(grouped(results.data.images, "test image")) of <bdi>\(results.data.name)</bdi>.
        """, notes: results.notes, networks: results.networks, version: results.version,
      command: command
    ).text([try verdicts] + effects + [plots, try images])
  }

  private var verdicts: ReportPage.Section {
    get throws {
      let known: HTML =
        results.isRelative
        ? ""
        : """
        <p>A concept is <strong>used</strong> where it moves the class more than
        \(grouped(results.randomConcepts, "random concept")) do (rank of the mean cosine, adjusted over all
        \(grouped(results.entries.count, "test")) by Holm) and the layer can tell it from other images; else it is
        <strong>not shown</strong>. What the layer cannot tell is <strong>not learnable</strong>: its direction is
        noise, whatever its score. \(networkWords)</p>
        """
      var table = PageTable(
        "Verdicts", isSortable: true, isCards: true,
        columns: [
          .init("concept"), .init("class"), .init("layer"), .init("verdict"),
          .init("TCAV score", isNumber: true), .init("mean cosine", isNumber: true),
          .init("accuracy", isNumber: true), .init("p adjusted", isNumber: true),
          .init("p of random networks", isNumber: true), .init("t test", isNumber: true),
        ])
      for entry in results.entries {
        table.append(
          "<bdi>\(entry.concept)</bdi>",
          [
            .text("<bdi>\(results.classes[entry.target].words)</bdi>"),
            .text("<bdi>\(entry.layer)</bdi>"), .text(badge(entry)),
            .number(entry.tcav, label: "score"), .number(entry.cosine, label: "cosine"),
            .number(entry.accuracy, label: "accuracy"), .number(entry.adjustedP, label: "p"),
            .number(entry.networkP, label: "p of networks"),
            .number(entry.comparison?.pooled, label: "t test"),
          ])
      }
      return ReportPage.Section(
        "verdicts", link: "Verdicts", title: "Verdicts",
        content: """
          \(known)
          \(table.html)
          <p class="faint">The t test is the published one, for comparison alone: it calls a third to a half of
          random concepts significant at 5 %.</p>
          """)
    }
  }

  private var networkWords: String {
    results.randomNetworks > 0
      ? "Against \(grouped(results.randomNetworks, "network")) whose layers above are random, p of the last "
        + "but one column must be small too."
      : ""
  }

  private func badge(_ entry: ConceptEntry) -> HTML {
    switch entry.verdict {
    case .used? where !entry.passesAllNulls:
      "<span class=\"badge\">not beyond random networks</span>"
    case .used?: "<span class=\"badge pass\">\u{2713} used</span>"
    case .notShown?: "<span class=\"badge\">not shown</span>"
    case .notLearnable?: "<span class=\"badge fail\">not learnable</span>"
    case nil: "no null"
    }
  }

  /// What changing a concept does; no section without pairs.
  private var effects: [ReportPage.Section] {
    guard !results.effects.isEmpty else { return [] }
    var table = PageTable(
      "Effects", isCards: true,
      columns: [
        .init("concept"), .init("class"), .init("change of the logit", isNumber: true),
        .init("standard error", isNumber: true), .init("taken for it, with", isNumber: true),
        .init("without", isNumber: true), .init("pairs", isNumber: true),
      ])
    for effect in results.effects {
      table.append(
        "<bdi>\(effect.concept)</bdi>",
        [
          .text("<bdi>\(results.classes[effect.target].words)</bdi>"),
          .number(effect.logit, label: "logit"), .number(effect.error, label: "error"),
          .number(effect.predictedWith, label: "with"),
          .number(effect.predictedWithout, label: "without"),
          .number(Double(effect.pairs), digits: 0, label: "pairs"),
        ])
    }
    return [
      ReportPage.Section(
        "effects", link: "Effects", title: "What changing the concept does",
        content: """
          <p>The same scenes with the concept and without it, all else equal: how the class's logit changes, and how many
          scenes of any class are taken for it. This is the behavior itself, which the verdicts above are to be held
          against.</p>
          \(table.html)
          """)
    ]
  }

  private var plots: ReportPage.Section {
    ReportPage.Section(
      "scores", link: "Scores", title: "Scores",
      content: PlainPage.plates(places.map { plot($0.target, $0.layer) }))
  }

  private var images: ReportPage.Section {
    get throws {
      ReportPage.Section(
        "images", link: "Images", title: "What the concepts look like",
        content: try PlainPage.pictures(
          zip(results.concepts, examples).map { concept, pictures in
            (PictureStrip(pictures).picture, "<bdi>\(concept)</bdi>")
          }))
    }
  }
}
