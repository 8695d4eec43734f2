public import XAIExperiments
import XAIFiles
import XAIImages
import XAIPlots
import XAITensor

/// Everything that shows where maps say that objects are: a page, a chart, tables, the images' parts.
///
/// Equal results give equal bytes.
public struct SegmentReport: FolderReport {
  private let results: SegmentResults
  private let outcome: SegmentExperiment.Outcome
  private let command: [String]

  /// Prepares a report.
  /// - Parameters:
  ///   - outcome: What was found.
  ///   - command: The command that made it, word by word.
  public init(_ outcome: SegmentExperiment.Outcome, command: [String] = []) {
    (results, self.outcome, self.command) = (outcome.results, outcome, command)
  }

  /// Writes `index.html`, `results.json`, `results.csv`, `summary.csv`, `plots/` and `pictures/`.
  /// - Parameters:
  ///   - folder: The folder, which is created where it is missing.
  ///   - progress: Is told how much of the work is done, from 0 to 1; may throw to end it.
  /// - Throws: Where a file cannot be written, and what `progress` throws.
  public func write(to folder: String, progress: (Double) throws -> Void = { _ in }) throws {
    var names = FileNames()
    let isMeasured = results.summaries.contains { $0.boxIoU != nil }
    try ReportFiles(
      results: results, tables: [table, summaryTable],
      plots: isMeasured ? [("iou", plot)] : [],
      pictures: strips.map { (names.name(for: $0.name), $0.picture) }, page: try page()
    ).write(to: folder, progress: progress)
  }

  // MARK: Tables

  private var table: ReportFiles.Table {
    let field = ReportFiles.Table.field
    return ReportFiles.Table(
      "results",
      header: [
        "image", "method", "network", "x_min", "y_min", "x_max", "y_max", "area", "box_iou",
        "mask_iou", "stayed",
      ],
      rows: results.rows.map { row in
        [
          CSV.field(results.images[row.image].image.name), CSV.field(row.name), row.way.rawValue,
        ] + (0..<4).map { index in row.box.map { "\($0[index])" } ?? "" } + [
          "\(row.area)", field(row.boxIoU), field(row.maskIoU), field(row.stayed),
        ]
      })
  }

  private var summaryTable: ReportFiles.Table {
    let field = ReportFiles.Table.field
    return ReportFiles.Table(
      "summary",
      header: [
        "method", "network", "images", "box_iou", "box_error", "found", "mask_iou", "mask_error",
        "misses", "stayed",
      ],
      rows: results.summaries.map { row in
        [
          CSV.field(row.name), row.way.rawValue, "\(row.images)", field(row.boxIoU),
          field(row.boxError), field(row.found), field(row.maskIoU), field(row.maskError),
          "\(row.misses)", field(row.stayed),
        ]
      })
  }

  private var plot: Plot {
    func bars(
      _ name: String, _ look: String, _ value: (SegmentSummary) -> Double?,
      _ error: (SegmentSummary) -> Double?
    ) -> Plot.Series {
      let middle = results.summaries.map(value)
      func end(_ sign: Double) -> [Double?] {
        results.summaries.map { row in
          value(row).flatMap { value in error(row).map { value + sign * $0 } }
        }
      }
      return Plot.Series(
        name, kind: .bar, look: look, middle: middle, lower: end(-1), upper: end(1))
    }
    var series = [bars("boxes", "bar", \.boxIoU, \.boxError)]
    if results.summaries.contains(where: { $0.maskIoU != nil }) {
      series.append(bars("exact masks", "mean", \.maskIoU, \.maskError))
    }
    return Plot(
      title: "How well the cut fits the object",
      subtitle: ["Mean intersection over union; whiskers are a standard error."],
      labels: results.summaries.map(\.words), numberWords: "intersection over union",
      series: series, isHorizontal: true)
  }

  // MARK: Pictures

  /// Of each image: the image with its boxes, then for each method the map's part and that of a random head.
  private var strips: [(name: String, picture: RGBImage)] {
    results.images.indices.map { index in
      var start = PartPicture(outcome.pictures[index])
      for box in results.images[index].boxes ?? [] { start.outline(box, PartPicture.known) }
      let parts = outcome.parts.filter { results.rows[$0.row].image == index }.sorted {
        (order($0), $0.row) < (order($1), $1.row)
      }
      let pictures = parts.flatMap { part -> [RGBImage] in
        let row = results.rows[part.row]
        var cut = PartPicture(outcome.pictures[index], part: part.mask)
        for box in results.images[index].boxes ?? [] { cut.outline(box, PartPicture.known) }
        cut.outline(row.box, PartPicture.found)
        let map = Heatmap(
          part.map, height: outcome.pictures[index].height, width: outcome.pictures[index].width,
          sign: .all, scale: nil)
        let isSigned = part.map.contains { $0 < 0 }
        return [
          map.picture(in: isSigned ? .signed(.blueOrange) : .magnitude), cut.picture,
        ]
      }
      return (
        results.images[index].image.name,
        PictureStrip([start.picture] + pictures, columns: 1 + pictures.count, scale: 2).picture
      )
    }
  }

