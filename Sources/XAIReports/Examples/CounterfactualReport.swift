public import XAIExperiments
import XAIFiles
import XAIImages
import XAITensor

/// Everything that shows what would have to be different: a page with fact, answer, difference and a sentence, tables.
///
/// Equal results give equal bytes.
public struct CounterfactualReport: FolderReport {
  private let results: CounterfactualResults
  private let pictures: [CounterfactualExperiment.Pictures]
  private let command: [String]

  /// Prepares a report.
  /// - Parameters:
  ///   - outcome: What was found.
  ///   - command: The command that made it, word by word.
  public init(_ outcome: CounterfactualExperiment.Outcome, command: [String] = []) {
    (results, pictures, self.command) = (outcome.results, outcome.pictures, command)
  }

  /// Writes `index.html`, `results.json`, `results.csv` and `pictures/`, with every answer as the bytes that were
  /// asked about.
  /// - Parameters:
  ///   - folder: The folder, which is created where it is missing.
  ///   - progress: Is told how much of the work is done, from 0 to 1; may throw to end it.
  /// - Throws: Where a file cannot be written, and what `progress` throws.
  public func write(to folder: String, progress: (Double) throws -> Void = { _ in }) throws {
    var names = FileNames()
    try ReportFiles(
      results: results, tables: [table], plots: [],
      pictures: results.images.indices.map {
        (names.name(for: results.images[$0].image.name), pictures[$0].answer)
      }, page: try page()
    ).write(to: folder, progress: progress)
  }

  private var table: ReportFiles.Table {
    let field = ReportFiles.Table.field
    return ReportFiles.Table(
      "results",
      header: [
        "image", "goal", "answer", "valid", "predicted", "margin", "deviation", "sum", "length",
        "largest", "share", "fine_grain", "changed", "plausibility", "stability", "agrees",
        "passes", "complete",
      ],
      rows: results.images.flatMap { image in
        ([image.answer] + image.references).map { answer in
          [
            CSV.field(image.image.name), CSV.field(image.goal?.words ?? ""),
            CSV.field(answer.name), "\(answer.valid)", CSV.field(answer.predicted.words),
            "\(answer.margin)", field(answer.deviation), "\(answer.sum)", "\(answer.length)",
            "\(answer.largest)", "\(answer.share)", field(answer.fineGrain),
            answer.changed.map { "\($0)" } ?? "", field(answer.plausibility),
            "\(answer.stability)", answer.agrees.map { "\($0)" } ?? "", "\(answer.passes)",
            "\(answer.complete)",
          ]
        }
      })
  }

  /// Fact, answer, difference and what changed, then the answers that look at nothing.
  private func strip(_ index: Int) -> RGBImage {
    let own = pictures[index]
    var difference = own.fact
    for place in difference.pixels.indices {
      let change = Int(own.answer.pixels[place]) - Int(own.fact.pixels[place])
      // Small changes are seen as well.
      difference.pixels[place] = UInt8(min(max(128 + 4 * change, 0), 255))
    }
    return PictureStrip(
      [own.fact, own.answer, difference, PartPicture(own.fact, part: own.changed).picture]
        + own.others + own.references, columns: 6, scale: 2
    ).picture
  }

  // MARK: Page

  private func page() throws -> String {
    let first =
      results.kind == .distance
      ? "A nearest pixel counterfactual is an adversarial example, as its authors say: only plausibility, stability and the agreement of another network tell whether it explains the object."
      : "Every answer was rounded to bytes and asked again; validity and distance are those of the rounded picture."
    return try PlainPage(
      title: "Counterfactuals: \(results.networks.fileNames)",
      heading: "What would have to be different?",
      summary: """
        \(results.kind.words) for \(grouped(results.images.count, "image")) and \
        <bdi>\(Array(results.networks.prefix(1)).fileNames)</bdi>.
        """, notes: [first] + results.notes, networks: results.networks, version: results.version,
      command: command
    ).text(
      [summarySection] + [Self.fragility(results.images)].compactMap(\.self)
        + results.images.indices.map { try section($0) })
  }

  private var summarySection: ReportPage.Section {
    var table = PageTable(
      "Answers", isSortable: true, isCards: true,
      columns: [
        .init("image"), .init("goal"), .init("reached"),
        .init("pixels changed", isNumber: true), .init("off the data", isNumber: true),
        .init("stable copies", isNumber: true), .init("other network agrees"),
        .init("same change on a random head (cosine)", isNumber: true),
        .init("answer changes a random head, too"),
      ])
    for image in results.images {
      table.append(
        "<bdi>\(image.image.name)</bdi>",
        [
          .text("<bdi>\(image.goal?.words ?? "any other")</bdi>"),
          .text(image.answer.already ? "already" : image.answer.valid ? "yes" : "no"),
          .number(100 * image.answer.share, digits: 1, label: "pixels", followedBy: " %"),
          .number(image.answer.plausibility, digits: 1, label: "off the data"),
          .number(Double(image.answer.stability), digits: 0, label: "stable"),
          .text(image.answer.agrees.map { $0 ? "yes" : "no" } ?? ""),
          .number(image.randomHead?.cosine, digits: 2, label: "cosine"),
          .text(image.randomHead.map { $0.changes ? "yes" : "no" } ?? ""),
        ])
    }
    return ReportPage.Section(
      "answers", link: "Answers", title: "Answers",
      content: """
        <p>Off the data: the share of test images that are nearer to training images than the answer, in percent; above 99 it
        is none. Stable copies: of 32 with noise of one byte. A search whose changes stay with a random head explains the
        image, not the network.</p>
        \(table.html)
        """)
  }

