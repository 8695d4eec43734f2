public import XAIExperiments
import XAIFiles
import XAIImages
import XAIPlots
import XAITensor

/// Everything that shows which training images matter: a page with helpful and harmful rows, scatter plots, tables.
///
/// Equal results give equal bytes.
public struct InfluenceReport: FolderReport {
  private let results: InfluenceResults
  private let pictures: [InfluenceExperiment.Pictures]
  private let command: [String]

  /// Prepares a report.
  /// - Parameters:
  ///   - outcome: What was found.
  ///   - command: The command that made it, word by word.
  public init(_ outcome: InfluenceExperiment.Outcome, command: [String] = []) {
    (results, pictures, self.command) = (outcome.results, outcome.pictures, command)
  }

  /// Writes `index.html`, `results.json`, `results.csv`, `check.csv`, `plots/` and `pictures/`.
  /// - Parameters:
  ///   - folder: The folder, which is created where it is missing.
  ///   - progress: Is told how much of the work is done, from 0 to 1; may throw to end it.
  /// - Throws: Where a file cannot be written, and what `progress` throws.
  public func write(to folder: String, progress: (Double) throws -> Void = { _ in }) throws {
    var (plotNames, names) = (FileNames(), FileNames())
    try ReportFiles(
      results: results, tables: [table, checkTable],
      plots: results.images.compactMap { image in
        scatter(image).map { (plotNames.name(for: image.image.name), $0 as any DrawnPlot) }
      },
      pictures: results.images.indices.flatMap { index in
        rows(index).map {
          (names.name(for: "\(results.images[index].image.name)-\($0.name)"), $0.picture)
        }
      }, page: try page()
    ).write(to: folder, progress: progress)
  }

  // MARK: Tables

  private var table: ReportFiles.Table {
    let field = ReportFiles.Table.field
    return ReportFiles.Table(
      "results",
      header: [
        "image", "method", "role", "rank", "training_image", "index", "label", "predicted", "value",
        "percentile", "newton", "real", "duplicates", "rare",
      ],
      rows: results.images.flatMap { image in
        image.lists.flatMap { list in
          [
            (list.method == .neighbors ? "near" : "helpful", list.helpful),
            ("harmful", list.harmful),
          ]
          .flatMap { role, picks in
            picks.enumerated().map { rank, pick in
              [
                CSV.field(image.image.name), list.method.rawValue, role, "\(rank + 1)",
                CSV.field(pick.name), "\(pick.index)", CSV.field(pick.label.words),
                CSV.field(pick.predicted.words), "\(pick.value)", field(pick.percentile),
                field(pick.newton), field(pick.real), "\(pick.duplicates.count)",
                "\(pick.isRare)",
              ]
            }
          }
        }
      })
  }

  private var checkTable: ReportFiles.Table {
    ReportFiles.Table(
      "check", header: ["image", "training_image", "index", "role", "first", "newton", "real"],
      rows: results.images.flatMap { image in
        (image.check?.points ?? []).map { point in
          [
            CSV.field(image.image.name), CSV.field(point.name), "\(point.index)", point.role,
            "\(point.first)", "\(point.newton)", "\(point.real)",
          ]
        }
      })
  }

  /// What was foretold beside what leaving out really did.
  private func scatter(_ image: InfluenceImage) -> ScatterPlot? {
    guard let points = image.check?.points, !points.isEmpty else { return nil }
    var plot = ScatterPlot(
      title: image.image.name, xWords: "rise of the loss, foretold",
      yWords: "rise of the loss, really left out",
      series: [
        .init("first order", points.map { ($0.first, $0.real) }),
        .init("one Newton step", points.map { ($0.newton, $0.real) }),
      ])
    plot.subtitle = ["Each point is a training image; on the dashed line both are equal."]
    return plot
  }

  // MARK: Pictures

  /// The image and the training images of every list, helpful and harmful ones apart.
  private func rows(_ index: Int) -> [(name: String, picture: RGBImage, words: HTML)] {
    let (record, own) = (results.images[index], pictures[index])
    return record.lists.indices.flatMap {
      list -> [(name: String, picture: RGBImage, words: HTML)] in
      let (method, found) = (record.lists[list].method, record.lists[list])
      func row(
        _ role: String, _ images: [RGBImage], _ picks: [InfluencePick]
      ) -> (name: String, picture: RGBImage, words: HTML)? {
        guard !images.isEmpty else { return nil }
        let same = picks.count { $0.label == record.target }
        let groups = picks.filter { !$0.duplicates.isEmpty }
        let note = groups.isEmpty ? "" : "; \(grouped(groups.count)) with duplicates"
        return (
          "\(method.rawValue)-\(role)",
          PictureStrip([own.image] + images, columns: images.count + 1).picture,
          """
          <strong>\(method.words), \(role)</strong>: \(same) of \(picks.count) are of the class asked about\(note)
          """
        )
      }
      return [
        row(method == .neighbors ? "nearest" : "helpful", own.helpful[list], found.helpful),
        row("harmful", own.harmful[list], found.harmful),
      ].compactMap(\.self)
    }
  }

  // MARK: Page

