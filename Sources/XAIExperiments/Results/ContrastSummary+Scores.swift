public import XAIMetrics

extension ContrastSummary {
  /// Summarises scores over images.
  ///
  /// The interval is a t interval at 95 %. Where an image has several values, such as those of several
  /// random classes, they count as one cluster (Cameron, Gelbach and Miller 2011), so that many draws on
  /// few images do not pass for many images. Values that are missing are left out; where none is left
  /// there is no summary.
  /// - Parameters:
  ///   - scores: The scores, in whatever order.
  ///   - pairs: What they are of.
  ///   - measures: The measures, in the order of each row's values.
  ///   - methods: The methods in the order that is wanted.
  ///   - contrasts: The contrasts in the order that is wanted.
  /// - Returns: By method, contrast and measure, in this order.
  public static func summaries(
    of scores: [ContrastScore], pairs: [ContrastPair], measures: [MeasureRecord], methods: [String],
    contrasts: [ContrastRecord]
  ) -> [ContrastSummary] {
    let cells = Dictionary(grouping: scores) {
      Cell(method: $0.method, contrast: pairs[$0.pair].contrast)
    }
    return methods.flatMap { method in
      contrasts.indices.flatMap { contrast in
        let rows = cells[Cell(method: method, contrast: contrast)] ?? []
        return measures.indices.compactMap { index in
          summary(
            of: rows, pairs, at: index, by: measures[index], method,
            contrasts[contrast].identifier)
        }
      }
    }
  }

  private struct Cell: Hashable {
    let method: String
    let contrast: Int
  }

  private static func summary(
    of rows: [ContrastScore], _ pairs: [ContrastPair], at index: Int, by measure: MeasureRecord,
    _ method: String, _ contrast: String
  ) -> ContrastSummary? {
    var (values, degenerate): ([CrossedMean.Value], Int) = ([], 0)
    for row in rows {
      guard let value = row.values[index] else { continue }
      // Draws of different images have nothing in common: all are of one draw.
      values.append(.init(image: pairs[row.pair].image, draw: 0, value: value))
      if row.degenerate.contains(measure.identifier) { degenerate += 1 }
    }
    guard !values.isEmpty else { return nil }
    let mean = CrossedMean(values, scale: measure.scale.range)
    let images = Set(values.map(\.image)).count
    return ContrastSummary(
      method: method, contrast: contrast, measure: measure.identifier, images: images,
      count: mean.count,
      mean: mean.mean, deviation: mean.deviation, lower: images > 1 ? mean.lower : nil,
      upper: images > 1 ? mean.upper : nil, degenerate: degenerate)
  }
}
