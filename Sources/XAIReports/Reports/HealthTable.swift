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
      var table = Self.table(of: "random", label: plan.mode.rawValue)
      Self.append("nothing", original, to: &table)
      for layer in plan.layers {
        let records = results.health.filter {
          $0.step?.mode == plan.mode && $0.step?.layer == layer
        }
        Self.append(layer, records, to: &table)
      }
      return "<h3>\(plan.mode.title.firstUppercased)</h3>\n\(table.html)"
    }
  }

  /// A table of networks, each by its name.
  static func table(_ networks: [(name: String, health: NetworkHealth)]) -> HTML {
    var table = table(of: "network", label: "networks")
    for network in networks {
      append(network.name, [HealthRecord(step: nil, network.health)], to: &table)
    }
    return table.html
  }

  private static func table(of first: String, label: String) -> PageTable {
    let numbers: [HTML] = [
      "logit<br>spread", "variation<br>over images", "entropy<br>in nats", "gradient<br>norm",
      "dead rectifiers,<br>worst layer", "accuracy",
    ]
    return PageTable(
      "Health, \(label)",
      columns: [.init("\(first)"), .init("state")] + numbers.map { .init($0, isNumber: true) })
  }

  private static func append(_ name: String, _ records: [HealthRecord], to table: inout PageTable) {
    guard !records.isEmpty else {
      return table.append("<bdi>\(name)</bdi>", words: "not measured")
    }
    let health = records.map(\.health)
    let worst = health.compactMap { line in line.deadRectifiers.max { $0.share < $1.share } }
    let worstLayer = worst.max { $0.share < $1.share }.map { " (\($0.layer))" } ?? ""
    let numbers = [
      mean(health.map(\.logitSpread)), mean(health.map(\.logitVariation)),
      mean(health.map(\.predictionEntropy)), mean(health.compactMap(\.gradientNorm)),
      percent(worst.map(\.share)) + worstLayer, percent(health.compactMap(\.accuracy)),
    ]
    table.append(
      "<bdi>\(name)</bdi>",
      [.text(state(records))] + numbers.map { .text("\($0)", name: "number") })
  }

  private static func state(_ records: [HealthRecord]) -> HTML {
    let collapsed = records.filter { !$0.problems.isEmpty }
    if collapsed.isEmpty { return "alive" }
    let problems = collapsed.flatMap(\.problems).reduce(into: [String]()) { known, problem in
      if !known.contains(problem) { known.append(problem) }
    }
    return """
      <span class="badge fail">! collapsed</span> in \(collapsed.count) of \
      \(counted(records.count, "seed")): <bdi>\(problems.joined(separator: "; "))</bdi>
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
