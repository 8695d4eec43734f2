public import XAIExperiments
import XAIFiles
import XAIImages
import XAITensor

/// Everything that shows suspicious training images: a page with a sortable table, tables, pictures.
///
/// Equal results give equal bytes.
public struct SuspectReport: FolderReport {
  private let results: SuspectResults
  private let outcome: SuspectExperiment.Outcome
  private let command: [String]

  /// Prepares a report.
  /// - Parameters:
  ///   - outcome: What was found.
  ///   - command: The command that made it, word by word.
  public init(_ outcome: SuspectExperiment.Outcome, command: [String] = []) {
    (results, self.outcome, self.command) = (outcome.results, outcome, command)
  }

  /// Writes `index.html`, `results.json`, `results.csv` of every image, `confusions.csv` and `pictures/`.
  /// - Parameters:
  ///   - folder: The folder, which is created where it is missing.
  ///   - progress: Is told how much of the work is done, from 0 to 1; may throw to end it.
  /// - Throws: Where a file cannot be written, and what `progress` throws.
  public func write(to folder: String, progress: (Double) throws -> Void = { _ in }) throws {
    try ReportFiles(
      results: results, tables: [table, confusionTable], plots: [],
      pictures: results.scores.indices.map {
        (results.scores[$0].kind.rawValue, PictureStrip(strip($0).map(\.1), columns: 12).picture)
      }, page: try page()
    ).write(to: folder, progress: progress)
  }

  private var table: ReportFiles.Table {
    ReportFiles.Table(
      "results",
      header: ["image", "index", "label", "predicted"]
        + results.scores.map { $0.kind.rawValue.replacing("-", with: "_") } + ["flipped"],
      rows: outcome.all.map { image in
        [
          CSV.field(image.name), "\(image.index)", CSV.field(image.label.words),
          CSV.field(image.predicted.words),
        ] + image.scores.map(ReportFiles.Table.field) + ["\(image.isFlipped)"]
      })
  }

  private var confusionTable: ReportFiles.Table {
    ReportFiles.Table(
      "confusions", header: ["label", "answer", "images"],
      rows: results.confusions.map {
        [CSV.field($0.label.words), CSV.field($0.answer.words), "\($0.images)"]
      })
  }

  /// Images that a strip shows.
  private static let shown = 24

  /// The most suspicious images by one score.
  private func strip(_ score: Int) -> [(SuspectImage, RGBImage)] {
    Array(
      zip(results.images, outcome.pictures).enumerated().sorted {
        (-($0.element.0.scores[score] ?? 0), $0.offset)
          < (-($1.element.0.scores[score] ?? 0), $1.offset)
      }.prefix(Self.shown).map(\.element))
  }

  private func page() throws -> String {
    try PlainPage(
      title: "Suspects: \(results.networks.fileNames)",
      heading: "Which training images are hard or mislabeled?",
      summary: """
        \(grouped(results.data.images, "training image")) of <bdi>\(results.data.name)</bdi>, ranked by \
        \(results.scores.map(\.kind.words).joined(separator: ", ")) for <bdi>\(results.networks.fileNames)</bdi>.
        """, notes: results.notes, networks: results.networks, version: results.version,
      command: command
    ).text([scoreSection, try pictureSection, imageSection, confusionSection])
  }

  private var scoreSection: ReportPage.Section {
    var table = PageTable(
      "Scores", isCards: true,
      columns: [
        .init("score"), .init("finds exchanged labels (AUC)", isNumber: true),
        .init("rank correlation with a random head", isNumber: true),
        .init("with random weights", isNumber: true),
      ])
    for score in results.scores {
      func stayed(_ name: String) -> Double? {
        score.stayed.first { $0.network == name }?.spearman
      }
      table.append(
        "\(score.kind.words)",
        [
          .number(score.areaUnderCurve, label: "AUC"),
          .number(stayed("random-head"), digits: 2, label: "random head"),
          .number(stayed("random-network"), digits: 2, label: "random weights"),
        ])
    }
    let how: HTML =
      results.selfInfluence == "ekfac"
      ? "<p class=\"faint\">The last layer has many weights: the curvature of self-influence is in factors (EK-FAC).</p>"
      : ""
    let flips: HTML =
      results.flipped == nil
      ? "<p class=\"faint\">No label was exchanged, so that nobody knows how many are found; --flip 0.05 tells.</p>"
      : ""
    return ReportPage.Section(
      "scores", link: "Scores", title: "What each score is worth",
      content: """
        <p>An AUC of 1 puts every exchanged label first, 0.5 is chance. A rank that stays on random weights is about
        pixels.</p>
        \(table.html)\(how)\(flips)
        """)
  }

  private var pictureSection: ReportPage.Section {
    get throws {
      let pictures = try PlainPage.pictures(
        results.scores.indices.map { index in
          let found = strip(index)
          let flipped = found.count { $0.0.isFlipped }
          let words: HTML =
            results.flipped == nil ? "" : ": \(flipped) of \(found.count) were exchanged"
          return (
            PictureStrip(found.map(\.1), columns: 12).picture,
            "<strong>\(results.scores[index].kind.words)</strong>\(words)"
          )
        })
      return ReportPage.Section(
        "pictures", link: "Images", title: "The most suspicious", content: pictures)
    }
  }

  private var imageSection: ReportPage.Section {
    var columns: [PageTable.Column] = [.init("image"), .init("label"), .init("predicted")]
    columns += results.scores.map { .init("\($0.kind.words)", isNumber: true) }
    if results.flipped != nil { columns.append(.init("exchanged")) }
    var table = PageTable("Suspects", isSortable: true, isCards: true, columns: columns)
    for image in results.images {
      var cells: [PageTable.Cell] = [
        .text("<bdi>\(image.label.words)</bdi>"), .text("<bdi>\(image.predicted.words)</bdi>"),
      ]
      for (score, value) in zip(results.scores, image.scores) {
        guard let value, value.isFinite else {
          cells.append(.text("", name: "number", sortedAs: ""))
          continue
        }
        cells.append(
          .text(
            "\(fixedOrScientific(value))", label: score.kind.words, name: "number",
            sortedAs: "\(value)"))
      }
      if results.flipped != nil { cells.append(.text(image.isFlipped ? "yes" : "")) }
      table.append("<bdi>\(image.name)</bdi>", cells)
    }
    return ReportPage.Section(
      "suspects", link: "Suspects", title: "All scores of these",
      content: """
        <p>Larger is more suspicious in every column; a click on a heading sorts.</p>
        \(table.html)
        <p class="faint">Every training image is in <code>results.csv</code>.</p>
        """)
  }

  private var confusionSection: ReportPage.Section {
    var table = PageTable(
      "Confusions", isSortable: true, isCards: true,
      columns: [.init("label"), .init("confident answer"), .init("images", isNumber: true)])
    for pair in results.confusions {
      table.append(
        "<bdi>\(pair.label.words)</bdi>",
        [
          .text("<bdi>\(pair.answer.words)</bdi>"),
          .number(Double(pair.images), digits: 0, label: "images"),
        ])
    }
    return ReportPage.Section(
      "confusions", link: "Confusions", title: "Classes that are confused with confidence",
      content: """
        <p>Images whose network says another class with at least the mean probability of that class over its own images
        (Northcutt et al. 2021).</p>
        \(table.html)
        """)
  }
}

extension SuspectKind {
  /// What people call it.
  package var words: String {
    switch self {
    case .selfInfluence: "self-influence"
    case .loss: "loss"
    case .margin: "margin"
    case .neighbors: "disagreement of neighbors"
    }
  }
}