  private func page() throws -> String {
    let checked = results.head?.isChecked == true
    let promise =
      results.head == nil
      ? "Neighbors are near, which does not mean that they matter."
      : checked
        ? "Influences of the last layer were checked: training images were really left out and the layer fitted again."
        : "Influences of the last layer are one Newton step; nothing was really left out, which --check does."
    return try PlainPage(
      title: "Influence: \(results.networks.fileNames)",
      heading: "Which training images made it so?",
      summary: """
        \(grouped(results.images.count, "image")) and \(grouped(results.data.images, "training image")) of \
        <bdi>\(results.data.name)</bdi>, by <bdi>\(results.layer)</bdi> of <bdi>\(results.networks.fileNames)</bdi>.
        """, notes: [promise] + results.notes, networks: results.networks,
      version: results.version, command: command
    ).text(
      try results.images.indices.map { try section($0) }
        + [checkSection, stayedSection].compactMap(\.self))
  }

  private func section(_ index: Int) throws -> ReportPage.Section {
    let image = results.images[index]
    var table = PageTable(
      "Training images", isSortable: true, isCards: true,
      columns: [
        .init("training image"), .init("list"), .init("class"), .init("predicted"),
        .init("value", isNumber: true), .init("Newton step", isNumber: true),
        .init("really left out", isNumber: true), .init("duplicates", isNumber: true),
      ])
    for list in image.lists {
      for (role, picks) in [
        (list.method == .neighbors ? "nearest" : "helpful", list.helpful),
        ("harmful", list.harmful),
      ] {
        for pick in picks {
          table.append(
            "<bdi>\(pick.name)</bdi>",
            [
              .text("\(list.method.words), \(role)"),
              .text("<bdi>\(pick.label.words)</bdi>\(pick.isRare ? " (few images)" : "")"),
              .text("<bdi>\(pick.predicted.words)</bdi>"), small(pick.value, "value"),
              small(pick.newton, "Newton step"), small(pick.real, "really left out"),
              .number(Double(pick.duplicates.count), digits: 0, label: "duplicates"),
            ])
        }
      }
    }
    let same: HTML = image.same.map { " It is the training image <bdi>\($0)</bdi>." } ?? ""
    let loss: HTML =
      image.loss.map { " Its loss under the fitted last layer is \(fixedPoint($0, digits: 3))." }
      ?? ""
    return ReportPage.Section(
      "image-\(index + 1)", link: image.image.name, title: image.image.name,
      content: """
        <p>Predicted <bdi>\(image.image.predicted.words)</bdi>
        (\(fixedPoint(100 * image.image.probability, digits: 0)) %), asked about
        <bdi>\(image.target.words)</bdi>\(image.isTrue ? ", its true class" : ", the predicted class").\(loss)\(same)
        Each row begins with the image itself. Helpful: without them the loss would be larger; harmful: smaller.</p>
        \(try PlainPage.pictures(rows(index).map { ($0.picture, $0.words) }))
        <details><summary>All numbers</summary>
        \(table.html)
        <p class="faint">Of neighbors the value is the cosine distance of features, of the others the rise of the loss
        without the image (tracin: a product of gradients, without unit).</p></details>
        """)
  }

  private func small(_ value: Double?, _ label: String) -> PageTable.Cell {
    guard let value, value.isFinite else { return .text("", name: "number", sortedAs: "") }
    return .text(
      "\(fixedOrScientific(value))", label: label, name: "number", sortedAs: "\(value)")
  }

  private var checkSection: ReportPage.Section? {
    guard results.head?.isChecked == true else { return nil }
    var table = PageTable(
      "Agreement", isSortable: true, isCards: true,
      columns: [
        .init("image"), .init("method"), .init("Pearson", isNumber: true),
        .init("Spearman", isNumber: true),
      ])
    for image in results.images {
      for list in image.lists {
        guard let agreement = list.agreement else { continue }
        table.append(
          "<bdi>\(image.image.name)</bdi>",
          [
            .text("\(list.method.words)"), .number(agreement.pearson, label: "Pearson"),
            .number(agreement.spearman, label: "Spearman"),
          ])
      }
    }
    return ReportPage.Section(
      "check", link: "Check", title: "Foretold and real",
      content: """
        <p>The last layer was fitted again without each of the most helpful, the most harmful and some random images. First
        order is known to tell the largest effects too small; a Newton step comes closer.</p>
        \(PlainPage.plates(results.images.compactMap { scatter($0) }))
        \(table.html)
        """)
  }

  private var stayedSection: ReportPage.Section? {
    var table = PageTable(
      "What stayed", isSortable: true, isCards: true,
      columns: [
        .init("image"), .init("method"), .init("random head", isNumber: true),
        .init("random weights", isNumber: true),
      ])
    for image in results.images {
      for list in image.lists where !list.stayed.isEmpty {
        func stayed(_ name: String) -> Double? {
          list.stayed.first { $0.network == name }?.jaccard
        }
        table.append(
          "<bdi>\(image.image.name)</bdi>",
          [
            .text("\(list.method.words)"),
            .number(stayed("random-head"), digits: 2, label: "random head"),
            .number(stayed("random-network"), digits: 2, label: "random weights"),
          ])
      }
    }
    return ReportPage.Section(
      "stayed", link: "What stayed", title: "Is it about the network?",
      content: """
        <p>The same question to networks of random weights: images in both lists, divided by images in either. A list that
        stays is about pixels.</p>
        \(table.html)
        """)
  }
}

extension InfluenceMethod {
  /// What people call it.
  package var words: String {
    switch self {
    case .neighbors: "neighbors"
    case .head: "leaving out of the last layer"
    case .tracin: "products of gradients (TracIn)"
    case .ekfac: "curvature in factors (EK-FAC)"
    }
  }
}
