import XAIAttribution
import XAIFiles
import XAIRepresentations
import XAIStatistics
import XAITensor

extension ExampleTensors {
  /// Bounds, three states and a run of KL-LUCB, and the precision of rules over segments.
  func anchors() throws -> [Named] {
    var results: [Named] = []
    if given.holds("anchor.counts") { results += try bounds() }
    if given.holds("anchor.kllucb.positives") { results += try rounds() }
    if given.holds("anchor.kllucb.outcomes") { results += try wholeRun() }
    if isAsked(below: "anchor.exact") { results += try exactRules() }
    if isAsked(below: "anchor.matches") { results += try sampledRules() }
    return results
  }

  private func bounds() throws -> [Named] {
    let (rows, columns, _) = try matrix("anchor.counts")
    let counts = try given.integers("anchor.counts", in: 0...1 << 40)
    guard columns == 2 else {
      throw ExampleFailure(
        .shape(of: "anchor.counts", found: [rows, columns], expected: "[rows, 2]"))
    }
    let pairs = (0..<rows).map { (counts[2 * $0], counts[2 * $0 + 1]) }
    if let pair = pairs.first(where: { $0.1 < 1 || $0.0 > $0.1 }) {
      throw ExampleFailure(
        .value(
          of: "a row of anchor.counts", found: "\(pair.0) of \(pair.1)",
          expected: "at most as many matches as samples, and a sample"))
    }
    var results: [Named] = []
    for name in Set(parameters.names(of: "anchor.klBounds").compactMap(\.first)).sorted() {
      let prefix = "anchor.klBounds.\(name)"
      guard let level = try parameters.number("level", of: prefix) else {
        throw ExampleFailure(.missing("parameter level of \(prefix)"))
      }
      results.append(
        numbers(
          prefix, [rows, 2],
          pairs.flatMap { matches, samples in
            let mean = Double(matches) / Double(samples)
            return [
              KLBounds.lower(mean, samples: samples, level: level),
              KLBounds.upper(mean, samples: samples, level: level),
            ]
          }))
    }
    let confidence = try parameters.number("confidence", of: "anchor.clopperPearson") ?? 0.95
    guard confidence > 0, confidence < 1 else {
      throw ExampleFailure(
        .value(of: "the confidence", found: "\(confidence)", expected: "a number between 0 and 1"))
    }
    results.append(
      numbers(
        "anchor.clopperPearson", [rows],
        pairs.map {
          BetaDistribution.lowerBound(successes: $0.0, trials: $0.1, error: 1 - confidence)
        }))
    return results
  }

  private func bandit(_ prefix: String) throws -> KLLUCB {
    var bandit = KLLUCB()
    bandit.delta = try parameters.number("delta", of: prefix) ?? bandit.delta
    bandit.alpha = try parameters.number("alpha", of: prefix) ?? bandit.alpha
    bandit.factor = try parameters.number("k1", of: prefix) ?? bandit.factor
    return bandit
  }

  /// The tops and rounds at which states are looked at.
  private static let looks = [[1, 1], [2, 5]]

  private func rounds() throws -> [Named] {
    let prefix = "anchor.kllucb.arms"
    let (states, arms, _) = try matrix("anchor.kllucb.positives")
    let positives = try given.integers("anchor.kllucb.positives", in: 0...1 << 40)
    let samples = try given.integers("anchor.kllucb.samples", in: 1...1 << 40)
    guard samples.count == positives.count else {
      throw ExampleFailure(
        .shape(
          of: "anchor.kllucb.samples", found: [samples.count], expected: "[\(states), \(arms)]"))
    }
    var bandit = try bandit(prefix)
    let looks = try parameters.groups("looks", of: prefix) ?? Self.looks
    var (critical, bounds) = ([Int](), [Double]())
    for state in 0..<states {
      let range = state * arms..<(state + 1) * arms
      for look in looks where look.count == 2 {
        bandit.top = look[0]
        let round = bandit.round(
          KLLUCB.State(positives: Array(positives[range]), samples: Array(samples[range])),
          number: look[1])
        critical += [look[0], look[1], round.outside ?? -1, round.inside ?? -1]
        bounds += [round.level, round.gap] + round.lower + round.upper
      }
    }
    return [
      integers(prefix, [critical.count / 4, 4], critical),
      numbers("anchor.kllucb.bounds", [critical.count / 4, 2 + 2 * arms], bounds),
    ]
  }

