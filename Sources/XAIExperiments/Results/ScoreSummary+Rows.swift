public import XAIMetrics

extension ScoreSummary {
  /// Summarises scores over images and seeds.
  ///
  /// Values that are missing, because a map held NaN or infinity, are left out and seen in the count;
  /// where none is left there is no summary. The interval takes into account that values share images
  /// and seeds: a t interval with two-way clustered variance (Cameron, Gelbach and Miller 2011) and the
  /// degrees of freedom of Satterthwaite (1946), at 95 %.
  /// - Parameters:
  ///   - rows: The scores, in whatever order.
  ///   - measures: The measures, in the order of each row's values.
  ///   - methods: The methods in the order that is wanted; others are left out.
  ///   - plans: Modes and layers in the order that is wanted; others are left out.
  /// - Returns: By method, mode, layer and measure, in this order.
  public static func summaries(
    of rows: [ScoreRow], measures: [MeasureRecord], methods: [String], plans: [PlanRecord]
  ) -> [ScoreSummary] {
    let cells = Dictionary(grouping: rows) {
      Cell(method: $0.method, mode: $0.step.mode, layer: $0.step.layer)
    }
    let wanted = methods.flatMap { method in
      plans.flatMap { plan in
        plan.layers.map { Cell(method: method, mode: plan.mode, layer: $0) }
      }
    }
    return wanted.flatMap { cell in
      let rows = cells[cell] ?? []
      return measures.indices.compactMap { index in
        summary(of: rows, at: index, by: measures[index], cell)
      }
    }
  }

  private static func summary(
    of rows: [ScoreRow], at index: Int, by measure: MeasureRecord, _ cell: Cell
  ) -> ScoreSummary? {
    var (values, degenerate): ([CrossedMean.Value], Int) = ([], 0)
    for row in rows {
      precondition(
        row.values.count > index, "\(row.values.count) values, but no \(measure.identifier)")
      guard let value = row.values[index] else { continue }
      values.append(CrossedMean.Value(image: row.image, draw: row.step.seed, value: value))
      if row.degenerate.contains(measure.identifier) { degenerate += 1 }
    }
    guard !values.isEmpty else { return nil }
    let mean = CrossedMean(values, scale: measure.scale.range)
    return ScoreSummary(
      method: cell.method, mode: cell.mode, layer: cell.layer, measure: measure.identifier,
      count: mean.count, mean: mean.mean, deviation: mean.deviation, lower: mean.lower.finite,
      upper: mean.upper.finite, degenerate: degenerate)
  }

  private struct Cell: Hashable {
    var method: String
    var mode: RandomizationMode
    var layer: String
  }
}
