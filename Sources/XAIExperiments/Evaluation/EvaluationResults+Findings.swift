import XAIEvaluation
import XAITensor

extension EvaluationResults {
  /// Fills in what can be said, and what a reader must know besides.
  /// - Parameter wantsObjects: Whether localization was asked for.
  mutating func say(wantsObjects: Bool) {
    findings =
      headlineMeasures.prefix(1).flatMap(leaders) + undecided()
      + headlineMeasures.dropFirst().flatMap(leaders) + contradiction() + unproven() + verdicts()
    notes = provisional() + placing(isWanted: wantsObjects) + ties()
  }

  private func summary(_ method: String, _ measure: String) -> EvaluationSummary? {
    summaries.first { $0.method == method && $0.measure == measure }
  }

  /// What a measure is called in sentences.
  private func words(_ measure: EvaluatedMeasure) -> String {
    let name =
      switch measure.name {
      case "share": "the share of what removals can show"
      case "infidelity": "relative infidelity"
      case "energy.gain": "energy inside of the object beside chance"
      case "sensitivity.maximal": "maximal sensitivity to small disturbances"
      default: measure.name
      }
    let details = [
      measure.baseline.map { "against \($0)" }, measure.quantity.map { "of the \($0)" },
    ]
    .compactMap(\.self)
    return details.isEmpty ? name : "\(name) (\(details.joined(separator: ", ")))"
  }

  /// Which method is first by a measure, and which ones these images cannot tell from it.
  private func leaders(_ index: Int) -> [String] {
    let measure = measures[index]
    let ranked = rankedMethods.compactMap { name in
      summary(name, measure.identifier).flatMap { $0.rank == nil ? nil : $0 }
    }.sorted { ($0.rank ?? 0) < ($1.rank ?? 0) }
    guard ranked.count > 1, let best = ranked.first, let value = best.value else { return [] }
    let peers = ranked.dropFirst().filter { !Set($0.groups).isDisjoint(with: best.groups) }
    let interval =
      best.lower.flatMap { lower in
        best.upper.map {
          " (95 % interval \(fixedPoint(lower, digits: 2)) to \(fixedPoint($0, digits: 2)))"
        }
      } ?? ""
    let first =
      "By \(words(measure)), \(best.method) is first of \(ranked.count) methods: "
      + "\(fixedPoint(value, digits: 2))\(interval)"
    if peers.isEmpty { return ["\(first); the others are worse on these images."] }
    if peers.count == ranked.count - 1 {
      return ["\(first); these images tell it from none of the others."]
    }
    return ["\(first); these images cannot tell it from \(Self.list(peers.map(\.method)))."]
  }

  /// Two methods that are next to each other and cannot be told apart.
  private func undecided() -> [String] {
    guard let measure = headlineMeasures.first.map({ measures[$0] }) else { return [] }
    let ranked = rankedMethods.compactMap { summary($0, measure.identifier) }
      .filter { $0.rank != nil }.sorted { ($0.rank ?? 0) < ($1.rank ?? 0) }
    guard ranked.count > 1, !Set(ranked[0].groups).isDisjoint(with: ranked[1].groups) else {
      return []
    }
    return [
      "Between \(ranked[0].method) and \(ranked[1].method) \(grouped(images.count, "image")) cannot decide."
    ]
  }

  private func contradiction() -> [String] {
    guard let worst = agreement.worst, worst.tau < 0 else { return [] }
    func name(_ identifier: String) -> String {
      measures.first { $0.identifier == identifier }.map(words) ?? identifier
    }
    return [
      "On the same maps, \(name(worst.first)) and \(name(worst.second)) contradict each other: Kendall's tau is "
        + "\(fixedPoint(worst.tau, digits: 2)), the least of all pairs, so that chance may be behind it."
    ]
  }

