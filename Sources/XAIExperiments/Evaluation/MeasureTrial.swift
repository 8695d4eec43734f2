import XAIAttribution
import XAIEvaluation
import XAIMetrics
import XAINetworks
import XAITensor

/// Judges the measures themselves.
///
/// One that changes its mind about methods when nobody could see the difference, or that likes the maps of a random
/// network as well, measures something else.
///
/// * **Noise resilience**: each image is disturbed by less than five of 255 levels and explained again; Kendall's
///   tau-b between the scores of the methods before and after, its mean over images. 1 is best.
/// * **Adversary**: every layer of the network is made random; the share of images and methods whose score gets worse
///   with the maps of that network, equal ones half. 1 is best, 0.5 is a coin.
/// Source: Hedström et al. 2023, MetaQuantus.
/// - Note: Deviation: MetaQuantus treats every measure as one of which lower is better, so that others are scored
///   upside down, and compares positions of a sort in place of ranks.
struct MeasureTrial {
  let plan: EvaluationPlan
  let explainer: EvaluationExplainer
  let store: EvaluationStore
  private let seed: UInt64
  /// The network with every layer random: one for all images and methods, as its weights are packed for the kernels.
  private let random: ExplainedNetwork

  init(
    plan: EvaluationPlan, explainer: EvaluationExplainer, store: EvaluationStore, seed: UInt64
  ) {
    (self.plan, self.explainer, self.store, self.seed) = (plan, explainer, store, seed)
    let network = explainer.session.network.explained
    random = ExplainedNetwork(
      network.network,
      parameters: Randomization().randomize(
        RandomizationPlan.layers(of: network.network), of: network.parameters,
        in: network.network, seed: seed),
      backend: network.backend)
  }

  /// What was found on an image: for each column the agreement with its disturbed copy, and what the random network
  /// does to the score of each method.
  struct Finding {
    /// Tau for each column; nil where a column does not tell methods apart.
    let agreement: [Double?]
    /// For each column 1 for each method whose score got worse, 0.5 where it stayed.
    let worse: [[Double]]
  }

  /// Measures of maps and the network: localization and robustness ask for other maps.
  private var measures: [any EvaluationMeasure] {
    plan.columns.measures.filter { $0.family != .localization && $0.family != .robustness }
  }

  /// The columns that are tried: those of such measures that rank.
  var columns: [MeasureColumn] {
    let wanted = Set(plan.columns.columns.map(\.identifier))
    return measures.flatMap(\.columns).filter {
      $0.direction != .describes && wanted.contains($0.identifier)
    }
  }

  /// Tries all measures on an image.
  func finding(_ position: Int, rows: [EvaluationJudge.Row]) throws -> Finding {
    let original = columns.map { column in
      plan.columns.columns.firstIndex { $0.identifier == column.identifier }
    }
    let scores = original.map { index in
      plan.methods.indices.map { method in index.flatMap { rows[method].values[$0] } }
    }
    let disturbed = try self.scores(of: .disturbed, position)
    let random = try self.scores(of: .random, position)
    return Finding(
      agreement: columns.indices.map { tau(scores[$0], disturbed[$0]) },
      worse: columns.indices.map { column in
        zip(scores[column], random[column]).compactMap { before, after in
          guard let before, let after else { return nil }
          let fall = columns[column].direction == .higher ? before - after : after - before
          return fall > 0 ? 1 : fall == 0 ? 0.5 : 0
        }
      })
  }

  /// What is changed.
  private enum Change: String {
    case disturbed
    case random
  }

  private func scores(of change: Change, _ position: Int) throws -> [[Double?]] {
    let wanted = columns
    let all = measures.flatMap(\.columns)
    let places = wanted.map { column in all.firstIndex { $0.identifier == column.identifier } ?? 0 }
    let inputs =
      [change.rawValue, "\(seed)", measures.map { "\($0)" }.joined(separator: ",")]
      + (try plan.methods.map { method in
        let key = try explainer.key(
          method, .init(subject: position, target: plan.subjects[position].target))
        return "\(key.name) \(key.method.method) \(key.method.parameters)"
      }) + plan.baselines.map { plan.fillingName($0, position) } + [
        "\(plan.cells)", plan.othersName,
      ]
    let count = plan.methods.count * all.count
    let numbers = try store.numbers("trial", count: count, of: inputs) {
      try compute(change, position).flatMap(\.self)
    }
    return places.map { place in
      plan.methods.indices.map { numbers[$0 * all.count + place] }
    }
  }

  /// For each method the numbers of all measures.
  private func compute(_ change: Change, _ position: Int) throws -> [[Double?]] {
    let noise = plan.disturbance(of: position)
    let judged = try plan.judged(position, disturbedBy: change == .disturbed ? noise : nil)
    if change == .random {
      // The image is the same, so that what all methods share is known.
      judged.keepAnswers { filling in
        store.archive(
          of: plan.subjects[position], filling: plan.fillingName(filling, position))
      }
    }
    let maps = try plan.methods.map { method in
      try explainer.changedMap(
        of: method, position, disturbedBy: change == .disturbed ? noise : nil,
        on: change == .random ? random : nil)
    }
    let known = maps.compactMap(\.self).map { judged.judged($0) }
    try judged.prepare(known, by: measures)
    return try maps.map { map in
      guard let map else { return measures.flatMap(\.columns).map { _ in nil } }
      return try judged.scores(of: judged.judged(map), by: measures)
    }
  }

  /// Tau-b of two lists of scores; nil where either does not tell methods apart.
  private func tau(_ left: [Double?], _ right: [Double?]) -> Double? {
    let values = zip(left, right).flatMap { [$0, $1] }
    return ScoreTable(
      values, methods: left.count, images: 1, higherIsBetter: [true, true]
    ).kendall(0, 1)
  }
}

extension EvaluationResults {
  /// What trials say about measures.
  mutating func add(_ findings: [MeasureTrial.Finding], of columns: [MeasureColumn]) {
    trials = columns.indices.map { column in
      let agreements = findings.compactMap { $0.agreement[column] }
      let worse = findings.flatMap { $0.worse[column] }
      return MeasureTrialRecord(
        measure: columns[column].identifier,
        noiseResilience: agreements.isEmpty
          ? nil : agreements.reduce(0, +) / Double(agreements.count),
        adversary: worse.isEmpty ? nil : worse.reduce(0, +) / Double(worse.count),
        images: findings.count)
    }
  }
}
