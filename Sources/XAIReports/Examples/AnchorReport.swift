public import XAIExperiments
import XAIFiles
import XAIImages
import XAITensor

/// Everything that shows what is sufficient for answers: a page with rules lit, samples that hold and fail, tables.
///
/// Equal results give equal bytes.
public struct AnchorReport: FolderReport {
  private let results: AnchorResults
  private let pictures: [AnchorExperiment.Pictures]
  private let command: [String]

  /// Prepares a report.
  /// - Parameters:
  ///   - outcome: What was found.
  ///   - command: The command that made it, word by word.
  public init(_ outcome: AnchorExperiment.Outcome, command: [String] = []) {
    (results, pictures, self.command) = (outcome.results, outcome.pictures, command)
  }

  /// Writes `index.html`, `results.json`, `results.csv` and `pictures/`.
  /// - Parameters:
  ///   - folder: The folder, which is created where it is missing.
  ///   - progress: Is told how much of the work is done, from 0 to 1; may throw to end it.
  /// - Throws: Where a file cannot be written, and what `progress` throws.
  public func write(to folder: String, progress: (Double) throws -> Void = { _ in }) throws {
    var names = FileNames()
    try ReportFiles(
      results: results, tables: [table], plots: [],
      pictures: results.images.indices.flatMap { index in
        strips(index).map {
          (names.name(for: "\(results.images[index].image.name)-\($0.name)"), $0.picture)
        }
      }, page: try page()
    ).write(to: folder, progress: progress)
  }

  private var table: ReportFiles.Table {
    ReportFiles.Table(
      "results",
      header: [
        "image", "predicted", isAboutScenes ? "predicates" : "segments", "rule", "reached",
        "precision", "bound", "coverage",
        "area", "alone", "samples", "random_head_rule", "random_head_bound", "jaccard",
        "precision_on_random_head",
      ],
      rows: results.images.map { image in
        func rule(_ rule: AnchorRule) -> String {
          CSV.field(
            image.words(rule) ?? rule.segments.map { "\($0)" }.joined(separator: " "))
        }
        let field = ReportFiles.Table.field
        return [
          CSV.field(image.image.name), CSV.field(image.image.predicted.words), "\(image.segments)",
          rule(image.rule), "\(image.rule.reached)", "\(image.rule.precision)",
          "\(image.rule.bound)", "\(image.coverage)", field(image.area), field(image.alone),
          "\(image.samples)", rule(image.randomHead.rule), "\(image.randomHead.rule.bound)",
          "\(image.randomHead.jaccard)", "\(image.randomHead.precision)",
        ]
      })
  }

  private var isAboutScenes: Bool { results.rules == AnchorExperiment.Rules.scene.rawValue }

  /// The rule of an image, that of a random head, and samples.
  private func strips(_ index: Int) -> [(name: String, picture: RGBImage, words: HTML)] {
    let (record, own) = (results.images[index], pictures[index])
    var (lit, words): ([RGBImage], HTML) = ([own.image], "the image")
    if let mask = own.mask, let other = own.other {
      lit += [mask, other].map { PartPicture(own.image, part: $0).picture }
      words = """
        the image, its rule, and the rule of a random head (which predicts \(record.randomHead.predicted.words))
        """
    }
    let rows: [(name: String, picture: RGBImage, words: HTML)?] = [
      ("rule", PictureStrip(lit, scale: 2).picture, words),
      samples("holds", own.holds, "samples that keep the answer"),
      samples("fails", own.fails, "samples that do not"),
    ]
    return rows.compactMap(\.self)
  }

  private func samples(
    _ name: String, _ pictures: [RGBImage], _ words: HTML
  ) -> (name: String, picture: RGBImage, words: HTML)? {
    pictures.isEmpty ? nil : (name, PictureStrip(pictures, scale: 1).picture, words)
  }

  // MARK: Page

  private func page() throws -> String {
    try PlainPage(
      title: "Anchors: \(results.networks.fileNames)",
      heading: "What is sufficient for the answer?",
      summary: """
        \(isAboutScenes ? "The widest features" : "The fewest segments") that keep the answer of \
        <bdi>\(results.networks.fileNames)</bdi> in at least \(percent(results.threshold)) of samples, for \(grouped(results.images.count, "image")).
        """,
      notes: [
        "Of every image: with \(percent(results.confidence)) confidence no accepted rule is less precise than \(percent(results.threshold)), proved on fresh samples with the confidence spent over all looks. Precision is about these samples, \(sampleWords); other samples are another question."
      ] + results.notes, networks: results.networks, version: results.version, command: command
    ).text([summarySection] + results.images.indices.map { try section($0) })
  }

