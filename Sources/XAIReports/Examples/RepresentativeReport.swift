public import XAIExperiments
import XAIFiles
import XAIImages
import XAIPlots
import XAITensor

/// Everything that shows a few images that cover what all rely on: a page, a chart, tables, the pictures.
///
/// Equal results give equal bytes.
public struct RepresentativeReport: FolderReport {
  private let results: RepresentativeResults
  private let pictures: [RGBImage]
  private let command: [String]

  /// Prepares a report.
  /// - Parameters:
  ///   - outcome: What was found.
  ///   - command: The command that made it, word by word.
  public init(_ outcome: RepresentativeExperiment.Outcome, command: [String] = []) {
    (results, pictures, self.command) = (outcome.results, outcome.pictures, command)
  }

  /// Writes `index.html`, `results.json`, `results.csv`, `curve.csv`, `plots/` and `pictures/`.
  /// - Parameters:
  ///   - folder: The folder, which is created where it is missing.
  ///   - progress: Is told how much of the work is done, from 0 to 1; may throw to end it.
  /// - Throws: Where a file cannot be written, and what `progress` throws.
  public func write(to folder: String, progress: (Double) throws -> Void = { _ in }) throws {
    try ReportFiles(
      results: results, tables: [table, curveTable], plots: [("coverage", plot)],
      pictures: [("picks", PictureStrip(pictures, columns: 10).picture)], page: try page()
    ).write(to: folder, progress: progress)
  }

  private var table: ReportFiles.Table {
    ReportFiles.Table(
      "results", header: ["rank", "image", "index", "label", "predicted", "fresh", "largest"],
      rows: results.picks.enumerated().map { rank, pick in
        [
          "\(rank + 1)", CSV.field(pick.name), "\(pick.index)",
          CSV.field(pick.label?.words ?? ""), CSV.field(pick.predicted.words), "\(pick.fresh)",
          CSV.field(pick.largest.map { "\($0)" }.joined(separator: " ")),
        ]
      })
  }

  private var curveTable: ReportFiles.Table {
    ReportFiles.Table(
      "curve", header: ["picks", "covered", "random_mean", "random_least", "random_most"],
      rows: results.curve.map {
        ["\($0.count)", "\($0.covered)", "\($0.random)", "\($0.range[0])", "\($0.range[1])"]
      })
  }

  private var plot: Plot {
    let none = [Double?](repeating: nil, count: results.curve.count)
    var plot = Plot(
      title: "What a few explanations cover",
      subtitle: ["Share of the importance of all columns."],
      labels: results.curve.map { "\($0.count)" }, labelWords: "images",
      numberWords: "importance covered",
      series: [
        Plot.Series(
          "picks", look: "mean", middle: results.curve.map(\.covered), lower: none, upper: none),
        Plot.Series(
          "random images, least to greatest", look: "control",
          middle: results.curve.map(\.random), lower: results.curve.map { $0.range[0] },
          upper: results.curve.map { $0.range[1] }),
      ])
    plot.isNarrow = true
    return plot
  }

  private func page() throws -> String {
    try PlainPage(
      title: "Representatives: \(results.networks.fileNames)",
      heading: "Which few explanations show everything?",
      summary: """
        \(grouped(results.picks.count, "image")) of \(grouped(results.data.images)) of <bdi>\(results.data.name)</bdi>, whose
        explanations cover the most important of \(grouped(results.usedColumns, "used channel")) of
        <bdi>\(results.layer)</bdi> of <bdi>\(results.networks.fileNames)</bdi>.
        """,
      notes: [
        "The picks cover what explanations use, within 1 - 1/e of the best choice; that a channel is used does not say what it means."
      ] + results.notes, networks: results.networks, version: results.version, command: command
    ).text([try pictureSection, curveSection])
  }

  private var pictureSection: ReportPage.Section {
    get throws {
      let all = zip(results.picks, pictures).enumerated().map { rank, pair in
        (
          PictureStrip([pair.1], scale: 2).picture,
          """
          \(rank + 1). <bdi>\(pair.0.predicted.words)</bdi>\(pair.0.label == pair.0.predicted ? "" : ", truth \(pair.0.label?.words ?? "unknown")"):
          \(grouped(pair.0.fresh, "new channel")), strongest \(pair.0.largest.map { "\($0)" }.joined(separator: ", "))
          """ as HTML
        )
      }
      return ReportPage.Section(
        "picks", link: "Images", title: "The images",
        content: """
          <p>Picked greedily (SP-LIME; Ribeiro et al. 2016): each adds the most important channels that no pick before it
          used. An entry below \(fixedPoint(100 * results.floor, digits: 0)) % of an image's largest counts as none.</p>
          \(try PlainPage.pictures(all))
          """)
    }
  }

  private var curveSection: ReportPage.Section {
    let stayed = results.stayed.map { one -> HTML in
      """
      <li>\(one.network == "random-head" ? "random dense head" : "random weights"): \
      \(fixedPoint(one.jaccard, digits: 2)) in common, by chance \(fixedPoint(one.chance, digits: 2))</li>

      """
    }
    return ReportPage.Section(
      "coverage", link: "Coverage", title: "Against random images, and random weights",
      content: """
        \(PlainPage.plates([plot]))
        <p>The picks of networks of random weights (Jaccard); picks that stay are about pixels:</p>
        <ul>\(stayed)</ul>
        """)
  }
}
