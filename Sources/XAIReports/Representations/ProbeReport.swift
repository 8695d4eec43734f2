public import XAIExperiments
import XAIFiles
import XAIPlots
import XAITensor

/// Everything that shows what can be read from layers: a page, charts, a table.
///
/// Equal results give equal bytes.
public struct ProbeReport: FolderReport {
  private let results: ProbeResults
  private let command: [String]

  /// Prepares a report.
  /// - Parameters:
  ///   - results: What was found.
  ///   - command: The command that made it, word by word.
  public init(_ results: ProbeResults, command: [String] = []) {
    (self.results, self.command) = (results, command)
  }

  /// Writes `index.html`, `results.json`, `results.csv` and `plots/`.
  /// - Parameters:
  ///   - folder: The folder, which is created where it is missing.
  ///   - progress: Is told how much of the work is done, from 0 to 1; may throw to end it.
  /// - Throws: Where a file cannot be written, and what `progress` throws.
  public func write(to folder: String, progress: (Double) throws -> Void = { _ in }) throws {
    var names = FileNames()
    try ReportFiles(
      results: results, tables: [table],
      plots: properties.map { (names.name(for: $0), plot($0) as any DrawnPlot) }, page: try page()
    ).write(to: folder, progress: progress)
  }

  /// The properties, each once.
  private var properties: [String] {
    results.entries.map(\.property).reduce(into: []) { known, name in
      if !known.contains(name) { known.append(name) }
    }
  }

  private var table: ReportFiles.Table {
    let field = ReportFiles.Table.field
    return ReportFiles.Table(
      "results",
      header: [
        "property", "layer", "value", "majority", "pixels", "random_mean", "random_largest",
        "control_mean", "selectivity", "gain", "p", "p_adjusted", "decodable", "loss_of_accuracy",
        "loss_p_adjusted",
      ],
      rows: results.entries.map { entry in
        [
          CSV.field(entry.property), CSV.field(entry.layer), field(entry.value),
          field(entry.majority), field(entry.pixels), field(entry.random.meanOfAny),
          field(entry.random.max()), field(entry.control.meanOfAny), field(entry.selectivity),
          field(entry.gain), field(entry.p), field(entry.adjustedP),
          entry.isDecodable.map { "\($0)" } ?? "",
          field(entry.ablation.map { $0.before - $0.after }), field(entry.ablation?.adjustedP),
        ]
      })
  }

  /// What is read of a property, layer by layer.
  private func plot(_ property: String) -> Plot {
    let entries = results.entries.filter { $0.property == property }
    let isNumber = entries.first?.labels == nil
    let none = [Double?](repeating: nil, count: entries.count)
    func series(
      _ name: String, _ middle: [Double?], _ lower: [Double?]? = nil, _ upper: [Double?]? = nil
    ) -> Plot.Series {
      Plot.Series(
        name, kind: .curve, look: "mean", middle: middle, lower: lower ?? none,
        upper: upper ?? none)
    }
    let all: [Plot.Series?] = [
      series(property, entries.map(\.value)),
      series(
        "random weights", entries.map(\.random.meanOfAny), entries.map { $0.random.min() },
        entries.map { $0.random.max() }),
      series("pixels", entries.map(\.pixels)),
      isNumber ? nil : series("majority", entries.map(\.majority)),
      entries.allSatisfy(\.control.isEmpty)
        ? nil : series("control tasks", entries.map(\.control.meanOfAny)),
    ]
    var plot = Plot(
      title: "What a linear probe reads of \(property)",
      labels: entries.map(\.layer), labelWords: "layer",
      numberWords: isNumber ? "share of variance explained" : "accuracy on unseen images",
      series: all.compactMap(\.self))
    plot.least = min(
      0, entries.flatMap { [$0.value, $0.pixels].compactMap(\.self) + $0.random }.min() ?? 0)
    return plot
  }

  // MARK: Page