  private func wholeRun() throws -> [Named] {
    let prefix = "anchor.kllucb.best"
    let (arms, most, _) = try matrix("anchor.kllucb.outcomes")
    let outcomes = try given.integers("anchor.kllucb.outcomes", in: 0...1)
    var bandit = try bandit(prefix)
    bandit.top = try parameters.integer("top", of: prefix) ?? 2
    bandit.batch = try parameters.integer("batch", of: prefix) ?? 10
    bandit.epsilon = try parameters.number("epsilon", of: prefix) ?? 0.15
    bandit.start = 1
    if case .string? = parameters.value("start", of: prefix) {
      bandit.start =
        try parameters.count("samples", of: prefix, in: "start", before: "sample") ?? 1
    } else if let start = try parameters.integer("start", of: prefix) {
      bandit.start = start
    }
    bandit.most = .max
    let run = try bandit.run(arms: arms) { arm, range in
      guard range.upperBound <= most else {
        throw ExampleFailure(
          .value(
            of: "the samples asked of an arm", found: "\(range.upperBound)",
            expected: "at most the \(most) of anchor.kllucb.outcomes"))
      }
      return outcomes[arm * most + range.lowerBound..<arm * most + range.upperBound].reduce(0, +)
    }
    return [
      integers(prefix, [run.best.count], run.best),
      integers("anchor.kllucb.used", [arms], run.state.samples),
      integers(
        "anchor.kllucb.trace", [run.trace.count, 2],
        run.trace.flatMap { [$0.outside, $0.inside] }),
      numbers("anchor.kllucb.gaps", [run.trace.count], run.trace.map(\.gap)),
    ]
  }

  /// Every rule over a few segments, from all coalitions.
  private func exactRules() throws -> [Named] {
    let segments = try segments("anchor.segments")
    let others = try images("regions.distractors")
    guard others.rows == images.rows, segments.count <= RuleTable.mostSegments else {
      throw ExampleFailure(
        .shape(
          of: "regions.distractors with anchor.segments", found: others.shape + [segments.count],
          expected:
            "an image for each one explained, and at most \(RuleTable.mostSegments) segments")
      )
    }
    let threshold = try parameters.number("threshold", of: "anchor.exact.best") ?? 0.95
    let predicted = try reader.logits(of: images)
    let rows = 1 << segments.count
    let design = (0..<rows).map { index in
      (0..<segments.count).map { index >> $0 & 1 == 1 }
    }
    var (same, precision, best, classes) = ([Bool](), [Double](), [Int](), [Int]())
    for image in 0..<images.rows {
      classes.append(predicted.logits(image).indexOfLargest)
      let rules = try SegmentRules(
        image: images.row(image), target: classes[image], segments: segments,
        fills: others.row(image), reader)
      let answers = try rules.matches(
        of: [], design: design, background: Array(repeating: 0, count: rows))
      let table = try RuleTable(answers)
      same += answers
      precision += table.precision
      best.append(table.shortest(threshold: threshold) ?? -1)
    }
    return [
      integers("anchor.exact.same", [images.rows, rows], same.map { $0 ? 1 : 0 }),
      integers("anchor.exact.predicted", [images.rows], classes),
      numbers("anchor.exact.precision", [images.rows, rows], precision),
      integers("anchor.exact.best", [images.rows], best),
    ]
  }

  /// The empty rule and those of one segment, on given samples.
  private func sampledRules() throws -> [Named] {
    let segments = try segments("perturbation/segments")
    let fills = try images("inputs/baseline.distribution")
    let (rows, columns, _) = try matrix("anchor.design")
    let design = try given.integers("anchor.design", in: 0...1)
    let background = try given.integers("anchor.background", in: 0...max(fills.rows - 1, 0))
    guard columns == segments.count, background.count == rows else {
      throw ExampleFailure(
        .shape(
          of: "anchor.design", found: [rows, columns],
          expected: "[\(background.count), \(segments.count)]"))
    }
    let predicted = try reader.logits(of: images)
    var matches: [Bool] = []
    for image in 0..<images.rows {
      let rules = try SegmentRules(
        image: images.row(image), target: predicted.logits(image).indexOfLargest,
        segments: segments, fills: fills, reader)
      for rule in [[]] + (0..<segments.count).map({ [$0] }) {
        matches += try rules.matches(
          of: rule,
          design: (0..<rows).map { row in
            design[row * columns..<(row + 1) * columns].map { $0 == 1 }
          }, background: background)
      }
    }
    return [
      integers(
        "anchor.matches", [images.rows, 1 + segments.count, rows], matches.map { $0 ? 1 : 0 })
    ]
  }
}