  private var sampleWords: String {
    guard let keep = results.keep else {
      return
        "in which every feature outside of the rule is drawn again as the data draw it and what follows from it follows"
    }
    return
      "in which segments stay with probability \(fixedPoint(keep, digits: 2)) and show \(fillWords) else"
  }

  private var fillWords: String {
    switch results.fill {
    case "images": "another image, of no image of the answer's class,"
    case "mean": "the mean color"
    default: "the image blurred"
    }
  }

  private func percent(_ share: Double) -> String { "\(fixedPoint(100 * share, digits: 0)) %" }

  private var summarySection: ReportPage.Section {
    var table = PageTable(
      "Rules", isSortable: true, isCards: true,
      columns: [
        .init("image"), .init("answer"), .init("proved"),
        .init(isAboutScenes ? "predicates" : "segments", isNumber: true),
        .init("precision", isNumber: true), .init("at least", isNumber: true),
        .init("coverage", isNumber: true), .init("area", isNumber: true),
        .init("alone", isNumber: true), .init("samples", isNumber: true),
        .init("rule in common with a random head", isNumber: true),
        .init("precision there", isNumber: true),
      ])
    for image in results.images {
      table.append(
        "<bdi>\(image.image.name)</bdi>",
        [
          .text("<bdi>\(image.image.predicted.words)</bdi>"),
          .text(image.rule.reached ? "yes" : "no"),
          .number(Double(image.rule.segments.count), digits: 0, label: "segments"),
          .number(image.rule.precision, label: "precision"),
          .number(image.rule.bound, label: "at least"),
          .number(image.coverage, label: "coverage"), .number(image.area, label: "area"),
          .number(image.alone, label: "alone"),
          .number(Double(image.samples), digits: 0, label: "samples"),
          .number(image.randomHead.jaccard, digits: 2, label: "in common"),
          .number(image.randomHead.precision, digits: 2, label: "precision there"),
        ])
    }
    return ReportPage.Section(
      "rules", link: "Rules", title: "Rules",
      content: """
        <p>\(isAboutScenes ? sceneWords : segmentWords) Where no rule was proved the one of the highest bound stands here.</p>
        \(table.html)
        """)
  }

  private var segmentWords: HTML {
    """
    A rule is a set of segments that stays (anchors; Ribeiro et al. 2018). Coverage is the probability that all of them stay \
    by chance. Alone: the precision where nothing but the rule stays.
    """
  }

  private var sceneWords: HTML {
    """
    A rule is a set of predicates that the scene satisfies (anchors; Ribeiro et al. 2018). Coverage is the share of scenes that \
    satisfy it, exactly: the product of what each predicate covers.
    """
  }

  private func section(_ index: Int) throws -> ReportPage.Section {
    let image = results.images[index]
    let sentence: HTML
    if image.rule.reached, image.rule.segments.isEmpty {
      sentence = "The network says the same whatever is shown."
    } else if let words = image.words(image.rule) {
      let covered = "It covers \(fixedPoint(100 * image.coverage, digits: 2)) % of scenes."
      sentence =
        image.rule.reached
        ? """
        Sufficient is: <strong>\(words)</strong>. The answer stays in at least \(percent(image.rule.bound)) of such scenes. \
        \(covered)
        """
        : """
        No rule of at most 8 predicates was proved. The best is: \(words.isEmpty ? "none" : words). The answer stays in \
        \(percent(image.rule.precision)) of such scenes, at least \(percent(image.rule.bound)).
        """
    } else if image.rule.reached {
      sentence = """
        \(grouped(image.rule.segments.count, "segment")) of \(image.segments) \
        \(image.rule.segments.count == 1 ? "is" : "are") sufficient: the answer stays in at least \
        \(percent(image.rule.bound)) of samples.
        """
    } else {
      sentence = """
        No rule of at most 8 segments was proved. The best has \(grouped(image.rule.segments.count, "segment")) and keeps \
        the answer in \(percent(image.rule.precision)) of samples, at least \(percent(image.rule.bound)).
        """
    }
    return ReportPage.Section(
      "image-\(index + 1)", link: image.image.name, title: image.image.name,
      content: """
        <p><bdi>\(image.image.predicted.words)</bdi> (\(percent(image.image.probability))). \(sentence)</p>
        \(try PlainPage.pictures(strips(index).map { ($0.picture, $0.words) }))
        \(randomHead(image))
        """)
  }

  /// What a random head says, where no picture shows its rule.
  private func randomHead(_ image: AnchorImage) -> HTML {
    guard let words = image.words(image.randomHead.rule) else { return "" }
    let rule = words.isEmpty ? "nothing" : words
    return """
      <p>A random head predicts <bdi>\(image.randomHead.predicted.words)</bdi>; its \
      \(image.randomHead.rule.reached ? "rule" : "best attempt") is: \(rule).</p>
      """
  }
}
