public import XAIExperiments
import XAIFiles
import XAIImages
import XAIPlots
import XAITensor

/// Everything that shows what units detect: a page, bars, tables, the units' images.
///
/// Equal results give equal bytes.
public struct DissectionReport: FolderReport {
  private let results: DissectionResults
  private let examples: [DissectionExperiment.Example]
  private let command: [String]

  /// Prepares a report.
  /// - Parameters:
  ///   - outcome: What was found.
  ///   - command: The command that made it, word by word.
  public init(_ outcome: DissectionExperiment.Outcome, command: [String] = []) {
    (results, examples, self.command) = (outcome.results, outcome.examples, command)
  }

  /// Writes `index.html`, `results.json`, `results.csv`, `layers.csv`, `plots/` and `pictures/`.
  /// - Parameters:
  ///   - folder: The folder, which is created where it is missing.
  ///   - progress: Is told how much of the work is done, from 0 to 1; may throw to end it.
  /// - Throws: Where a file cannot be written, and what `progress` throws.
  public func write(to folder: String, progress: (Double) throws -> Void = { _ in }) throws {
    var names = FileNames()
    try ReportFiles(
      results: results, tables: [unitTable, layerTable], plots: [("detectors", plot)],
      pictures: examples.map { example in
        let unit = results.units[example.unit]
        return (
          names.name(for: "\(unit.layer)-\(unit.unit)-\(unit.concept)"),
          PictureStrip(example.pictures).picture
        )
      }, page: try page()
    ).write(to: folder, progress: progress)
  }

  private var unitTable: ReportFiles.Table {
    let field = ReportFiles.Table.field
    return ReportFiles.Table(
      "results",
      header: [
        "layer", "unit", "concept", "category", "iou", "precision", "recall", "null_median",
        "null_upper", "p", "p_adjusted", "detector", "dead",
      ],
      rows: results.units.map { unit in
        [
          CSV.field(unit.layer), "\(unit.unit)", CSV.field(unit.concept), unit.category,
          field(unit.iou), field(unit.precision), field(unit.recall), "\(unit.nullMedian)",
          "\(unit.nullUpper)", "\(unit.p)", "\(unit.adjustedP)", "\(unit.isDetector)",
          "\(unit.isDead)",
        ]
      })
  }

  private var layerTable: ReportFiles.Table {
    let categories = results.concepts.map(\.name)
    return ReportFiles.Table(
      "layers",
      header: ["layer", "units", "detectors", "concepts", "dead"] + categories
        + ["rotated", "random_mean"],
      rows: results.layers.map { layer in
        [
          CSV.field(layer.layer), "\(layer.units)", "\(layer.detectors)", "\(layer.concepts)",
          "\(layer.dead)",
        ] + categories.map { "\(layer.categories[$0] ?? 0)" }
          + ["\(layer.rotated)", ReportFiles.Table.field(layer.randomMean)]
      })
  }

  /// The share of detectors of each layer, beside those of rotated axes and random weights.
  private var plot: Plot {
    func series(_ name: String, _ count: (DissectedLayer) -> Double?) -> Plot.Series {
      let shares = results.layers.map { layer in
        count(layer).map { $0 / Double(max(layer.units, 1)) }
      }
      let none = [Double?](repeating: nil, count: shares.count)
      return Plot.Series(name, kind: .bar, look: "bar", middle: shares, lower: none, upper: none)
    }
    return Plot(
      title: "How many units detect a concept",
      subtitle: [
        "Share of a layer's units; what rotated axes and random weights give is the floor."
      ],
      labels: results.layers.map(\.layer), numberWords: "share of the units that are detectors",
      series: [
        series("the network") { Double($0.detectors) },
        series("rotated axes") { Double($0.rotated) },
        series("random weights", \.randomMean),
      ], isHorizontal: true)
  }

  // MARK: Page

