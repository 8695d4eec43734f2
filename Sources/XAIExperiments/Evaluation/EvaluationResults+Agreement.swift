import XAIEvaluation

extension EvaluationResults {
  /// The table of the methods that are ranked, without controls and without scores on too few images.
  var rankedTable: ScoreTable {
    let all = ScoreTable(
      scores.flatMap(\.values), methods: methods.count, images: images.count, measures: measures)
    return all.settled.methods(at: methods.indices.filter { methods[$0].kind != .control })
  }

  /// The names of methods without controls.
  public var rankedMethods: [String] {
    methods.filter { $0.kind != .control }.map(\.identifier)
  }

  /// The measures to look at first: one baseline and quantity.
  var headlineMeasures: [Int] {
    let baseline = setup.baselines.first
    return measures.indices.filter {
      measures[$0].isHeadline && (measures[$0].baseline ?? baseline) == baseline
        && measures[$0].quantity != .probability
    }
  }

  /// The measures of the trade-off: headlines against every baseline, of the logit.
  private var frontMeasures: [Int] {
    measures.indices.filter { measures[$0].isHeadline && measures[$0].quantity != .probability }
  }

  /// Fills in how measures agree and which methods nobody beats.
  mutating func compareMeasures() {
    let table = rankedTable
    let ranking = measures.indices.filter {
      measures[$0].direction != .describes && measures[$0].family != .complexity
    }
    let ordered = MeasureColumn.Family.allCases.flatMap { family in
      ranking.filter { measures[$0].family == family }
    }
    let centers = ordered.map { measure in
      (0..<table.methods).map { table.center($0, measure)?.value }
    }
    let tau = ordered.indices.map { left in
      ordered.indices.map { right -> Double? in
        left == right
          ? (Set(centers[left].compactMap(\.self)).count > 1 ? 1 : nil)
          : table.kendall(ordered[left], ordered[right])
      }
    }
    var worst: AgreementRecord.Pair?
    for left in ordered.indices {
      for right in ordered.indices where right > left {
        guard let value = tau[left][right], value < worst?.tau ?? 1,
          !isOneNumber(measures[ordered[left]], measures[ordered[right]])
        else { continue }
        worst = .init(
          first: measures[ordered[left]].identifier,
          second: measures[ordered[right]].identifier, tau: value)
      }
    }
    agreement = AgreementRecord(
      measures: ordered.map { measures[$0].identifier }, tau: tau, methods: table.methods,
      nullDeviation: table.kendallNullDeviation, worst: worst)
    let headlines = frontMeasures.filter { measure in
      (0..<table.methods).contains { table.center($0, measure) != nil }
    }
    let front = headlines.isEmpty ? [] : table.paretoFront(headlines)
    pareto = zip(rankedMethods, front).filter(\.1).map(\.0)
  }

  /// Pairs that are one number by definition: agreement between them says nothing.
  private func isOneNumber(_ left: EvaluatedMeasure, _ right: EvaluatedMeasure) -> Bool {
    let areas: Set<String> = ["deletion", "insertion", "gain", "aopc"]
    if left.name == right.name, left.baseline == right.baseline { return true }
    return areas.contains(left.name) && areas.contains(right.name)
  }
}
