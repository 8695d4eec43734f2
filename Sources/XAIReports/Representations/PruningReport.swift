public import XAIExperiments
import XAIFiles
import XAITensor

/// Everything that shows what is left when filters go: a page, accuracy against multiply-adds, tables.
///
/// Equal results give equal bytes, but for `speed.csv`, which is of a machine and a moment.
public struct PruningReport: FolderReport {
  private let results: PruningResults
  private let speeds: PruningExperiment.Speeds
  private let command: [String]

  /// Prepares a report.
  /// - Parameters:
  ///   - outcome: What was found.
  ///   - command: The command that made it, word by word.
  public init(_ outcome: PruningExperiment.Outcome, command: [String] = []) {
    (results, speeds, self.command) = (outcome.results, outcome.speeds, command)
  }

  /// Writes `index.html`, `results.json`, `results.csv`, `speed.csv` and `plots/`.
  /// - Parameters:
  ///   - folder: The folder, which is created where it is missing.
  ///   - progress: Is told how much of the work is done, from 0 to 1; may throw to end it.
  /// - Throws: Where a file cannot be written, and what `progress` throws.
  public func write(to folder: String, progress: (Double) throws -> Void = { _ in }) throws {
    try ReportFiles(
      results: results, tables: [table, speedTable], plots: [("accuracy", plot)],
      page: try page()
    ).write(to: folder, progress: progress)
  }

  private var rows: [(order: String, point: PrunedPoint)] {
    [("original", results.original)]
      + results.curves.flatMap { curve in curve.steps.map { (curve.order.name, $0) } }
  }

  private var table: ReportFiles.Table {
    let field = ReportFiles.Table.field
    return ReportFiles.Table(
      "results",
      header: [
        "order", "step", "removed", "parameters", "multiply_adds", "validation_top1", "lower",
        "upper", "validation_top5", "validation_loss", "test_top1", "test_lower", "test_upper",
        "test_top5", "maps", "p", "p_adjusted", "beats_random", "file",
      ] + results.layers.map(\.layer),
      rows: rows.map { order, point in
        let (own, test) = (point.validation, point.test)
        let numbers = [
          CSV.field(order), "\(point.step)", "\(point.removed)", "\(point.parameters)",
          "\(point.multiplyAdds)", field(own.top1), field(own.lower), field(own.upper),
          field(own.top5), field(own.loss), field(test?.top1), field(test?.lower),
          field(test?.upper), field(test?.top5), field(point.maps), field(point.p),
          field(point.adjustedP), point.beatsRandom.map { "\($0)" } ?? "",
          CSV.field(point.file ?? ""),
        ]
        return numbers + point.filters.map(String.init)
      })
  }

  private var speedTable: ReportFiles.Table {
    ReportFiles.Table(
      "speed", header: ["order", "step", "multiply_adds", "images_per_second"],
      rows: [["original", "0", "\(results.original.multiplyAdds)", "\(speeds.original)"]]
        + zip(results.curves, speeds.curves).flatMap { curve, own in
          zip(curve.steps, own).map { point, speed in
            [CSV.field(curve.order.name), "\(point.step)", "\(point.multiplyAdds)", "\(speed)"]
          }
        })
  }

  private var plot: PointCurvePlot {
    func place(_ point: PrunedPoint) -> (x: Double, y: Double) {
      (Double(point.multiplyAdds) / 1e6, point.validation.top1)
    }
    return PointCurvePlot(
      title: "Accuracy against multiply-adds",
      subtitle: ["What random orders leave is the floor; gray curves are controls."],
      xWords: "million multiply-adds of an image", yWords: "top-1 on validation images",
      curves: results.curves.map { curve in
        .init(
          name: curve.order.name, points: ([results.original] + curve.steps).map(place),
          isControl: curve.order.isControl)
      }, mark: (results.original.validation.top1, "the original network"))
  }

  // MARK: Page

  private func page() throws -> String {
    let filters = results.layers.reduce(0) { $0 + $1.filters }
    return try PlainPage(
      title: "Pruning: \(results.networks.fileNames)",
      heading: "Which filters does the network need?",
      summary: """
        \(grouped(filters, "filter")) of \(grouped(results.layers.count, "layer")) of \
        <bdi>\(results.networks.fileNames)</bdi> went in \
        \(grouped(results.curves.first?.steps.count ?? 0, "step")), by \
        \(grouped(results.curves.count, "order")); what was left was judged on \
        \(grouped(results.data.images, "validation image")) of <bdi>\(results.data.name)</bdi>.
        """, notes: results.notes, networks: results.networks, version: results.version,
      command: command
    ).text([curveSection, keptSection, stepSection])
  }