  private func section(_ index: Int) throws -> ReportPage.Section {
    let image = results.images[index]
    var table = PageTable(
      "Numbers", isCards: true,
      columns: [
        .init("answer"), .init("valid"), .init("predicted"), .init("margin", isNumber: true),
        .init("distance in deviations", isNumber: true), .init("bytes", isNumber: true),
        .init("largest", isNumber: true), .init("pixels", isNumber: true),
        .init("fine grain", isNumber: true), .init("off the data", isNumber: true),
        .init("stable", isNumber: true), .init("agrees"), .init("passes", isNumber: true),
      ])
    for answer in [image.answer] + image.references {
      table.append(
        "<bdi>\(answer.name)</bdi>",
        [
          .text(answer.valid ? "yes" : "no"), .text("<bdi>\(answer.predicted.words)</bdi>"),
          .number(answer.margin, digits: 2, label: "margin"),
          .number(answer.deviation, digits: 1, label: "deviations"),
          .number(Double(answer.sum), digits: 0, label: "bytes"),
          .number(Double(answer.largest), digits: 0, label: "largest"),
          .number(100 * answer.share, digits: 1, label: "pixels", followedBy: " %"),
          .number(answer.fineGrain, digits: 2, label: "fine grain"),
          .number(answer.plausibility, digits: 1, label: "off the data"),
          .number(Double(answer.stability), digits: 0, label: "stable"),
          .text(answer.agrees.map { $0 ? "yes" : "no" } ?? ""),
          .number(Double(answer.passes), digits: 0, label: "passes"),
        ])
    }
    let references = image.references.map {
      $0.name == "nearest-image" ? "the nearest training image" : "noise in a random direction"
    }
    let names = references.joined(separator: " and ")
    let further = pictures[index].others.count
    let more = further == 0 ? "" : "; \(grouped(further, "further answer"))"
    let others = more + (names.isEmpty ? "" : "; for comparison \(names)")
    let shown = try PlainPage.pictures([
      (
        strip(index),
        "the image, the answer, the difference (four times, gray is none), what changed\(others)"
      )
    ])
    return ReportPage.Section(
      "image-\(index + 1)", link: image.image.name, title: image.image.name,
      content: """
        <p>\(image.sentence(results.kind))</p>
        \(shown)
        \(image.detail.recourse?.parts(results.graph) ?? "")
        \(table.html)
        """)
  }
}

extension CounterfactualImage {
  /// What was found, in a sentence.
  func sentence(_ kind: CounterfactualKind) -> HTML {
    let percent = fixedPoint(100 * image.probability, digits: 0)
    let truth: HTML = image.label.map { ", truth <bdi>\($0.words)</bdi>" } ?? ""
    let recourse = detail.recourse
    let start: HTML = "Predicted <bdi>\(image.predicted.words)</bdi> (\(percent) %)\(truth)."
    if answer.already { return "\(start) That is the goal already: nothing needs to change." }
    let goal = goal?.words ?? "another class"
    guard answer.valid else {
      let attempt: HTML =
        detail.reachedInFeatures == true
        ? "The swaps reach it in features, not in pixels: a cell is not a place."
        : "The best attempt\(recourse?.attempt ?? "") misses it by \(fixedPoint(-answer.margin, digits: 2)) in logits."
      let end: HTML =
        answer.complete ? "" : " The search ended at its budget."
      return
        "\(start) No change to <bdi>\(goal)</bdi> was found among \(grouped(answer.passes)) passes. \(attempt)\(end)"
    }
    if let recourse {
      return "\(start) It would say <bdi>\(answer.predicted.words)</bdi> if: \(recourse.sentence)"
    }
    let now: HTML = "It would say <bdi>\(answer.predicted.words)</bdi> if"
    switch kind {
    case .evidence:
      let proof: HTML =
        detail.isMinimal == true
        ? " No smaller set suffices (proved)."
        : detail.isMinimal == false ? " A smaller set suffices." : ""
      return """
        \(start) \(now) \(grouped(detail.removed?.count ?? 0, "segment")) of \(detail.segments ?? 0) were removed; none of \
        them can be spared.\(proof)
        """
    case .region:
      return """
        \(start) \(now) \(grouped(detail.swaps?.count ?? 0, "cell")) showed what \
        <bdi>\(detail.distractor ?? "another image")</bdi> has there.
        """
    case .distance:
      return """
        \(start) \(now) \(fixedPoint(100 * answer.share, digits: 1)) % of the pixels changed by at most \
        \(grouped(answer.largest)) of 255.
        """
    case .scene, .photo: return start
    }
  }
}

extension CounterfactualKind {
  /// What may change, in words.
  var words: String {
    switch self {
    case .evidence: "Removing the fewest segments"
    case .region: "Taking the fewest cells of another image"
    case .distance: "Changing pixels as little as possible"
    case .scene: "Setting features of the scene, at least cost, with all that follows from them,"
    case .photo: "Photographic actions, at least cost,"
    }
  }
}
