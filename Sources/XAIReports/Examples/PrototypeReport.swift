public import XAIExperiments
import XAIFiles
import XAIImages
import XAIPlots
import XAITensor

/// Everything that shows prototypes and criticisms: a page with a grid, charts, tables, pictures.
///
/// Equal results give equal bytes.
public struct PrototypeReport: FolderReport {
  private let results: PrototypeResults
  private let pictures: [PrototypeExperiment.Pictures]
  private let command: [String]

  /// Prepares a report.
  /// - Parameters:
  ///   - outcome: What was found.
  ///   - command: The command that made it, word by word.
  public init(_ outcome: PrototypeExperiment.Outcome, command: [String] = []) {
    (results, pictures, self.command) = (outcome.results, outcome.pictures, command)
  }

  /// Sets that the page shows; all are in the folder.
  private static let mostShown = 30

  /// Writes `index.html`, `results.json`, `results.csv`, `curve.csv`, `plots/` and `pictures/`.
  /// - Parameters:
  ///   - folder: The folder, which is created where it is missing.
  ///   - progress: Is told how much of the work is done, from 0 to 1; may throw to end it.
  /// - Throws: Where a file cannot be written, and what `progress` throws.
  public func write(to folder: String, progress: (Double) throws -> Void = { _ in }) throws {
    var names = FileNames()
    let drawn = results.groups.indices.filter { !results.groups[$0].curve.isEmpty }
    try ReportFiles(
      results: results, tables: [table, curveTable],
      plots: drawn.prefix(Self.mostShown).map {
        (names.name(for: results.groups[$0].words), plot(results.groups[$0]) as any DrawnPlot)
      },
      pictures: results.groups.indices.map {
        (names.name(for: results.groups[$0].words + "-pictures"), strip($0, scale: 1))
      }, page: try page()
    ).write(to: folder, progress: progress)
  }

  // MARK: Tables

  private var table: ReportFiles.Table {
    ReportFiles.Table(
      "results",
      header: ["set", "role", "rank", "image", "index", "label", "predicted", "witness"],
      rows: results.groups.flatMap { group in
        [("prototype", group.prototypes), ("criticism", group.criticisms)].flatMap { role, picks in
          picks.enumerated().map { rank, pick in
            [
              CSV.field(group.words), role, "\(rank + 1)", CSV.field(pick.name), "\(pick.index)",
              CSV.field(pick.label.words), CSV.field(pick.predicted.words), "\(pick.witness)",
            ]
          }
        }
      })
  }

  private var curveTable: ReportFiles.Table {
    ReportFiles.Table(
      "curve", header: ["set", "prototypes", "mmd2", "random_mean", "random_least", "random_most"],
      rows: results.groups.flatMap { group in
        group.curve.map { point in
          [
            CSV.field(group.words), "\(point.count)", "\(point.chosen)", "\(point.random)",
            "\(point.range[0])", "\(point.range[1])",
          ]
        }
      })
  }

  private func plot(_ group: PrototypeGroup) -> Plot {
    let none = [Double?](repeating: nil, count: group.curve.count)
    var plot = Plot(
      title: group.words,
      subtitle: ["What the images and their prototypes differ in; 0 is nothing."],
      labels: group.curve.map { "\($0.count)" }, labelWords: "prototypes",
      numberWords: "squared discrepancy (MMD\u{b2})",
      series: [
        Plot.Series(
          "prototypes", look: "mean", middle: group.curve.map(\.chosen), lower: none, upper: none),
        Plot.Series(
          "random choices, least to greatest", look: "control",
          middle: group.curve.map(\.random), lower: group.curve.map { $0.range[0] },
          upper: group.curve.map { $0.range[1] }),
      ])
    plot.greatest = 0
    plot.isNarrow = true
    return plot
  }

  private func strip(_ group: Int, scale: Int) -> RGBImage {
    let all = pictures[group].prototypes + pictures[group].criticisms
    return PictureStrip(all, columns: max(all.count, 1), scale: scale).picture
  }

  // MARK: Page

