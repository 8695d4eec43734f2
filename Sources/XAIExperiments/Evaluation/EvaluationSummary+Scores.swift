public import XAIEvaluation

extension EvaluationSummary {
  /// What the paired gain is over.
  static let control = EvaluationControl.random.rawValue
  /// How many resampled sets of images rank intervals stand on.
  static let resamples = 1_000

  /// Summaries of scores over images.
  /// - Parameters:
  ///   - scores: Method by method, image by image.
  ///   - methods: The methods, in the order of the scores.
  ///   - measures: The measures, in the order of the values.
  ///   - images: The number of images.
  ///   - draws: Makes the resampled sets of images.
  /// - Returns: One for each method and measure, method by method.
  public static func summaries(
    of scores: [EvaluationScore], methods: [EvaluatedMethod], measures: [EvaluatedMeasure],
    images: Int, draws: EvaluationDraws
  ) -> [EvaluationSummary] {
    let all = ScoreTable(
      scores.flatMap(\.values), methods: methods.count, images: images, measures: measures)
    let settled = all.settled
    let ranked = methods.indices.filter { methods[$0].kind != .control }
    let ranks = settled.methods(at: ranked)
    let control = methods.firstIndex { $0.identifier == Self.control }
    let samples = (0..<resamples).map { draws.resample(images: images, sample: $0) }
    var columns = measures.indices.map { measure in
      methods.indices.map { method in
        var summary = EvaluationSummary(
          method: methods[method].identifier, measure: measures[measure].identifier,
          count: all.count(method, measure), groups: "")
        summary.take(settled.center(method, measure))
        if let control, control != method, measures[measure].direction != .describes {
          summary.takeGain(settled.gain(method, over: control, measure))
        }
        return summary
      }
    }
    for measure in measures.indices where measures[measure].direction != .describes {
      let places = ranks.ranks(measure)
      let intervals = ranks.bootstrapRanks(measure, samples: samples)
      let groups = ranks.letterGroups(measure)
      for (position, method) in ranked.enumerated()
      where columns[measure][method].value != nil {
        columns[measure][method].rank = places[position]
        columns[measure][method].rankLower = intervals[position].interval?.lowerBound
        columns[measure][method].rankUpper = intervals[position].interval?.upperBound
        columns[measure][method].first = intervals[position].firstShare
        columns[measure][method].groups = groups[position].map(letter).joined()
      }
    }
    return methods.indices.flatMap { method in columns.map { $0[method] } }
  }

  private mutating func take(_ center: CentralScore?) {
    value = center?.value
    (lower, upper) = (center?.interval?.lowerBound, center?.interval?.upperBound)
  }

  private mutating func takeGain(_ center: CentralScore?) {
    gain = center?.value
    (gainLower, gainUpper) = (center?.interval?.lowerBound, center?.interval?.upperBound)
  }

  /// The letter of a group: a to z, then with a number.
  private static func letter(_ group: Int) -> String {
    let letters = Array("abcdefghijklmnopqrstuvwxyz")
    return String(letters[group % letters.count])
      + (group < letters.count ? "" : "\(group / letters.count)")
  }
}

extension ScoreTable {
  /// Takes scores of measures.
  /// - Parameters:
  ///   - scores: `[methods, images, measures]`.
  ///   - methods: The number of methods.
  ///   - images: The number of images.
  ///   - measures: What the scores mean.
  init(_ scores: [Double?], methods: Int, images: Int, measures: [EvaluatedMeasure]) {
    self.init(
      scores, methods: methods, images: images,
      higherIsBetter: measures.map { $0.direction != .lower },
      statistics: measures.map(\.statistic))
  }
}
