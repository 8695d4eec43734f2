import XAITensor
import XAIExperiments

/// What networks still compute: one network, or the mean of several, in each row.
struct HealthTable {
  private let results: RandomizationResults

  init(_ results: RandomizationResults) { self.results = results }

  /// A table for each mode.
  var tables: [HTML] {
    let original = results.health.filter { $0.step == nil }
    return results.plans.map { plan in
      let steps = plan.layers.map { layer in
        Self.row(
          layer,
          results.health.filter { $0.step?.mode == plan.mode && $0.step?.layer == layer })
      }
      return """
        <h3>\(plan.mode.title.firstUppercased)</h3>
        \(Self.table([Self.row("nothing", original)] + steps, of: "random", label: plan.mode.rawValue))
        """
    }
  }

  /// A table of networks, each by its name.
  static func table(_ networks: [(name: String, health: NetworkHealth)]) -> HTML {
    let rows = networks.map { network in
      row(
        network.name, [HealthRecord(step: nil, network.health)])
    }
    return table(rows, of: "network", label: "networks")
  }

  private static func table(_ rows: [HTML], of first: String, label: String) -> HTML {
    """
    <div class="scroll" tabindex="0" role="region" aria-label="Health, \(label)">
    <table><thead><tr><th scope="col">\(first)</th><th scope="col">state</th>
    <th scope="col" class="number">logit<br>spread</th>
    <th scope="col" class="number">variation<br>over images</th>
    <th scope="col" class="number">entropy<br>in nats</th>
    <th scope="col" class="number">gradient<br>norm</th>
    <th scope="col" class="number">dead rectifiers,<br>worst layer</th>
    <th scope="col" class="number">accuracy</th></tr></thead><tbody>
    \(rows)</tbody></table></div>

    """
  }

  private static func row(_ name: String, _ records: [HealthRecord]) -> HTML {
    guard !records.isEmpty else {
      return
        "<tr><th scope=\"row\"><bdi>\(name)</bdi></th><td colspan=\"7\">not measured</td></tr>\n"
    }
    let health = records.map(\.health)
    let worst = health.compactMap { line in line.deadRectifiers.max { $0.share < $1.share } }
    let worstLayer = worst.max { $0.share < $1.share }.map { " (\($0.layer))" } ?? ""
    let collapsed = records.filter { !$0.problems.isEmpty }
    let problems = collapsed.flatMap(\.problems).reduce(into: [String]()) { known, problem in
      if !known.contains(problem) { known.append(problem) }
    }
    let state: HTML =
      collapsed.isEmpty
      ? "alive"
      : """
      <span class="badge fail">! collapsed</span> in \(collapsed.count) of \
      \(counted(records.count, "seed")): <bdi>\(problems.joined(separator: "; "))</bdi>
      """
    return """
      <tr><th scope="row"><bdi>\(name)</bdi></th><td>\(state)</td>
      <td class="number">\(mean(health.map(\.logitSpread)))</td>
      <td class="number">\(mean(health.map(\.logitVariation)))</td>
      <td class="number">\(mean(health.map(\.predictionEntropy)))</td>
      <td class="number">\(mean(health.compactMap(\.gradientNorm)))</td>
      <td class="number">\(percent(worst.map(\.share)))\(worstLayer)</td>
      <td class="number">\(percent(health.compactMap(\.accuracy)))</td></tr>

      """
  }

  private static func mean(_ values: [Double]) -> String {
    values.isEmpty
      ? "\u{2013}" : fixedOrScientific(values.reduce(0, +) / Double(values.count))
  }

  private static func percent(_ shares: [Double]) -> String {
    guard !shares.isEmpty else { return "\u{2013}" }
    return fixedPoint(100 * shares.reduce(0, +) / Double(shares.count), digits: 1) + " %"
  }
}
