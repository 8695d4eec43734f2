import XAIMetrics
import XAITensor

extension VerdictRule {
  /// All that is known about a method.
  struct Evidence {
    /// Its summaries.
    var summaries: [ScoreSummary]
    /// Its noise floor.
    var floor: NoiseFloor?
    /// What is wrong with the networks that decide.
    var collapse: String?
    /// How many images were tested.
    var images: Int

    func summary(
      _ mode: RandomizationMode, _ layer: String, _ measure: String
    ) -> ScoreSummary? {
      summaries.first { $0.mode == mode && $0.layer == layer && $0.measure == measure }
    }
  }

  /// The margin of absolute ranks, whose scale is that of correlations.
  var ranksMargin: Double { record.scale == .correlation ? margin : 0.95 }

  /// Whether maps are as alike as a limit says, or more.
  func isUnchanged(_ value: Double, at limit: Double) -> Bool {
    record.scale.isAtLeastAsAlike(value, as: limit)
  }

  /// Whether maps at a step are as alike as the margin says: surely, surely not, or perhaps.
  private enum Side {
    case above, below, undecided
  }

  /// Applies the rule to a method.
  func judge(
    _ evidence: Evidence, isControl: Bool
  ) -> (outcome: MethodVerdict.Outcome, reason: String) {
    var steps: [ScoreSummary] = []
    for layer in top == head ? [top] : [top, head] {
      guard let step = evidence.summary(.cascading, layer, measure) else {
        return (.inconclusive, whyMissing(layer, evidence))
      }
      steps.append(step)
    }
    if !isControl, let obstacle = obstacle(to: steps, evidence) {
      return (.inconclusive, obstacle)
    }
    let numbers = steps.map { describe($0) }.joined(separator: " and ")
    let sides = steps.map(side)
    if sides.allSatisfy({ $0 == .above }) { return failure(numbers, evidence, isControl) }
    if sides.allSatisfy({ $0 == .below }) { return pass(numbers, steps, evidence, isControl) }
    return (.inconclusive, disagreement(sides, numbers))
  }

  private func side(_ step: ScoreSummary) -> Side {
    let ends = record.scale.ends(
      step.lower ?? record.scale.range.lowerBound, step.upper ?? record.scale.range.upperBound)
    if isUnchanged(ends.apart, at: margin) { return .above }
    return isUnchanged(ends.alike, at: margin) ? .undecided : .below
  }

  private func failure(
    _ numbers: String, _ evidence: Evidence, _ isControl: Bool
  ) -> (MethodVerdict.Outcome, String) {
    if isControl {
      return (
        .fail,
        "a control, which must fail as it never looks at the network: \(record.title) is \(numbers), so "
          + "the test notices what does not depend on it"
      )
    }
    if let floor = evidence.floor?.mean, isUnchanged(floor, at: margin) {
      return (
        .inconclusive,
        "\(record.title) is \(numbers), but it is \(text(floor)) between maps of different images too, so "
          + "it cannot tell"
      )
    }
    let change = cascade.first { layer in
      evidence.summary(.cascading, layer, measure).map { !isUnchanged($0.mean, at: margin) }
        ?? false
    }
    let words = record.scale.words
    let rest =
      change.map { "it \(words.falls) \(shortest(margin)) only after \($0)" }
      ?? "it is never \(words.apart) \(shortest(margin)) in the cascade"
    return (.fail, "\(record.title) is still \(numbers); \(rest)")
  }

  private func pass(
    _ numbers: String, _ steps: [ScoreSummary], _ evidence: Evidence, _ isControl: Bool
  ) -> (MethodVerdict.Outcome, String) {
    if isControl {
      return (
        .pass,
        "a control, which must not pass: \(record.title) is \(numbers) though it never looks at the "
          + "network, so this test is not sound"
      )
    }
    for step in steps {
      guard let ranks = evidence.summary(.cascading, step.layer, Self.ranks),
        ranks.mean >= ranksMargin
      else { continue }
      return (
        .inconclusive,
        "\(record.title) is \(numbers), but \(Self.ranks) is still \(text(ranks.mean)) after "
          + "\(step.layer): the map is turned around or scaled rather than changed"
      )
    }
    return (.pass, "\(record.title) \(record.scale.words.moves) to \(numbers)")
  }

  private func disagreement(_ sides: [Side], _ numbers: String) -> String {
    switch (sides.first, sides.last) {
    case (.above, .below):
      "\(record.title) is \(numbers): the map ignores which class was asked for, but not the dense layers "
        + "below the logits"
    case (.below, .above):
      "\(record.title) is \(numbers): the map comes back when more is random, so the first change was one "
        + "of sign or scale"
    default:
      "\(record.title) is \(numbers): a confidence interval contains \(shortest(margin)); more images or "
        + "seeds would narrow it"
    }
  }

  /// What keeps a verdict from being spoken.
  func obstacle(to steps: [ScoreSummary], _ evidence: Evidence) -> String? {
    if let collapse = evidence.collapse { return collapse }
    if evidence.images < Self.fewestImages { return Self.tooFewImages }
    if let constant = evidence.floor?.constant, constant > 0 {
      return "\(constant) of the original maps are constant or zero, so there is nothing to lose"
    }
    for step in steps {
      if step.count < fewestValues {
        return "\(step.count) values after \(step.layer), at least \(fewestValues) are needed"
      }
      if 2 * step.degenerate > step.count {
        return "\(step.degenerate) of \(step.count) comparisons after \(step.layer) are with a "
          + "constant or zero map, so their value is a convention"
      }
    }
    return nil
  }

  private func whyMissing(_ layer: String, _ evidence: Evidence) -> String {
    let isRun = evidence.summaries.contains { $0.mode == .cascading }
    return isRun
      ? "the cascade has no values of \(measure) after \(layer)"
      : "the cascading mode, which decides, was not run, or its maps hold NaN or infinity"
  }

  private func describe(_ step: ScoreSummary) -> String {
    let ends = [step.lower, step.upper].map { $0.map(text) ?? "unknown" }
    return "\(text(step.mean)) (\(ends[0]) to \(ends[1])) after \(step.layer)"
  }

  private func text(_ number: Double) -> String { fixedPoint(number, digits: 3) }

  /// A number with as few digits after the point as it needs, at most six.
  func shortest(_ number: Double) -> String {
    var text = fixedPoint(number, digits: 6)
    while text.hasSuffix("0") { text.removeLast() }
    return text.hasSuffix(".") ? String(text.dropLast()) : text
  }
}

extension MeasureScale {
  /// How sentences speak of a side of a limit.
  var words: (alike: String, apart: String, falls: String, moves: String) {
    direction == .alike
      ? ("at least", "below", "falls below", "falls") : ("at most", "above", "rises above", "rises")
  }
}

extension Double {
  /// The number; nil where it is infinite or NaN.
  var finite: Double? { isFinite ? self : nil }
}
