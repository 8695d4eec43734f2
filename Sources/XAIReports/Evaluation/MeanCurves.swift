import XAIEvaluation
import XAIExperiments
import XAITensor

/// Removal curves of the best methods, averaged over images.
struct MeanCurves {
  private let baseline: String
  private let quantity: TargetQuantity
  private let sizes: [Int]
  private let images: Int
  private let methods: [(name: String, morf: [Double], lerf: [Double])]
  private let random: [Double]

  /// Averages the curves of one baseline; nil where there are none that have the same points.
  init?(_ report: EvaluationReport, baseline: String, quantity: TargetQuantity) {
    let entries = report.outcome.curves.entries.filter { $0.baseline == baseline }
    guard let first = entries.first, first.random.sizes.count > 1,
      entries.allSatisfy({ $0.hasPoints(first.random.sizes) })
    else { return nil }
    (self.baseline, self.quantity) = (baseline, quantity)
    (sizes, images) = (first.random.sizes, entries.count)
    methods = report.best(baseline, quantity).compactMap { method in
      let pairs = entries.compactMap { $0.methods[method] }
      guard !pairs.isEmpty else { return nil }
      return (
        report.results.methods[method].identifier, Self.mean(pairs.map(\.morf), quantity),
        Self.mean(pairs.map(\.lerf), quantity)
      )
    }
    random = Self.mean(entries.map(\.random), quantity)
  }

  private static func mean(_ curves: [RemovalCurve], _ quantity: TargetQuantity) -> [Double] {
    curves[0].sizes.indices.map { point in
      curves.reduce(0) { $0 + $1.values[point][quantity] } / Double(curves.count)
    }
  }

  /// Most relevant pixels go first.
  var deletion: Plot {
    plot(
      "Deletion", "share of pixels gone, most relevant first", methods.map { ($0.name, $0.morf) })
  }

  /// Most relevant pixels come first, which is the curve of the least relevant going first backwards.
  var insertion: Plot {
    plot(
      "Insertion", "share of pixels shown, most relevant first",
      methods.map { ($0.name, $0.lerf.reversed()) }, isReversed: true)
  }

  private func plot(
    _ title: String, _ words: String, _ curves: [(name: String, values: [Double])],
    isReversed: Bool = false
  ) -> Plot {
    let pixels = Double(sizes.last ?? 1)
    let every = max(1, (sizes.count - 1) / 8)
    let shares = sizes.map { Double($0) / pixels }
    // Insertion goes from none to all, too.
    let labels = (isReversed ? shares.reversed().map { 1 - $0 } : shares).enumerated().map {
      $0 % every == 0 ? "\(fixedPoint(100 * $1, digits: 0)) %" : ""
    }
    let none = [Double?](repeating: nil, count: sizes.count)
    let all = curves + [("random orders", isReversed ? random.reversed() : random)]
    let series = all.map { name, values in
      var one = Plot.Series(name, middle: values, lower: none, upper: none)
      one.hasMarks = false
      return one
    }
    let better = isReversed ? "higher is better" : "lower is better"
    var plot = Plot(
      title: "\(title) against \(baseline), by the \(quantity.rawValue)",
      subtitle: [
        "Mean over \(counted(images, "image")) of the methods that come first in share of the possible; "
          + better
      ], labels: labels, labelWords: words,
      numberWords: quantity == .logit ? "logit of the class" : "probability of the class",
      series: series)
    plot.greatest = quantity == .logit ? 0 : 1
    return plot
  }
}

extension EvaluationCurves.Entry {
  /// Whether all curves of methods have these points.
  fileprivate func hasPoints(_ sizes: [Int]) -> Bool {
    random.sizes == sizes
      && methods.compactMap(\.self).allSatisfy {
        $0.morf.sizes == sizes && $0.lerf.sizes == sizes
      }
  }
}

extension EvaluationReport {
  /// The methods without controls that come first in share of the possible; the first ones where that was not
  /// measured.
  func best(_ baseline: String, _ quantity: TargetQuantity) -> [Int] {
    let share = results.measures.first {
      $0.name == "share" && $0.baseline == baseline && $0.quantity == quantity
    }
    let ranked = results.methods.indices.filter { results.methods[$0].kind != .control }.map {
      method in
      (method, share.flatMap { index[results.methods[method].identifier, $0.identifier]?.value })
    }
    let order = ranked.sorted { ($0.1 ?? -.infinity, -$0.0) > ($1.1 ?? -.infinity, -$1.0) }
    return order.prefix(options.plottedMethods).map(\.0)
  }
}
