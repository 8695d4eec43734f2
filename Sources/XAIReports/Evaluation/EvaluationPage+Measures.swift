import XAIEvaluation
import XAIExperiments
import XAIPlots
import XAITensor

/// What the numbers mean.
extension EvaluationReport {
  /// What each column means, its direction, its null, and on how many images it stands.
  var measureSection: ReportPage.Section {
    let families = MeasureColumn.Family.allCases.compactMap { family -> HTML? in
      let measures = results.measures.filter { $0.family == family }
      guard !measures.isEmpty else { return nil }
      return """
        <h3>\(family.question)</h3>
        \(Self.words(of: family))<details><summary>\(counted(measures.count, "column").firstUppercased)</summary>
        \(table(family.rawValue, measures).html)</details>

        """
    }
    let headlines = results.measures.filter(\.isHeadline)
    let first: HTML =
      headlines.isEmpty ? "" : "<h3>The headlines</h3>\n\(table("the headlines", headlines).html)"
    return ReportPage.Section(
      "measures", link: "Measures", title: "What each column means",
      content: """
        <p>Every number is measured on each image first; a cell is the mean over images with the interval of
        Student's t, or the median with an interval of order statistics where tails are heavy. The null is what a map
        without information gets. A number that is undefined on more than half of the images is not shown, and does
        not enter ranks. \(totalWords)</p>
        \(first)
        \(families)
        """)
  }

  private var totalWords: HTML {
    guard let total = results.total else {
      return "No total score is given: weights are opinions."
    }
    let weights = total.weights.map { "\($0.measure): \(SVG.number($0.weight))" }
    return """
      The total is an opinion, by the weights that were given (<bdi>\(weights.joined(separator: ", "))</bdi>): the
      weighted mean of the share of the other methods that rank behind.
      """
  }

  private func table(_ name: String, _ measures: [EvaluatedMeasure]) -> PageTable {
    var table = PageTable(
      "Measures: \(name)", isCards: true,
      columns: [
        .init("measure"), .init("direction"), .init("null", isNumber: true), .init("over images"),
        .init("defined on", isNumber: true), .init("meaning"),
      ])
    for measure in measures {
      let mark: HTML = measure.isHeadline ? " <strong>(headline)</strong>" : ""
      table.append(
        "<bdi>\(measure.longTitle)</bdi>\(mark)<br><code>\(measure.identifier)</code>",
        [
          .text("\(measure.directionWords)"),
          .text(
            measure.null.map { "\(measured($0))" } ?? "<span class=\"faint\">depends</span>",
            label: "null", name: "number"),
          .text("\(measure.statistic.rawValue)", label: "over images"),
          .text("\(extent(of: measure))", label: "defined on", name: "number"),
          .text("<bdi>\(measure.summary.firstUppercased)</bdi>"),
        ])
    }
    return table
  }

  /// On how many images methods have a number.
  private func extent(of measure: EvaluatedMeasure) -> String {
    let counts = results.methods.filter { $0.kind != .control }.map {
      index[$0.identifier, measure.identifier]?.count ?? 0
    }
    let all = counted(results.images.count, "image")
    guard let least = counts.min(), let most = counts.max() else { return "0 of \(all)" }
    return least == most ? "\(most) of \(all)" : "\(least) to \(most) of \(all)"
  }

  private static func words(of family: MeasureColumn.Family) -> HTML {
    switch family {
    case .faithfulness:
      """
      <p>Pixels are replaced by a baseline, and the network is asked again. <strong>Share of the possible</strong>
      places the gain (insertion less deletion area) of a map's order of cells between that of a random order, 0, and
      that of the best of all orders, 1; the best order reversed has -1. On a single image a random order has a
      standard deviation of about 0.3. Correlations and infidelity assume that relevances add up to differences of
      the logit, which slopes and amounts do not. Logit and probability can disagree, and so can baselines: no single
      one is the truth.</p>

      """
    case .localization:
      """
      <p>Localization judges network and method together: a faithful map of a network that looks at the grass is not
      worse than one that shows the cow.</p>

      """
    case .robustness:
      """
      <p>The same disturbed images for all methods. A sample gives a lower bound of the greatest change, and a map
      that is the same for every image is perfectly robust: never choose by this alone.</p>

      """
    case .complexity:
      "<p>These describe: a single bright pixel is simplest of all. They have no direction and no rank.</p>\n"
    case .axioms:
      "<p>How far a map is from what its theory promises; 0 where it keeps it.</p>\n"
    }
  }

