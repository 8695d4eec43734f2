public import XAIExperiments
import XAIFiles
import XAIPlots
import XAITensor

/// Everything that shows which simple models stand in for a network: a page, the tree, tables.
///
/// Equal results give equal bytes.
public struct SurrogateReport: FolderReport {
  private let results: SurrogateResults
  private let command: [String]

  /// Prepares a report.
  /// - Parameters:
  ///   - results: What was found.
  ///   - command: The command that made it, word by word.
  public init(_ results: SurrogateResults, command: [String] = []) {
    (self.results, self.command) = (results, command)
  }

  /// Writes `index.html`, `results.json`, `results.csv`, `columns.csv` and `plots/`.
  /// - Parameters:
  ///   - folder: The folder, which is created where it is missing.
  ///   - progress: Is told how much of the work is done, from 0 to 1; may throw to end it.
  /// - Throws: Where a file cannot be written, and what `progress` throws.
  public func write(to folder: String, progress: (Double) throws -> Void = { _ in }) throws {
    try ReportFiles(
      results: results, tables: [table, columnTable], plots: tree.map { [("tree", $0)] } ?? [],
      page: try page()
    ).write(to: folder, progress: progress)
  }

  private var tree: TreePlot? {
    results.models.lazy.compactMap(\.nodes).first.map {
      TreePlot(title: "What stands in for the network", nodes: $0)
    }
  }

  private var table: ReportFiles.Table {
    let field = ReportFiles.Table.field
    return ReportFiles.Table(
      "results",
      header: [
        "model", "fidelity", "lower", "upper", "most_frequent", "p", "explains", "accuracy",
        "explained_training", "explained_test",
      ],
      rows: results.models.map { model in
        [
          model.kind.rawValue, field(model.fidelity?.value), field(model.fidelity?.lower),
          field(model.fidelity?.upper), field(model.fidelity?.mostFrequent),
          field(model.fidelity?.p), model.fidelity.map { "\($0.explains)" } ?? "",
          field(model.interpretable?.value), field(model.explained?.first ?? nil),
          field(model.explained?.last ?? nil),
        ]
      })
  }

  private var columnTable: ReportFiles.Table {
    let field = ReportFiles.Table.field
    return ReportFiles.Table(
      "columns",
      header: ["model", "column", "gain", "loss", "coefficient", "standard_error", "p", "effect"],
      rows: results.models.flatMap { model in
        (model.columns ?? []).map { column in
          [
            model.kind.rawValue, CSV.field(column.name), field(column.gain), field(column.loss),
            field(column.coefficient), field(column.error), field(column.p), field(column.effect),
          ]
        }
      })
  }

  // MARK: Page

  private func page() throws -> String {
    let subject = results.target.map { "whether it says \($0.words)" } ?? "what it says"
    return try PlainPage(
      title: "Surrogates: \(results.networks.fileNames)",
      heading: "Can a simple model stand in for the network?",
      summary: """
        Models of \(grouped(results.features.count, "named feature")) for \(subject): \
        <bdi>\(results.networks.fileNames)</bdi>, \(grouped(results.training, "training image")), \
        \(grouped(results.data.images, "test image")) of <bdi>\(results.data.name)</bdi>.
        """, notes: results.notes, networks: results.networks, version: results.version,
      command: command
    ).text([fidelitySection] + treeSection + columnSections)
  }

  private var fidelitySection: ReportPage.Section {
    var table = PageTable(
      "Models", isCards: true,
      columns: [
        .init("model"), .init("verdict"), .init("fidelity", isNumber: true),
        .init("95 % interval"), .init("most frequent answer", isNumber: true),
        .init("accuracy of the same model on true classes", isNumber: true),
        .init("variance of the logit explained", isNumber: true),
      ])
    for model in results.models {
      let verdict: HTML =
        switch model.fidelity?.explains {
        case true?: "<span class=\"badge pass\">\u{2713} stands in</span>"
        case false?: "<span class=\"badge\">explains nothing</span>"
        case nil: "a number"
        }
      table.append(
        "\(model.kind.rawValue)",
        [
          .text(verdict), .number(model.fidelity?.value, label: "fidelity"),
          .text(
            model.fidelity.map {
              "\(fixedPoint($0.lower, digits: 3)) to \(fixedPoint($0.upper, digits: 3))"
            } ?? ""), .number(model.fidelity?.mostFrequent, label: "most frequent"),
          .number(model.interpretable?.value, label: "accuracy"),
          .number(model.explained?.last ?? nil, label: "explained"),
        ])
    }
    return ReportPage.Section(
      "models", link: "Models", title: "Models",
      content: """
        <p>Fidelity is how often a model says the same as the network, on images that it has not seen; one that does not beat
        the most frequent answer (McNemar's exact test) explains nothing. Beside it stands the same kind of model fitted
        to the true classes: the price of a model that can be read. The network is right on
        \(fixedPoint(100 * results.networkAccuracy, digits: 1)) % of these images.</p>
        \(table.html)
        """)
  }

  private var treeSection: [ReportPage.Section] {
    guard let tree, let model = results.models.first(where: { $0.rules != nil }) else { return [] }
    var table = PageTable(
      "Rules", isCards: true,
      columns: [
        .init("where"), .init("the network says"), .init("training images", isNumber: true),
      ])
    for rule in model.rules ?? [] {
      table.append(
        "<bdi>\(rule.condition)</bdi>",
        [
          .text("<bdi>\(rule.answer)</bdi>"),
          .number(Double(rule.images), digits: 0, label: "images"),
        ])
    }
    return [
      ReportPage.Section(
        "tree", link: "Tree", title: "The tree",
        content: """
          \(PlainPage.plates([tree]))
          \(table.html)
          """)
    ]
  }

  private var columnSections: [ReportPage.Section] {
    results.models.compactMap { model in
      guard let columns = model.columns, !columns.isEmpty else { return nil }
      let isTree = model.kind == .tree
      var table = PageTable(
        "Features of the \(model.kind.rawValue)", isSortable: true, isCards: true,
        columns: [.init("feature")]
          + (isTree
            ? [
              .init("share of all gains", isNumber: true),
              .init("loss where it is shuffled", isNumber: true),
            ]
            : [
              .init("coefficient", isNumber: true), .init("standard error", isNumber: true),
              .init("p", isNumber: true), .init("coefficient times deviation", isNumber: true),
            ]))
      for column in columns {
        table.append(
          "<bdi>\(column.name)</bdi>",
          isTree
            ? [.number(column.gain, label: "gain"), .number(column.loss, label: "loss")]
            : [
              .number(column.coefficient, label: "coefficient"),
              .number(column.error, label: "error"), .number(column.p, label: "p"),
              .number(column.effect, label: "effect"),
            ])
      }
      return ReportPage.Section(
        "features-\(model.kind.rawValue)", link: "Features: \(model.kind.rawValue)",
        title: "What the \(model.kind.rawValue) rests on", content: table.html)
    }
  }
}
