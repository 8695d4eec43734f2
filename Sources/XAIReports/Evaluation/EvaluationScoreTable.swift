import XAIEvaluation
import XAIExperiments
import XAIPlots
import XAITensor

/// The table of methods by measures, with all columns; style sheets show those that switches choose, so that it
/// needs no script.
struct EvaluationScoreTable {
  private let report: EvaluationReport
  private let columns: [Column]

  /// A measure with what its column looks like.
  private struct Column {
    let measure: EvaluatedMeasure
    /// Classes by which switches know it.
    let classes: String
    /// From where to where bars reach; nil where there is nothing to draw.
    let range: ClosedRange<Double>?
  }

  private var results: EvaluationResults { report.results }

  init(_ report: EvaluationReport) {
    self.report = report
    let results = report.results
    let headlines = Set(results.measures.filter(\.isHeadline).map(\.name))
    columns = results.measures.map { measure in
      let against = measure.baseline.flatMap { results.setup.baselines.firstIndex(of: $0) }
      let classes = [
        "column", measure.family.rawValue, headlines.contains(measure.name) ? "headline" : nil,
        against.map { "against b\($0)" }, measure.quantity?.rawValue,
      ]
      return Column(
        measure: measure, classes: classes.compactMap(\.self).joined(separator: " "),
        range: Self.range(of: measure, report))
    }
  }

  /// What methods reach; controls may lie far outside.
  private static func range(
    of measure: EvaluatedMeasure, _ report: EvaluationReport
  ) -> ClosedRange<Double>? {
    let numbers = report.results.methods.filter { $0.kind != .control }.flatMap { method in
      let row = report.index[method.identifier, measure.identifier]
      return [row?.value, row?.lower, row?.upper].compactMap(\.self)
    }.filter(\.isFinite)
    let all = numbers + [measure.null].compactMap(\.self)
    guard !numbers.isEmpty, let least = all.min(), let greatest = all.max(), least < greatest
    else { return nil }
    return least...greatest
  }

  /// The switches and the table.
  var html: HTML {
    """
    <div class="scores">
    \(switches)
    \(table.html)
    </div>
    """
  }

  // MARK: - Switches

  private var switches: HTML {
    let families = MeasureColumn.Family.allCases.filter { family in
      results.measures.contains { $0.family == family }
    }.map { ($0.rawValue, $0.rawValue) }
    let hasHeadlines = results.measures.contains(where: \.isHeadline)
    let columns = (hasHeadlines ? [("headline", "headlines")] : []) + families
    let baselines = results.setup.baselines.enumerated().map { ("b\($0)", $1) }
    return """
      <div class="controls">
      \(Self.choice("columns", "Columns", columns, checked: columns.first?.0))
      \(Self.choice(
        "quantity", "The network's answer",
        [("probability", "probability"), ("logit", "logit")], checked: quantity.rawValue))
      \(baselines.count < 2 ? "" : Self.choice(
        "baseline", "What is removed becomes", [("every", "each")] + baselines, checked: "every"))
      </div>
      """
  }

  /// That of the first headline which has one.
  private var quantity: TargetQuantity {
    results.measures.first { $0.isHeadline && $0.quantity != nil }?.quantity ?? .probability
  }

  private static func choice(
    _ name: String, _ title: String, _ values: [(value: String, title: String)], checked: String?
  ) -> HTML {
    let inputs = values.map { value -> HTML in
      """
      <label><input type="radio" name="table-\(name)" value="\(value.value)"\
      \(value.value == checked ? " checked" : "" as HTML)><span><bdi>\(value.title)</bdi></span></label>

      """
    }
    return """
      <fieldset class="\(name)"><legend>\(title)</legend><div class="choice">
      \(inputs)</div></fieldset>

      """
  }

  // MARK: - Rows

  private var table: PageTable {
    var table = PageTable(
      "Methods by measures",
      caption: """
        <p>Each cell: the mean over images (the median where a measure says so), its 95 % interval as a bar with
        a tick where a map without information lies, and the rank with the ranks that other images of the same
        kind could give. <em class="nothing">Gray and slanted</em>: perhaps no better than random maps. <span
        class="doubtful">Gray</span>: the measure asks of these maps what they do not promise, such as that slopes add
        up. Two methods share a letter exactly where these images cannot tell them apart. Choose a method to see its maps.</p>
        """, isSortable: true, isCards: true,
      columns: [.init("method")] + columns.map(heading) + extraHeads)
    let (controls, methods) = (
      results.methods.enumerated().filter { $1.kind == .control },
      results.methods.enumerated().filter { $1.kind != .control }
    )
    for (position, method) in methods { append(method, at: position, to: &table) }
    if !controls.isEmpty {
      table.appendRule("Controls: no explanations")
      for (position, method) in controls { append(method, at: position, to: &table) }
    }
    return table
  }

  private func append(_ method: EvaluatedMethod, at position: Int, to table: inout PageTable) {
    let given: HTML = method.kind == .given ? " <span class=\"faint\">given</span>" : ""
    let name: HTML =
      report.hasExplorer
      ? PageTable.Cell.method(method.identifier, at: position) : "<bdi>\(method.identifier)</bdi>"
    table.append(name + given, columns.map { cell(method, $0) } + extraCells(method))
  }