  /// How well boxes of maps fit; nothing where no object is known.
  var localizationSection: ReportPage.Section? {
    let truths = results.images.compactMap(\.truth)
    guard !truths.isEmpty else { return nil }
    let (masks, boxes) = (truths.count { $0 == .mask }, truths.count { $0 == .box })
    let known = [
      masks > 0 ? "exact outlines of \(counted(masks, "object"))" : nil,
      boxes > 0 ? "boxes around \(counted(boxes, "object"))" : nil,
    ].compactMap(\.self).joined(separator: " and ")
    let areas = results.images.filter { $0.truth != nil }.compactMap(\.area)
    let area: HTML =
      areas.isEmpty
      ? ""
      : """
       They take \(percent(areas.reduce(0, +) / Double(areas.count))) of an image in the mean: a random pixel lies \
      inside so often.
      """
    return ReportPage.Section(
      "localization", link: "Localization", title: "Where the objects are",
      content: """
        <p>Known here: \(known).\(area) Localization judges network and method together: a faithful map of a network
        that looks at the background is not worse. Compare with the controls, <code>center</code> above all.</p>
        \(boxes > 0 ? Self.boxWords(results.setup.boxArea) : "")
        \(boxTable)
        """)
  }

  private func percent(_ share: Double) -> String { fixedPoint(100 * share, digits: 0) + " %" }

  private static func boxWords(_ area: [Double]) -> HTML {
    let limits: HTML =
      area.count == 2
      ? """
       Here, boxes of \(fixedPoint(100 * area[0], digits: 0)) to \(fixedPoint(100 * area[1], digits: 0)) % of the
      image count.
      """ : ""
    return """
      <p class="notice"><strong>Boxes are a poor truth.</strong> They hold background, too, and the boxes of Tiny
      ImageNet are nearly hopeless: in the mean they take 52 % of the image, the pixel in the middle lies inside of
      79 % of them, and one fixed box in the middle is right (IoU of at least 0.5) for 57 % of the images. So trust
      what is far from chance alone, small boxes alone, and rather the exact masks of <code>shapes</code>.\(limits)</p>
      """
  }

  private var boxTable: HTML {
    guard let first = results.boxes.first else { return "" }
    let deltas = first.deltas.map { fixedPoint($0, digits: 1) }
    var table = PageTable(
      "Boxes of maps",
      caption: """
        <p>MaxBoxAcc: the share of images in which the box of the thresholded map overlaps the object's by at least so
        much (IoU), at the best threshold for all of them together. It was chosen on the same images; cross-fitted: on
        the other half.</p>
        """, isSortable: true, isCards: true,
      columns: [.init("method")]
        + deltas.map { .init("IoU \($0) \u{2191}", isNumber: true) }
        + deltas.map { .init("cross-fitted <br>\($0) \u{2191}", isNumber: true) }
        + [
          .init("mean \u{2191}", isNumber: true),
          .init("weak localization <br>error \u{2193}", isNumber: true),
          .init("images", isNumber: true),
        ])
    let controls = Set(results.methods.filter { $0.kind == .control }.map(\.identifier))
    for areControls in [false, true] {
      let rows = results.boxes.filter { controls.contains($0.method) == areControls }
      if areControls, !rows.isEmpty { table.appendRule("Controls: no explanations") }
      for row in rows {
        table.append(
          "<bdi>\(row.method)</bdi>",
          zip(deltas, row.maximum).map { .number($1, label: "IoU \($0)") }
            + zip(deltas, row.crossFitted).map { .number($1, label: "cross-fitted \($0)") }
            + [
              .number(row.mean, label: "mean"), .number(row.error, label: "error"),
              .number(Double(row.count), digits: 0, label: "images"),
            ])
      }
    }
    return "<h3>Boxes of thresholded maps</h3>\n\(table.html)"
  }
}
