public import XAIExperiments
import XAIFiles
import XAIImages
import XAITensor

/// Everything that shows what excites classes and units: a page, a table, the pictures.
///
/// Equal results give equal bytes.
public struct VisualizationReport: FolderReport {
  private let results: VisualizationResults
  private let pictures: [VisualizationExperiment.Pictures]
  private let command: [String]

  /// Prepares a report.
  /// - Parameters:
  ///   - outcome: What was found.
  ///   - command: The command that made it, word by word.
  public init(_ outcome: VisualizationExperiment.Outcome, command: [String] = []) {
    (results, pictures, self.command) = (outcome.results, outcome.pictures, command)
  }

  /// Writes `index.html`, `results.json`, `results.csv` and `pictures/`.
  /// - Parameters:
  ///   - folder: The folder, which is created where it is missing.
  ///   - progress: Is told how much of the work is done, from 0 to 1; may throw to end it.
  /// - Throws: Where a file cannot be written, and what `progress` throws.
  public func write(to folder: String, progress: (Double) throws -> Void = { _ in }) throws {
    var names = FileNames()
    let files = zip(results.pictures, pictures).flatMap { record, pictures in
      [
        (names.name(for: record.name), pictures.trained),
        (names.name(for: "\(record.name)-random-weights"), pictures.random),
        (names.name(for: "\(record.name)-images"), PictureStrip(pictures.images).picture),
      ]
    }
    try ReportFiles(
      results: results, tables: [table], plots: [], pictures: files, page: try page()
    ).write(to: folder, progress: progress)
  }

  private var table: ReportFiles.Table {
    let field = ReportFiles.Table.field
    return ReportFiles.Table(
      "results",
      header: [
        "name", "start", "end", "fresh", "grain", "rank", "probability", "random_end",
        "random_fresh", "random_grain",
      ],
      rows: results.pictures.map { record in
        [
          CSV.field(record.name), "\(record.trained.start)", "\(record.trained.end)",
          "\(record.trained.fresh)", field(record.trained.grain), "\(record.rank)",
          field(record.probability), field(record.random?.end), field(record.random?.fresh),
          field(record.random?.grain),
        ]
      })
  }

  private func page() throws -> String {
    try PlainPage(
      title: "Pictures: \(results.networks.fileNames)",
      heading: "What excites it?",
      summary: """
        Pictures that excite \(results.pictures.map(\.name).joined(separator: ", ")) in \
        <bdi>\(results.networks.fileNames)</bdi>, held against \
        \(grouped(results.data.images, "test image")) of <bdi>\(results.data.name)</bdi>.
        """,
      notes: [
        "How sure a network is of such a picture is no evidence that a person recognizes anything in it."
      ] + results.notes, networks: results.networks, version: results.version, command: command
    ).text([try pictureSection, numberSection])
  }

  private var pictureSection: ReportPage.Section {
    get throws {
      let all = zip(results.pictures, pictures).map { record, pictures in
        (
          PictureStrip([pictures.trained, pictures.random] + pictures.images, scale: 2).picture,
          "<strong><bdi>\(record.name)</bdi></strong>" as HTML
        )
      }
      return ReportPage.Section(
        "pictures", link: "Pictures", title: "Pictures",
        content: """
          <p>Each row: the picture; the same from the same start on a network of random weights, whose structure is that of
          the method and the architecture alone; then the nine test images that excite it most, which say more than the
          picture does (Borowski et al. 2021).</p>
          \(try PlainPage.pictures(all))
          """)
    }
  }

  private var numberSection: ReportPage.Section {
    var table = PageTable(
      "Numbers", isCards: true,
      columns: [
        .init("picture"), .init("objective at the start", isNumber: true),
        .init("at the end", isNumber: true), .init("under fresh transformations", isNumber: true),
        .init("test images below", isNumber: true), .init("probability", isNumber: true),
        .init("fine grain", isNumber: true), .init("random weights: end", isNumber: true),
      ])
    for record in results.pictures {
      table.append(
        "<bdi>\(record.name)</bdi>",
        [
          .number(record.trained.start, digits: 2, label: "start"),
          .number(record.trained.end, digits: 2, label: "end"),
          .number(record.trained.fresh, digits: 2, label: "fresh"),
          .number(record.rank, label: "images below"),
          .number(record.probability, label: "probability"),
          .number(record.trained.grain, label: "fine grain"),
          .number(record.random?.end, digits: 2, label: "random weights"),
        ])
    }
    let quartiles = results.grainOfImages.map { fixedPoint($0, digits: 2) }
    return ReportPage.Section(
      "numbers", link: "Numbers", title: "Numbers",
      content: """
        \(table.html)
        <p class="faint">A picture that only works untransformed is an adversarial pattern. Fine grain is the share of energy
        above 0.25 cycles a pixel; of images its quartiles are \(quartiles.joined(separator: ", ")).</p>
        """)
  }
}
