import XAIMetrics

extension RandomizationResults {
  /// Fills in summaries, verdicts and the rule from scores and maps.
  /// - Parameters:
  ///   - rule: The rule.
  ///   - maps: Where the original maps are, for noise floors.
  /// - Throws: Where a map cannot be read.
  public mutating func judge(by rule: VerdictRule, maps: some MapSource) throws {
    summaries = ScoreSummary.summaries(
      of: scores, measures: measures, methods: methods.map(\.identifier), plans: plans)
    var floors: [String: NoiseFloor] = [:]
    if let measure = SimilarityPanel.measure(rule.measure) {
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
