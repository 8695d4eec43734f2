import XAIAttribution
import XAIExperiments
import XAIMetrics

/// Plots of similarity over layers, one for each mode and group of methods.
struct SimilarityPlots {
  struct Figure {
    /// The name of its files.
    let name: String
    let mode: RandomizationMode
    let group: MethodGroup
    var plot: Plot
  }

  private struct Place: Hashable {
    let method: String
    let mode: RandomizationMode
    let layer: String
  }

  private let results: RandomizationResults
  private let margin: Double

  init(_ results: RandomizationResults, margin: Double) {
    (self.results, self.margin) = (results, margin)
  }

  func plots(of measures: [String]) -> [Figure] {
    measures.flatMap { measure in
      let scale = results.record(of: measure).scale
      let known = Dictionary(
        results.summaries.filter { $0.measure == measure }.map {
          (Place(method: $0.method, mode: $0.mode, layer: $0.layer), $0)
        }, uniquingKeysWith: { first, _ in first })
      // One axis for all, so that they can be compared.
      let least =
        known.values.map { scale.clamped($0.mean - $0.deviation) }.filter(\.isFinite).min() ?? 0
      return results.plans.flatMap { plan in
        MethodGroup.allCases.compactMap { group in
          var figure = figure(measure, scale, plan, group, known)
          figure?.plot.least = least
          figure?.plot.greatest = scale.greatest ?? scale.equal
          return figure
        }
      }
    }
  }

  private func figure(
    _ measure: String, _ scale: MeasureScale, _ plan: PlanRecord, _ group: MethodGroup,
    _ known: [Place: ScoreSummary]
  ) -> Figure? {
    let methods = results.methods.filter { $0.group == group }
    guard !methods.isEmpty else { return nil }
    let series = methods.map { method in
      let found = plan.layers.map { layer in
        known[Place(method: method.identifier, mode: plan.mode, layer: layer)]
      }
      return Plot.Series(
        method.identifier, middle: found.map { $0?.mean },
        // Nothing lies beyond the scale's ends: an axis up to 1.5 would only flatten similarities.
        lower: found.map { $0.map { scale.clamped($0.mean - $0.deviation) } },
        upper: found.map { $0.map { scale.clamped($0.mean + $0.deviation) } })
    }
    let seeds = results.seeds
    var plot = Plot(
      title: "\(group.reportTitle), \(plan.mode.title)",
      subtitle: [
        "\(results.record(of: measure).title): mean and standard deviation over "
          + "\(counted(results.images.count, "image")) and \(counted(seeds, "seed"))"
      ],
      labels: plan.layers,
      labelWords: plan.mode == .independent ? "the random layer" : "last layer made random",
      numberWords: "similarity to the trained network's map", series: series)
    if measure == results.headline {
      plot.references = [.margin(margin, "margin \(margin)")]
      let names = Set(methods.map(\.identifier))
      let floors = results.verdicts.filter { names.contains($0.method) }.compactMap(\.floor)
        .filter(\.isFinite)
      if let low = floors.min(), let high = floors.max() {
        let words = low < high ? "noise floors, from least to most" : "noise floor"
        plot.references.append(.floor(low...high, words))
      }
    }
    let suffix = measure == results.headline ? "" : ".\(measure)"
    return Figure(
      name: "\(plan.mode.rawValue)-\(group.rawValue)\(suffix)", mode: plan.mode, group: group,
      plot: plot)
  }
}

extension MethodGroup {
  /// What its methods have in common.
  var reportTitle: String {
    switch self {
    case .gradient: "Gradients and rectifier rules"
    case .reference: "Comparison with a reference"
    case .path: "Integration along paths"
    case .relevance: "Relevance propagation"
    case .perturbation: "Perturbation of the input"
    case .control: "Controls: no explanations"
    }
  }
}

/// A number of things, such as `1 seed` or `5 seeds`.
func counted(_ number: Int, _ thing: String) -> String {
  number == 1 ? "1 \(thing)" : "\(number) \(thing)s"
}
