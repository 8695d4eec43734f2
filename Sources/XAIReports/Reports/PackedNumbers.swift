package import XAIExperiments

/// The numbers of a test in the short form that pages hold: millionths, separated by commas, empty
/// where there is none.
package struct PackedNumbers {
  /// How many steps all orders of randomization have.
  package let stepCount: Int
  /// For each method and measure, by step, image and seed.
  package private(set) var scores: [[String]] = []
  /// For each method and measure, which of the scores are conventions.
  package private(set) var conventions: [[String]] = []
  /// For each method and measure, mean, deviation, lower and upper end, by step.
  package private(set) var summaries: [[String]] = []
  /// For each method and measure, how many of all values are conventions, by step; empty where none is.
  package private(set) var degenerate: [[String]] = []

  private struct Step: Hashable {
    let mode: RandomizationMode
    let layer: String
  }

  /// Packs the scores of the first images under some seeds, and all summaries.
  package init(_ results: RandomizationResults, images: Int, seeds: [Int]) {
    let steps = results.plans.flatMap { plan in
      plan.layers.map { Step(mode: plan.mode, layer: $0) }
    }
    stepCount = steps.count
    let places = Dictionary(
      steps.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let seedPlaces = Dictionary(
      seeds.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let rows = Dictionary(
      grouping: results.scores.filter { $0.image < images && seedPlaces[$0.step.seed] != nil },
      by: \.method)
    let means = Dictionary(grouping: results.summaries, by: \.method)
    for method in results.methods.map(\.identifier) {
      var values = Array(
        repeating: Array(repeating: "", count: steps.count * images * seeds.count),
        count: results.measures.count)
      var agreed = Array(repeating: [String](), count: results.measures.count)
      for row in rows[method] ?? [] {
        guard let step = places[Step(mode: row.step.mode, layer: row.step.layer)],
          let seed = seedPlaces[row.step.seed]
        else { continue }
        let place = (step * images + row.image) * seeds.count + seed
        for (measure, identifier) in results.measures.enumerated() {
          values[measure][place] = Self.packed(row.values[measure])
          if row.degenerate.contains(identifier) { agreed[measure].append("\(place)") }
        }
      }
      scores.append(values.map { $0.joined(separator: ",") })
      conventions.append(agreed.map { $0.joined(separator: ",") })
      let byMeasure = Dictionary(grouping: means[method] ?? [], by: \.measure)
      degenerate.append(
        results.measures.map { measure in
          var counts = Array(repeating: 0, count: steps.count)
          for row in byMeasure[measure] ?? [] {
            guard let step = places[Step(mode: row.mode, layer: row.layer)] else { continue }
            counts[step] = row.degenerate
          }
          return counts.contains { $0 > 0 } ? counts.map { "\($0)" }.joined(separator: ",") : ""
        })
      summaries.append(
        results.measures.map { measure in
          var values = Array(repeating: "", count: 4 * steps.count)
          for row in byMeasure[measure] ?? [] {
            guard let step = places[Step(mode: row.mode, layer: row.layer)] else { continue }
            for (offset, value) in [row.mean, row.deviation, row.lower, row.upper].enumerated() {
              values[4 * step + offset] = Self.packed(value)
            }
          }
          return values.joined(separator: ",")
        })
    }
  }

  /// Millionths, as a page shows three digits and must not round what was rounded; nothing without a value.
  package static func packed(_ value: Double?) -> String {
    guard let value, abs(value) < 1e9 else { return "" }
    return "\(Int((1_000_000 * value).rounded()))"
  }
}