  private func heading(_ column: Column) -> PageTable.Column {
    let measure = column.measure
    let variant: HTML =
      measure.variant.isEmpty ? "" : " <br><small><bdi>\(measure.variant)</bdi></small>"
    let arrow: HTML =
      measure.arrow.isEmpty ? "" : "\u{a0}<span class=\"way\">\(measure.arrow)</span>"
    return PageTable.Column(
      "<span title=\"\(measure.summary)\">\(measure.title)\(arrow)</span>\(variant)",
      isNumber: true, name: column.classes)
  }

  private func cell(_ method: EvaluatedMethod, _ column: Column) -> PageTable.Cell {
    let measure = column.measure
    let row = report.index[method.identifier, measure.identifier]
    let label = [measure.title, measure.variant].filter { !$0.isEmpty }.joined(separator: ", ")
    guard let row, let value = row.value else {
      let words = "n/a (\(row?.count ?? 0) of \(results.images.count))"
      return .text(
        "<span class=\"faint\">\(words)</span>", label: label, name: "number \(column.classes)",
        sortedAs: "")
    }
    let ranks = measure.direction != .describes
    let isNothing = ranks && row.mayBeNothing
    let isDoubtful = !isNothing && measure.isDoubtful(of: method)
    let bar = column.range.map { Self.bar(row, in: $0, null: measure.null) }
    return .text(
      "<b>\(measured(value))</b>\(bar ?? "")\(words(row, method, ranks: ranks))", label: label,
      name: "number \(column.classes)\(isNothing ? " nothing" : isDoubtful ? " doubtful" : "")",
      sortedAs: "\(value)")
  }

  /// Rank with its interval, group letters, and what else a reader must know of a number.
  private func words(_ row: EvaluationSummary, _ method: EvaluatedMethod, ranks: Bool) -> HTML {
    var words: [String] = []
    if ranks, let rank = row.rank {
      let interval = [row.rankLower, row.rankUpper].compactMap { $0.map(Self.rank) }
      words.append(
        "rank \(Self.rank(rank))"
          + (interval.count == 2 ? " (\(interval.joined(separator: "\u{2013}")))" : "")
          + (row.groups.isEmpty ? "" : " \(row.groups)"))
    }
    if ranks, method.kind != .control, let upper = row.gainUpper, upper < 0 {
      words.append("worse than random")
    }
    if row.count < results.images.count { words.append("\(row.count) of \(results.images.count)") }
    let lines = words.map { "<span>\($0)</span> " as HTML }
    return "<small>\(lines)</small>"
  }

  private static func rank(_ rank: Double) -> String { SVG.number((10 * rank).rounded() / 10) }

  /// A bar from end to end of the interval, a dot at the value and a tick at that of a map without information.
  private static func bar(
    _ row: EvaluationSummary, in range: ClosedRange<Double>, null: Double?
  ) -> HTML {
    func place(_ value: Double) -> String {
      let share = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
      return SVG.number((10 * (3 + 66 * min(max(share, 0), 1))).rounded() / 10)
    }
    let tick: HTML = null.map { "<path class=\"null\" d=\"M\(place($0)) 0V10\"/>" } ?? ""
    let reach: HTML =
      if let lower = row.lower, let upper = row.upper {
        "<path d=\"M\(place(lower)) 5H\(place(upper))\"/>"
      } else {
        ""
      }
    let dot: HTML = row.value.map { "<circle cx=\"\(place($0))\" cy=\"5\" r=\"2.6\"/>" } ?? ""
    return "<svg viewBox=\"0 0 72 10\" aria-hidden=\"true\">\(tick)\(reach)\(dot)</svg>"
  }
}

/// What other experiments said of the methods.
extension EvaluationScoreTable {
  private var hasVerdicts: Bool { results.methods.contains { $0.verdict != nil } }
  private var hasConsistency: Bool { results.methods.contains { $0.consistency != nil } }

  private var extraHeads: [PageTable.Column] {
    let test: [PageTable.Column] =
      hasVerdicts
      ? [
        .init("depends on <br>the network"),
        .init("top layer random: <br>similarity", isNumber: true),
      ] : []
    let total: [PageTable.Column] =
      results.total == nil ? [] : [.init("total by <br>your weights \u{2191}", isNumber: true)]
    return test + (hasConsistency ? [.init("alike on <br>two networks", isNumber: true)] : [])
      + total
  }

  private func extraCells(_ method: EvaluatedMethod) -> [PageTable.Cell] {
    var cells: [PageTable.Cell] = []
    if hasVerdicts {
      let degree = method.verdict.map(\.shownDegree)
      cells.append(
        .text(
          degree?.badge ?? "", name: "outcome",
          sortedAs: degree?.rawValue ?? ""))
      cells.append(.number(method.verdict?.topSimilarity, label: "similarity after the top layer"))
    }
    if hasConsistency {
      cells.append(.number(method.consistency, label: "alike on two networks"))
    }
    if let total = results.total {
      let score = total.scores.first { $0.method == method.identifier }?.score
      cells.append(.number(score, label: "total by your weights"))
    }
    return cells
  }
}

extension RandomizationFinding {
  /// The degree; of results that lack it, what the outcome says.
  var shownDegree: MethodVerdict.Degree {
    degree ?? (outcome == .pass ? .depends : outcome == .fail ? .doesNot : .cannotTell)
  }
}
