public import XAIMetrics

extension RandomizationResults {
  /// Fills in summaries, verdicts and the rule from scores and maps.
  /// - Parameters:
  ///   - rule: The rule.
  ///   - maps: Where the original maps are, for noise floors.
  ///   - known: The measures of the test; those of this toolkit are found by their names.
  /// - Throws: Where a map cannot be read.
  public mutating func judge(
    by rule: VerdictRule, maps: some MapSource, measures known: [any SimilarityMeasure] = []
  ) throws {
    summaries = ScoreSummary.summaries(
      of: scores, measures: allMeasureRecords, methods: methods.map(\.identifier), plans: plans)
    var floors: [String: NoiseFloor] = [:]
    let measure =
      known.first { $0.identifier == rule.measure } ?? SimilarityPanel.measure(rule.measure)
    if let measure {
      for method in methods {
        floors[method.identifier] = try NoiseFloor.measure(
          method.identifier, images: images.count, maps: maps, by: measure)
      }
    }
    verdicts = rule.verdicts(
      of: methods, summaries: summaries, health: health, floors: floors,
      images: images.count)
    self.rule = rule.text
  }
}