  private func page() throws -> String {
    try PlainPage(
      title: "Dissection: \(results.networks.fileNames)",
      heading: "What do units detect?",
      summary: """
        \(grouped(results.units.count, "unit")) of \(grouped(results.layers.count, "layer")) of \
        <bdi>\(results.networks.fileNames)</bdi> on \(grouped(results.data.images, "test image")) of \
        <bdi>\(results.data.name)</bdi>.
        """, notes: results.notes, networks: results.networks, version: results.version,
      command: command
    ).text([layerSection, try detectorSection, unitSection])
  }

  private var layerSection: ReportPage.Section {
    let categories = results.concepts.map(\.name)
    var table = PageTable(
      "Layers", isCards: true,
      columns: [.init("layer"), .init("units", isNumber: true), .init("detectors", isNumber: true)]
        + categories.map { .init("\($0)", isNumber: true) }
        + [
          .init("different concepts", isNumber: true), .init("dead", isNumber: true),
          .init("rotated axes", isNumber: true), .init("random weights", isNumber: true),
        ])
    for layer in results.layers {
      func number(_ value: Int, _ label: String) -> PageTable.Cell {
        .number(Double(value), digits: 0, label: label)
      }
      table.append(
        "<bdi>\(layer.layer)</bdi>",
        [number(layer.units, "units"), number(layer.detectors, "detectors")]
          + categories.map { number(layer.categories[$0] ?? 0, $0) }
          + [
            number(layer.concepts, "concepts"), number(layer.dead, "dead"),
            number(layer.rotated, "rotated"),
            .number(layer.randomMean, digits: 1, label: "random weights"),
          ])
    }
    return ReportPage.Section(
      "layers", link: "Layers", title: "Layers",
      content: """
        <p>A unit is active where its map, enlarged to the image, exceeds the value that it exceeds at
        \(fixedPoint(100 * results.quantile, digits: 1)) % of all positions. It detects a concept where intersection over
        union is above \(fixedPoint(results.iou, digits: 2)) and above what masks of other images give
        (\(grouped(results.permutations, "permutation")), adjusted over the layer). The counts are read against
        those of rotated axes and random weights: detectors that these have too are no knowledge.</p>
        \(PlainPage.plates([plot]))
        \(table.html)
        """)
  }

  private var detectorSection: ReportPage.Section {
    get throws {
      let pictures = try PlainPage.pictures(
        examples.map { example in
          let unit = results.units[example.unit]
          let words: HTML = """
            <bdi>\(unit.layer)</bdi>, unit \(unit.unit): <strong><bdi>\(unit.concept)</bdi></strong>, IoU \
            \(fixedPoint(unit.iou ?? 0, digits: 2)) (of moved masks \(fixedPoint(unit.nullUpper, digits: 2)))
            """
          return (PictureStrip(example.pictures).picture, words)
        })
      return ReportPage.Section(
        "detectors", link: "Detectors", title: "The best detectors",
        content: """
          <p>The images that excite each of them most, dark where it is not active.</p>
          \(pictures)
          """)
    }
  }

  private var unitSection: ReportPage.Section {
    var table = PageTable(
      "Detectors", isSortable: true, isCards: true,
      columns: [
        .init("unit"), .init("concept"), .init("category"), .init("IoU", isNumber: true),
        .init("precision", isNumber: true), .init("recall", isNumber: true),
        .init("moved masks, 95 %", isNumber: true), .init("p adjusted", isNumber: true),
      ])
    for unit in results.units where unit.isDetector {
      table.append(
        "<bdi>\(unit.layer):\(unit.unit)</bdi>",
        [
          .text("<bdi>\(unit.concept)</bdi>"), .text("\(unit.category)"),
          .number(unit.iou, label: "IoU"), .number(unit.precision, label: "precision"),
          .number(unit.recall, label: "recall"), .number(unit.nullUpper, label: "moved masks"),
          .number(unit.adjustedP, label: "p"),
        ])
    }
    return ReportPage.Section(
      "units", link: "Units", title: "All detectors",
      content: """
        \(table.html)
        <p class="faint">All units are in <code>results.csv</code>.</p>
        """)
  }
}

extension DissectedLayer {
  /// The mean number of detectors of random weights; nil without any.
  package var randomMean: Double? {
    random.isEmpty ? nil : Double(random.reduce(0, +)) / Double(random.count)
  }
}
