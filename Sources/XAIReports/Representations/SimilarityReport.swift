public import XAIExperiments
import XAIFiles
import XAIPlots
import XAITensor

/// Everything that shows how similar layers are: a page, heat maps, a table.
///
/// Equal results give equal bytes.
public struct SimilarityReport: FolderReport {
  private let results: SimilarityResults
  private let command: [String]

  /// Prepares a report.
  /// - Parameters:
  ///   - results: What was found.
  ///   - command: The command that made it, word by word.
  public init(_ results: SimilarityResults, command: [String] = []) {
    (self.results, self.command) = (results, command)
  }

  /// Writes `index.html`, `results.json`, `results.csv` and `plots/`.
  /// - Parameters:
  ///   - folder: The folder, which is created where it is missing.
  ///   - progress: Is told how much of the work is done, from 0 to 1; may throw to end it.
  /// - Throws: Where a file cannot be written, and what `progress` throws.
  public func write(to folder: String, progress: (Double) throws -> Void = { _ in }) throws {
    try ReportFiles(
      results: results, tables: [table],
      plots: results.matrices.map { ($0.fileName, plot($0)) }, page: try page()
    ).write(to: folder, progress: progress)
  }

  /// A row for each pair of layers of each matrix.
  private var table: ReportFiles.Table {
    let rows = results.matrices.flatMap { matrix in
      results.rows.enumerated().flatMap { row, first in
        columns(matrix).enumerated().map { column, second in
          func number(_ values: [[Double?]]?) -> String {
            ReportFiles.Table.field(values?[row][column])
          }
          return [
            matrix.measure.rawValue, matrix.comparison.rawValue, CSV.field(first),
            CSV.field(second), number(matrix.values), number(matrix.errors),
            number(matrix.biased), number(matrix.weighted),
          ]
        }
      }
    }
    return ReportFiles.Table(
      "results",
      header: [
        "measure", "comparison", "row", "column", "value", "standard_error", "biased", "weighted",
      ], rows: rows)
  }

  /// What a matrix's columns are: a network of random weights has the layers of the first.
  private func columns(_ matrix: SimilarityMatrix) -> [String] {
    matrix.comparison == .randomized ? results.rows : results.columns
  }

  /// The heat map of a matrix.
  func plot(_ matrix: SimilarityMatrix) -> MatrixPlot {
    let isPair = results.networks.count > 1
    var plot = MatrixPlot(
      title: matrix.measure.title, rows: results.rows, columns: columns(matrix),
      values: matrix.values)
    plot.subtitle = [matrix.comparison.words(isPair: isPair)]
    plot.rowWords = isPair ? "layers of A" : "layers"
    plot.columnWords =
      switch matrix.comparison {
      case .networks: isPair ? "layers of B" : "layers"
      case .permuted: isPair ? "layers of B, other images" : "layers, other images"
      case .randomized: "layers of random weights"
      }
    return plot
  }

  private func page() throws -> String {
    let isPair = results.networks.count > 1
    return try PlainPage(
      title: "Similarity: \(results.networks.fileNames)",
      heading: isPair
        ? "Have two networks learned the same?" : "Which layers see the same?",
      summary: """
        Similarity of the layers of <bdi>\(results.networks.fileNames)</bdi> on \
        \(grouped(results.data.images, "image")) of <bdi>\(results.data.name)</bdi>.
        """, notes: results.notes, networks: results.networks, version: results.version,
      command: command
    ).text(
      measures.map { measure in
        ReportPage.Section(
          measure.rawValue, link: measure.title, title: measure.title,
          content: """
            <p>\(measure.explanation)</p>
            \(PlainPage.plates(results.matrices.filter { $0.measure == measure }.map(plot)))
            \(pairs(measure).html)
            """)
      })
  }

  private var measures: [SimilarityMatrix.Measure] {
    SimilarityMatrix.Measure.allCases.filter { results.matrix($0, .networks) != nil }
  }

  /// Layers with their namesakes of the other network, or with the next layer of the same one.
  private func pairs(_ measure: SimilarityMatrix.Measure) -> PageTable {
    let isPair = results.networks.count > 1
    var table = PageTable(
      "Similarity of layers",
      caption: isPair
        ? "Each layer and its namesake of the other network, with what chance gives."
        : "Each layer and the next one, with what chance gives.", isCards: true,
      columns: [
        .init("layers"), .init("similarity", isNumber: true),
        .init("standard error", isNumber: true), .init("images permuted", isNumber: true),
        .init("random weights", isNumber: true),
      ])
    for pair in results.namedPairs {
      func value(_ comparison: SimilarityMatrix.Comparison) -> Double? {
        guard let matrix = results.matrix(measure, comparison) else { return nil }
        // Random weights stand for the first network's architecture.
        let column = comparison == .randomized && isPair ? pair.row : pair.column
        return matrix.values[pair.row][column]
      }
      table.append(
        "<bdi>\(pair.words)</bdi>",
        [
          .number(value(.networks), label: "similarity"),
          .number(
            results.matrix(measure, .networks)?.errors?[pair.row][pair.column],
            label: "standard error"),
          .number(value(.permuted), label: "permuted"),
          .number(value(.randomized), label: "random weights"),
        ])
    }
    return table
  }
}

extension SimilarityResults {
  /// The pairs of layers that are read first: namesakes of two networks, neighbors of one.
  package var namedPairs: [(row: Int, column: Int, words: String)] {
    if networks.count > 1 {
      return rows.enumerated().compactMap { row, name in
        columns.firstIndex(of: name).map { (row, $0, name) }
      }
    }
    return rows.indices.dropLast().map { ($0, $0 + 1, "\(rows[$0]) and \(rows[$0 + 1])") }
  }
}

extension SimilarityMatrix {
  var fileName: String {
    comparison == .networks ? measure.rawValue : "\(measure.rawValue)-\(comparison.rawValue)"
  }
}

extension SimilarityMatrix.Measure {
  var title: String {
    switch self {
    case .cka: "Linear CKA"
    case .ckaRBF: "CKA with a radial kernel"
    case .svcca: "SVCCA"
    }
  }

  var explanation: HTML {
    switch self {
    case .cka:
      """
      Centered kernel alignment (Kornblith et al. 2019), unbiased, over batches: 1 where the products of images with
      images are the same up to a factor, about 0 for unrelated layers. It is never clamped, so that it may be slightly
      negative. What random weights give, the architecture gives without any training.
      """
    case .ckaRBF:
      """
      The same with a kernel of half the median distance of a batch: what is near counts, what is far does not.
      """
    case .svcca:
      """
      The mean of the canonical correlations of the directions that hold 99 % of the variance (Raghu et al. 2017). Where
      samples are few, unrelated layers correlate too: read it against the permuted images.
      """
    }
  }
}

extension SimilarityMatrix.Comparison {
  func words(isPair: Bool) -> String {
    switch self {
    case .networks: isPair ? "A and B, the same images" : "the network and itself"
    case .permuted: "images of one side in another order: what unrelated layers give"
    case .randomized: isPair ? "A and random weights" : "the network and random weights"
    }
  }
}
