import XAIAttribution
import XAIExperiments
import XAIFiles
import XAITensor
import XAIMetrics

extension RandomizationReport {
  /// The efficient variant of the test; nothing where no network was wholly random.
  var complexitySection: ReportPage.Section? {
    var table = PageTable(
      "Complexity", isSortable: true,
      columns: [
        .init("method"), .init("entropy<br>before", isNumber: true),
        .init("entropy<br>after", isNumber: true), .init("relative<br>rise", isNumber: true),
        .init("95 % interval", name: "number"),
      ])
    var isEmpty = true
    for method in results.methods.map(\.identifier) {
      guard let cells = complexityCells(method) else { continue }
      table.append("<bdi>\(method)</bdi>", cells)
      isEmpty = false
    }
    if isEmpty { return nil }
    return ReportPage.Section(
      "complexity", link: "Complexity", title: "Complexity: the efficient test",
      content: """
        <p>Efficient MPRT (Hedström et al. 2024) compares no maps: it asks whether a map has less order, a
        higher entropy of its histogram, once <em>all</em> layers are random. The rise is (after - before) /
        before, in the mean over images and seeds. A map that shows what was learned rises; 0 is a map
        whose order did not need the trained network. It says nothing about single layers, and takes no part
        in the verdicts.</p>
        \(table.html)
        """)
  }

  private func complexityCells(_ method: String) -> [PageTable.Cell]? {
    let rows = results.complexity.filter { $0.method == method }
    guard !rows.isEmpty else { return nil }
    let rises = rows.compactMap { row in
      row.rise.map { CrossedMean.Value(image: row.image, draw: row.seed, value: $0) }
    }
    let count = Double(rows.count)
    let entropies: [PageTable.Cell] = [
      .number(rows.reduce(0) { $0 + $1.original } / count, label: "entropy before"),
      .number(rows.reduce(0) { $0 + $1.randomized } / count, label: "entropy after"),
    ]
    guard !rises.isEmpty else {
      return entropies + [.text(""), .text("constant maps", name: "number")]
    }
    let mean = CrossedMean(rises, scale: -1 ... .infinity)
    return entropies + [
      .number(mean.mean, label: "relative rise"),
      .text("\(Self.bound(mean.lower)) to \(Self.bound(mean.upper))", name: "number"),
    ]
  }

  private static func bound(_ value: Double) -> String {
    value.isFinite ? fixedPoint(value, digits: 3) : "no bound"
  }
}
