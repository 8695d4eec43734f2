import XAIAttribution
import XAIEvaluation
import XAIExperiments
import XAIPlots

/// The plots of an evaluation.
struct EvaluationPlots {
  /// A plot with the name of its files.
  struct Figure {
    let name: String
    let drawing: any Drawable
  }

  private let report: EvaluationReport

  init(_ report: EvaluationReport) { self.report = report }

  private var results: EvaluationResults { report.results }

  /// All of them, in the order of the page.
  var figures: [Figure] {
    var names = FileNames()
    let all: [(String, any Drawable)] =
      shares.map { ("share-\($0)", $1 as any Drawable) }
      + curves.map { ("\($0)-\($1)-\($2)", $3 as any Drawable) }
      + (agreement.map { [("agreement", $0 as any Drawable)] } ?? [])
    return all.map { Figure(name: names.name(for: $0.0), drawing: $0.1) }
  }

  /// How measures agree; nothing where there is nothing to compare.
  var agreement: AgreementDrawing? {
    results.agreement.measures.count > 1 ? AgreementDrawing(results) : nil
  }

  /// The share of the possible of every method against each baseline, by quantity.
  var shares: [(quantity: TargetQuantity, plot: Plot)] {
    [TargetQuantity.probability, .logit].compactMap { quantity in
      let measures = results.measures.filter { $0.name == "share" && $0.quantity == quantity }
      guard !measures.isEmpty else { return nil }
      return (quantity, shares(measures, quantity))
    }
  }

  private func shares(_ measures: [EvaluatedMeasure], _ quantity: TargetQuantity) -> Plot {
    let groups = Dictionary(grouping: results.methods, by: \.group.title)
    let titles = results.methods.map(\.group.title).reduce(into: [String]()) { known, title in
      if !known.contains(title) { known.append(title) }
    }
    let rows = titles.map { ($0, groups[$0]?.map(\.identifier) ?? []) }
    let methods = rows.flatMap(\.1)
    let series = measures.map { measure in
      let found = methods.map { report.index[$0, measure.identifier] }
      return Plot.Series(
        measure.baseline ?? measure.title, kind: .bar, look: "bar", middle: found.map { $0?.value },
        lower: found.map { $0?.lower }, upper: found.map { $0?.upper })
    }
    let count = counted(results.images.count, "image")
    var plot = Plot(
      title: "Share of the possible, by the \(quantity.rawValue)",
      subtitle: [
        "Mean over \(count) with its 95 % interval: 1 is the best order of cells, 0 a random one"
      ],
      labels: methods, numberWords: "share of the possible", series: series, isHorizontal: true)
    plot.groups = rows.map { Plot.Group($0, count: $1.count) }
    return plot
  }

  /// Mean curves of deletion and insertion, by baseline and quantity.
  var curves: [(direction: String, baseline: String, quantity: TargetQuantity, plot: Plot)] {
    results.setup.baselines.flatMap { baseline in
      [TargetQuantity.probability, .logit].flatMap { quantity in
        guard let mean = MeanCurves(report, baseline: baseline, quantity: quantity) else {
          return [(String, String, TargetQuantity, Plot)]()
        }
        return [
          ("deletion", baseline, quantity, mean.deletion),
          ("insertion", baseline, quantity, mean.insertion),
        ]
      }
    }
  }
}

/// What is written as SVG, PDF and PNG.
protocol Drawable {
  /// Writes the files.
  /// - Parameter name: Their path without the endings.
  /// - Throws: Where a file cannot be written.
  func write(to name: String) throws
}

extension Plot: Drawable {}