  private func page() throws -> String {
    let quality = results.classification.map { one -> HTML in
      """
      The nearest of \(grouped(one.prototypes, "prototype")) tells the class of \
      \(fixedPoint(100 * one.accuracy, digits: 1)) % of \(grouped(one.tests, "test image")); random images in their place \
      \(fixedPoint(100 * one.random, digits: 1)) %, the network itself \
      \(fixedPoint(100 * one.network, digits: 1)) %.
      """
    }
    return try PlainPage(
      title: "Prototypes: \(results.networks.fileNames)",
      heading: "Which images stand for the others?",
      summary: """
        Prototypes and criticisms among \(grouped(results.data.images, "training image")) of \
        <bdi>\(results.data.name)</bdi>, as <bdi>\(results.layer)</bdi> of \
        <bdi>\(results.networks.fileNames)</bdi> sees them. \(quality ?? "")
        """,
      notes: [
        "Prototypes represent what the layer distinguishes, not what a person would: where they stay on random weights they are prototypes of pixels."
      ] + results.notes, networks: results.networks, version: results.version, command: command
    ).text([try gridSection, curveSection, numberSection])
  }

  private var gridSection: ReportPage.Section {
    get throws {
      let shown = results.groups.indices.prefix(Self.mostShown)
      let rows = try PlainPage.pictures(
        shown.map { index in
          let group = results.groups[index]
          let signs = group.criticisms.map { $0.witness > 0 ? "too little" : "too much" }
          return (
            strip(index, scale: 1),
            """
            <strong><bdi>\(group.words)</bdi></strong>: \(grouped(group.prototypes.count, "prototype")), then \
            \(grouped(group.criticisms.count, "criticism"))\(signs.isEmpty ? "" : " (\(signs.joined(separator: ", ")))")
            """
          )
        })
      let more = results.groups.count - shown.count
      let rest: HTML =
        more > 0
        ? "<p class=\"faint\">\(grouped(more, "more set")) in <code>pictures/</code>.</p>" : ""
      return ReportPage.Section(
        "grid", link: "Images", title: "Prototypes and criticisms",
        content: """
          <p>Each row: the prototypes of a set in the order chosen, then criticisms: images of whose kind the prototypes say
          too little, or too much (MMD-critic; Kim et al. 2016).</p>
          \(rows)\(rest)
          """)
    }
  }

  private var curveSection: ReportPage.Section {
    let plots = results.groups.filter { !$0.curve.isEmpty }.prefix(Self.mostShown).map {
      plot($0) as any DrawnPlot
    }
    return ReportPage.Section(
      "curves", link: "Curves", title: "Do they represent?",
      content: """
        <p>The squared discrepancy between all images of a set and its prototypes, beside random images of the same number.
        Prototypes that random images equal represent nothing that chance does not.</p>
        \(PlainPage.plates(Array(plots)))
        """)
  }

  private var numberSection: ReportPage.Section {
    var table = PageTable(
      "Sets", isSortable: true, isCards: true,
      columns: [
        .init("set"), .init("images", isNumber: true), .init("MMD\u{b2}", isNumber: true),
        .init("random", isNumber: true), .init("stayed with a random head", isNumber: true),
        .init("stayed on random weights", isNumber: true), .init("by chance", isNumber: true),
      ])
    for group in results.groups {
      func stayed(_ name: String) -> Double? {
        group.stayed.first { $0.network == name }?.jaccard
      }
      table.append(
        "<bdi>\(group.words)</bdi>",
        [
          .number(Double(group.images), digits: 0, label: "images"),
          .number(group.curve.last?.chosen, label: "MMD"),
          .number(group.curve.last?.random, label: "random"),
          .number(stayed("random-head"), digits: 2, label: "random head"),
          .number(stayed("random-network"), digits: 2, label: "random weights"),
          .number(group.stayed.first?.chance, digits: 2, label: "by chance"),
        ])
    }
    return ReportPage.Section(
      "numbers", link: "Numbers", title: "Every set",
      content: """
        <p>What stayed: prototypes that are chosen on random weights as well, divided by those chosen on either (Jaccard).</p>
        \(table.html)
        """)
  }
}

extension PrototypeGroup {
  /// The class, or all images.
  package var words: String { target?.words ?? "all images" }
}