  /// Methods that may be no better than random maps.
  private func unproven() -> [String] {
    guard let measure = headlineMeasures.first.map({ measures[$0] }) else { return [] }
    let compared = rankedMethods.compactMap { summary($0, measure.identifier) }
      .filter { $0.gain != nil }
    let worse = compared.filter { ($0.gainUpper ?? 0) < 0 }.map(\.method)
    let names = compared.filter { $0.mayBeNothing }.map(\.method)
    var sentences: [String] = []
    if !names.isEmpty {
      sentences.append(
        "By \(words(measure)), these images do not show that \(Self.list(names)) "
          + "\(names.count == 1 ? "does" : "do") better than random maps.")
    }
    if !worse.isEmpty {
      sentences.append(
        "By \(words(measure)), \(Self.list(worse)) \(worse.count == 1 ? "does" : "do") worse than random maps."
      )
    }
    return sentences
  }

  /// What randomization said of methods that stand well here.
  private func verdicts() -> [String] {
    let failed = methods.filter { $0.kind != .control && $0.verdict?.outcome == .fail }
    guard !failed.isEmpty else { return [] }
    return [
      "\(Self.list(failed.map(\.identifier))) failed the randomization test: whatever "
        + "\(failed.count == 1 ? "its" : "their") scores, \(failed.count == 1 ? "it does" : "they do") not show "
        + "what the network has learned."
    ]
  }

  private func provisional() -> [String] {
    images.count < 10
      ? ["\(grouped(images.count, "image")): the ranking is provisional; take at least 10."]
      : []
  }

  private func placing(isWanted: Bool) -> [String] {
    guard setup.families.contains(.localization) else {
      return isWanted
        ? [
          "Localization was not measured: of no image is an object known that counts (masks, and boxes from "
            + "\(Self.percent(setup.boxArea[0])) to \(Self.percent(setup.boxArea[1])) of the image)."
        ] : []
    }
    let known = images.filter { $0.truth != nil }
    let right = known.count { $0.label?.index == $0.predicted.index }
    var notes = [
      "Localization stands on \(grouped(known.count, "image")) of \(images.count), of which the network is right "
        + "about \(right): it judges network and method together, as a faithful map of a network that looks at the "
        + "background is not worse."
    ]
    let useless = images.count { $0.area == 0 || $0.area == 1 }
    if useless > 0 {
      notes.append(
        "\(grouped(useless, "mask")) of \(images.count) \(useless == 1 ? "is" : "are") empty or full: localization "
          + "is undefined there.")
    }
    if images.contains(where: { $0.truth == .box }) {
      notes.append(
        "Objects are known by boxes alone, which hold much besides; boxes from \(Self.percent(setup.boxArea[0])) to "
          + "\(Self.percent(setup.boxArea[1])) of the image count.")
    }
    return notes
  }

  /// Where the drawn order of equal pixels decides: on maps that are the same everywhere, of blocks, or of zeros.
  private func ties() -> [String] {
    let constant = ofMaps { $0.count(where: \.isConstant) }.filter { $0.value > 0 }
    let tied = ofMaps { scores in
      scores.map(\.tiedShare).reduce(0, +) / Double(max(1, scores.count))
    }.filter { $0.value >= 0.5 }
    var notes: [String] = []
    if !constant.isEmpty {
      notes.append(
        "The same everywhere, which says nothing and is ordered at random: "
          + constant.map { "\($0.method) on \(grouped($0.value, "image"))" }
          .joined(separator: ", ") + ".")
    }
    if !tied.isEmpty {
      notes.append(
        "Pixels that share their value with another one are ordered at random among themselves: "
          + tied.map { "\(Self.percent($0.value)) of those of \($0.method)" }
          .joined(separator: ", ") + ".")
    }
    return notes
  }

  /// A number of each method's maps, controls left out.
  private func ofMaps<Value>(
    _ value: ([EvaluationScore]) -> Value
  ) -> [(method: String, value: Value)] {
    let scores = Dictionary(grouping: scores, by: \.method)
    return methods.filter { $0.kind != .control }.map { method in
      (method: method.identifier, value: value(scores[method.identifier] ?? []))
    }
  }

  private static func percent(_ share: Double) -> String { "\(Int((100 * share).rounded())) %" }

  /// A, B and C.
  private static func list(_ names: [String]) -> String {
    guard names.count > 1 else { return names.first ?? "" }
    let shown = names.count > 6 ? Array(names.prefix(5)) + ["\(names.count - 5) others"] : names
    return shown.dropLast().joined(separator: ", ") + " and " + (shown.last ?? "")
  }
}