  private func order(_ part: SegmentExperiment.Part) -> Int {
    let name = results.rows[part.row].name
    return results.summaries.firstIndex { $0.name == name } ?? 0
  }

  // MARK: Page

  private func page() throws -> String {
    try PlainPage(
      title: "Segmentation: \(results.networks.fileNames)",
      heading: "Where is the object?",
      summary: """
        Graph cut of the maps of \(methods.joined(separator: ", ")) for \
        \(grouped(results.images.count, "image")) and <bdi>\(results.networks.fileNames)</bdi>.
        """,
      notes: [
        "A number means something only beside its reference rows: the whole image, a box in its middle, and the same cut of maps that look at no network."
      ] + results.notes, networks: results.networks, version: results.version, command: command
    ).text([summarySection, try pictureSection, rowSection])
  }

  private var methods: [String] {
    results.summaries.filter { $0.way == .method }.map(\.name)
  }

  private var summarySection: ReportPage.Section {
    var table = PageTable(
      "Methods and references", isSortable: true, isCards: true,
      columns: [
        .init("map"), .init("IoU of boxes", isNumber: true),
        .init("standard error", isNumber: true), .init("IoU at least 0.5", isNumber: true),
        .init("IoU of masks", isNumber: true), .init("nothing found", isNumber: true),
        .init("IoU with the trained network's part", isNumber: true),
      ])
    for way in SegmentWay.allCases {
      if way == .reference { table.appendRule("references, which look at no network") }
      for row in results.summaries where row.way == way {
        table.append(
          "<bdi>\(row.words)</bdi>",
          [
            .number(row.boxIoU, label: "boxes"), .number(row.boxError, label: "standard error"),
            .number(row.found, digits: 2, label: "at least 0.5"),
            .number(row.maskIoU, label: "masks"),
            .number(Double(row.misses), digits: 0, label: "nothing found"),
            .number(row.stayed, label: "stayed"),
          ])
      }
    }
    let charts: [any DrawnPlot] =
      results.summaries.contains { $0.boxIoU != nil } ? [plot] : []
    return ReportPage.Section(
      "summary", link: "Summary", title: "What fits",
      content: """
        <p>The \(fixedPoint(100 * results.cut.front, digits: 0)) % of pixels where a map is largest teach the colors of the
        object, the \(fixedPoint(100 * results.cut.background, digits: 0)) % where it is least those of the background; a
        minimum cut parts the pixels, and the largest part is the answer (Simonyan et al. 2013). An image without any part
        counts 0. A random dense head knows no class: what stays of the cut is the image's own structure.</p>
        \(PlainPage.plates(charts))
        \(table.html)
        """)
  }

  private var pictureSection: ReportPage.Section {
    get throws {
      let pictures = try PlainPage.pictures(
        zip(strips, results.images).map { strip, image in
          let truth = image.image.label.map { ", truth \($0.words)" } ?? ""
          return (
            strip.picture,
            """
            <bdi>\(image.image.name)</bdi>: \(image.image.predicted.words) \
            (\(fixedPoint(100 * image.image.probability, digits: 0)) %)\(truth)
            """
          )
        })
      let order = results.summaries.filter { $0.way == .method }.flatMap { summary in
        results.summaries.filter { $0.name == summary.name && $0.way != .reference }.map(\.words)
      }
      return ReportPage.Section(
        "pictures", link: "Images", title: "Images",
        content: """
          <p>Each row: the image with the known box (green); then a map and its part, with its box (orange), of
          \(order.joined(separator: ", ")).</p>
          \(pictures)
          """)
    }
  }

  private var rowSection: ReportPage.Section {
    var table = PageTable(
      "Every image", isSortable: true, isCards: true,
      columns: [
        .init("image"), .init("map"), .init("area", isNumber: true),
        .init("IoU of boxes", isNumber: true), .init("IoU of masks", isNumber: true),
        .init("stayed", isNumber: true),
      ])
    for row in results.rows where row.way != .reference {
      table.append(
        "<bdi>\(results.images[row.image].image.name)</bdi>",
        [
          .text("\(row.words)"), .number(row.area, digits: 2, label: "area"),
          .number(row.boxIoU, label: "boxes"), .number(row.maskIoU, label: "masks"),
          .number(row.stayed, label: "stayed"),
        ])
    }
    return ReportPage.Section(
      "images", link: "Numbers", title: "Every image", content: table.html)
  }
}

extension SegmentSummary {
  /// The method, and the network where it is not the trained one.
  package var words: String { way == .randomHead ? "\(name), random head" : name }
}

extension SegmentRow {
  var words: String { way == .randomHead ? "\(name), random head" : name }
}