  private func page() throws -> String {
    try PlainPage(
      title: "Probes: \(results.networks.fileNames)",
      heading: "What can be read from the layers?",
      summary: """
        Linear probes of \(properties.joined(separator: ", ")) in <bdi>\(results.networks.fileNames)</bdi>: \
        \(grouped(results.training, "training image")), \(grouped(results.data.images, "test image")) of \
        <bdi>\(results.data.name)</bdi>.
        """, notes: results.notes, networks: results.networks, version: results.version,
      command: command
    ).text([tableSection, plotSection] + ablationSection)
  }

  private var tableSection: ReportPage.Section {
    var table = PageTable(
      "Probes", isSortable: true, isCards: true,
      columns: [
        .init("property"), .init("layer"), .init("verdict"), .init("value", isNumber: true),
        .init("majority", isNumber: true), .init("pixels", isNumber: true),
        .init("random weights, best", isNumber: true), .init("selectivity", isNumber: true),
        .init("p adjusted", isNumber: true),
      ])
    for entry in results.entries {
      let verdict: HTML =
        switch entry.isDecodable {
        case true?: "<span class=\"badge pass\">\u{2713} decodable</span>"
        case false?: "<span class=\"badge\">not shown</span>"
        case nil: "a number"
        }
      table.append(
        "<bdi>\(entry.property)</bdi>",
        [
          .text("<bdi>\(entry.layer)</bdi>"), .text(verdict), .number(entry.value, label: "value"),
          .number(entry.majority, label: "majority"), .number(entry.pixels, label: "pixels"),
          .number(entry.random.max(), label: "random weights"),
          .number(entry.selectivity, label: "selectivity"), .number(entry.adjustedP, label: "p"),
        ])
    }
    return ReportPage.Section(
      "probes", link: "Probes", title: "Probes",
      content: """
        <p>The value is the accuracy on unseen images, or of numbers the share of variance explained. A property is
        <strong>decodable</strong> where the probe beats the best of the most frequent answer, of a probe of the pixels and
        of probes of random weights, by McNemar's exact test adjusted over all probes. Selectivity is accuracy less that on
        random labels of each \(results.controlTypes), which a probe can learn by heart. Decodable is not used: that the
        network depends on it is another question.</p>
        \(table.html)
        """)
  }

  private var plotSection: ReportPage.Section {
    ReportPage.Section(
      "layers", link: "Layers", title: "Layer by layer",
      content: PlainPage.plates(properties.map(plot)))
  }

  private var ablationSection: [ReportPage.Section] {
    let ablated = results.entries.filter { $0.ablation != nil }
    guard !ablated.isEmpty else { return [] }
    var table = PageTable(
      "Ablations", isCards: true,
      columns: [
        .init("property"), .init("layer"), .init("dimensions", isNumber: true),
        .init("accuracy before", isNumber: true), .init("after", isNumber: true),
        .init("largest loss by random subspaces", isNumber: true),
        .init("p adjusted", isNumber: true),
      ])
    for entry in ablated {
      guard let ablation = entry.ablation else { continue }
      table.append(
        "<bdi>\(entry.property)</bdi>",
        [
          .text("<bdi>\(entry.layer)</bdi>"),
          .number(Double(ablation.dimension), digits: 0, label: "dimensions"),
          .number(ablation.before, label: "before"), .number(ablation.after, label: "after"),
          .number(ablation.random.max(), label: "random"),
          .number(ablation.adjustedP, label: "p"),
        ])
    }
    return [
      ReportPage.Section(
        "ablation", link: "Ablation", title: "What the network loses without it",
        content: """
          <p>The subspace that a probe reads is projected out of the layer, and the rest of the network goes on from there;
          its loss of accuracy is ranked among those without random subspaces of as many dimensions.</p>
          \(table.html)
          """)
    ]
  }
}

extension [Double] {
  /// The mean; nil of no numbers.
  var meanOfAny: Double? { isEmpty ? nil : reduce(0, +) / Double(count) }
}