  private var curveSection: ReportPage.Section {
    let between: HTML =
      results.epochs > 0
      ? """
      After each step the network was trained for \(grouped(results.epochs, "epoch")) at a rate of \
      \(results.learningRate.map { "\($0)" } ?? "").
      """
      : results.recalibration > 0
        ? """
        Nothing was trained in between; batch norm was estimated again on \
        \(grouped(results.recalibration)) batches of training images.
        """ : "Nothing was changed in between."
    return ReportPage.Section(
      "accuracy", link: "Accuracy", title: "Accuracy against multiply-adds",
      content: """
        <ul>\(results.findings.map { "<li>\($0)</li>\n" as HTML })</ul>
        <p>In each step \(fixedPoint(100 * results.rate, digits: 1)) % of the original filters go, the least important of
        all layers together; each layer keeps \(fixedPoint(100 * results.floor, digits: 0)) %. Importance comes from
        \(grouped(results.images, "training image")) of each class. \(between) An order that does not beat chance has
        found nothing; one that looked at random weights knows nothing of what was learned.</p>
        \(PlainPage.plates([plot]))
        """)
  }

  private var keptSection: ReportPage.Section {
    var table = PageTable(
      "Networks", isCards: true,
      columns: [
        .init("order"), .init("filters gone", isNumber: true),
        .init("multiply-adds left", isNumber: true), .init("parameters left", isNumber: true),
        .init("validation top-1", isNumber: true), .init("test top-1", isNumber: true),
        .init("95 %"), .init("maps", isNumber: true), .init("checkpoint"),
      ])
    let first = results.original
    for (order, point) in rows where point.test != nil {
      func share(_ part: Int, _ whole: Int) -> Double { 100 * Double(part) / Double(max(whole, 1)) }
      table.append(
        "<bdi>\(order)</bdi>",
        [
          .number(Double(point.removed), digits: 0, label: "filters gone"),
          .number(
            share(point.multiplyAdds, first.multiplyAdds), digits: 1, label: "multiply-adds",
            followedBy: " %"),
          .number(
            share(point.parameters, first.parameters), digits: 1, label: "parameters",
            followedBy: " %"),
          .number(
            100 * point.validation.top1, digits: 1, label: "validation top-1", followedBy: " %"),
          .number(
            point.test.map { 100 * $0.top1 }, digits: 1, label: "test top-1", followedBy: " %"),
          .text("\(point.test.map(interval) ?? "")", label: "95 %"),
          .number(point.maps, digits: 2, label: "maps"),
          .text("<bdi>\(point.file ?? "")</bdi>", label: "checkpoint"),
        ])
    }
    return ReportPage.Section(
      "networks", link: "Networks", title: "Networks that were kept",
      content: """
        <p>Of each order the smallest network whose validation accuracy fell by at most
        \(fixedPoint(100 * results.tolerance, digits: 1)) points, where there is one, and the last. They are checkpoints
        like any other. Maps: the mean rank correlation of relevance maps (LRP, z+) with those of the original.</p>
        \(table.html)
        """)
  }

  private func interval(_ accuracy: PrunedAccuracy) -> String {
    "\(fixedPoint(100 * accuracy.lower, digits: 1)) to \(fixedPoint(100 * accuracy.upper, digits: 1)) %"
  }

  private var stepSection: ReportPage.Section {
    var table = PageTable(
      "Steps", isSortable: true, isCards: true,
      columns: [
        .init("order"), .init("filters gone", isNumber: true),
        .init("million multiply-adds", isNumber: true), .init("top-1", isNumber: true),
        .init("top-5", isNumber: true), .init("maps", isNumber: true),
        .init("p adjusted", isNumber: true), .init("beats chance"),
      ] + results.layers.map { .init("\($0.layer)", isNumber: true) })
    for (order, point) in rows {
      let verdict: HTML = point.beatsRandom.map { $0 ? "yes" : "no" } ?? ""
      table.append(
        "<bdi>\(order)</bdi>",
        [
          .number(Double(point.removed), digits: 0, label: "filters gone"),
          .number(Double(point.multiplyAdds) / 1e6, digits: 2, label: "million multiply-adds"),
          .number(point.validation.top1, label: "top-1"),
          .number(point.validation.top5, label: "top-5"),
          .number(point.maps, digits: 2, label: "maps"), .number(point.adjustedP, label: "p"),
          .text(verdict, label: "beats chance"),
        ]
          + zip(results.layers, point.filters).map {
            .number(Double($1), digits: 0, label: $0.layer)
          })
    }
    return ReportPage.Section(
      "steps", link: "Steps", title: "All steps",
      content: """
        <p>p is of McNemar's exact test against the best random order at the same step, adjusted over all orders and
        steps. Behind it stand the filters that each layer has left.</p>
        \(table.html)
        """)
  }
}
