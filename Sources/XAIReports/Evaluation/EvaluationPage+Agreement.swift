import XAIExperiments
import XAITensor

/// Whether measures agree on the methods.
extension EvaluationReport {
  /// The matrix, and the pair that contradicts most; nothing where there is nothing to compare.
  var agreementSection: ReportPage.Section? {
    guard let matrix = EvaluationPlots(self).agreement else { return nil }
    return ReportPage.Section(
      "agreement", link: "Agreement", title: "Do the measures agree?",
      content: """
        \(contradiction)
        <p>Kendall's tau compares the orders into which two measures bring the methods, controls left out: 1 for the
        same order, -1 for the reverse. \(nullWords) Numbers that are the same by definition are left out.</p>
        <div class="plates matrix"><figure>\(HTML(markup: matrix.element))</figure></div>
        <p class="faint">All numbers are in <code>agreement.csv</code>.</p>
        \(headlineTable)
        """)
  }

  private var contradiction: HTML {
    guard let worst = results.agreement.worst else { return "" }
    let names = [worst.first, worst.second].map(name)
    let tau = fixedPoint(worst.tau, digits: 2)
    let isPlain = worst.tau >= 0
    let words =
      isPlain ? "agree least on the same maps, but do not contradict" : "contradict each other most"
    return """
      <p class="lead"><strong><bdi>\(names[0])</bdi></strong> and <strong><bdi>\(names[1])</bdi></strong> \
      \(words): tau is \(tau).</p>
      """
  }

  private func name(_ measure: String) -> String {
    results.measures.first { $0.identifier == measure }?.longTitle ?? measure
  }

  private var nullWords: String {
    guard let null = results.agreement.nullDeviation else { return "" }
    return """
      With \(counted(results.agreement.methods, "method")) unrelated measures have a tau of 0 \u{b1} \
      \(fixedPoint(null, digits: 2)): what lies inside of two of these deviations is gray and says nothing.
      """
  }

  /// The headlines among each other, as numbers.
  private var headlineTable: HTML {
    let agreement = results.agreement
    let headlines = agreement.measures.enumerated().compactMap { position, identifier in
      results.measures.first { $0.identifier == identifier && $0.isHeadline }.map {
        (position, $0)
      }
    }
    guard headlines.count > 1 else { return "" }
    var table = PageTable(
      "Agreement of the headlines",
      columns: [.init("tau")]
        + headlines.map { _, measure in
          .init("\(measure.title)<br><small><bdi>\(measure.variant)</bdi></small>", isNumber: true)
        })
    for (row, measure) in headlines {
      table.append(
        "<bdi>\(measure.longTitle)</bdi>",
        headlines.map { column, _ in
          guard row != column else { return .text("", name: "number") }
          let tau = agreement.tau[row][column]
          let isNothing = tau.map { abs($0) <= 2 * (agreement.nullDeviation ?? 0) } ?? false
          return .text(
            tau.map { "\(fixedPoint($0, digits: 2))" } ?? "n/a",
            name: isNothing ? "number nothing" : "number")
        })
    }
    return "<h3>The headlines among each other</h3>\n\(table.html)"
  }
}
