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
    let higher = measures.map { $0.direction != .lower }
    let all = ScoreTable(
      scores.flatMap(\.values), methods: methods.count, images: images, higherIsBetter: higher)
    let ranked = methods.indices.filter { methods[$0].kind != .control }
    let ranks = ScoreTable(
      ranked.flatMap { method in (0..<images).flatMap { scores[method * images + $0].values } },
      methods: ranked.count, images: images, higherIsBetter: higher)
    let control = methods.firstIndex { $0.identifier == Self.control }
    let samples = (0..<resamples).map { draws.resample(images: images, sample: $0) }
    var columns = measures.indices.map { measure in
      // Some columns are about part of the images: those with an object, the first ones.
      let most = methods.indices.reduce(0) { max($0, all.count($1, measure)) }
      return methods.indices.map { method in
        summary(all, method, measure, methods, measures, over: control, ofImages: most)
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

  private static func summary(
    _ table: ScoreTable, _ method: Int, _ measure: Int, _ methods: [EvaluatedMethod],
    _ measures: [EvaluatedMeasure], over control: Int?,
    ofImages most: Int
  ) -> EvaluationSummary {
    let record = measures[measure]
    var summary = EvaluationSummary(
      method: methods[method].identifier, measure: record.identifier, count: 0, groups: "")
    let isMedian = record.statistic == .median
    let median = isMedian ? table.median(method, measure) : nil
    let mean = isMedian ? nil : table.mean(method, measure)
    summary.count = median?.count ?? mean?.count ?? 0
    // A mean over few of the images is about other images than those of its neighbors.
    if summary.count > 0, 2 * summary.count >= most {
      summary.value = median?.median ?? mean?.mean
      let interval = median?.interval ?? mean?.interval
      (summary.lower, summary.upper) = (interval?.lowerBound, interval?.upperBound)
    }
    guard let control, control != method, record.direction != .describes,
      let gain = table.gain(method, over: control, measure)
    else { return summary }
    summary.gain = gain.mean
    (summary.gainLower, summary.gainUpper) = (
      gain.interval?.lowerBound, gain.interval?.upperBound
    )
    return summary
  }

  /// The letter of a group: a to z, then with a number.
  private static func letter(_ group: Int) -> String {
    let letters = Array("abcdefghijklmnopqrstuvwxyz")
    return String(letters[group % letters.count])
      + (group < letters.count ? "" : "\(group / letters.count)")
  }
}
