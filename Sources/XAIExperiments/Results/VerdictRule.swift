import XAIAttribution
public import XAIMetrics
public import XAINetworks

/// The rule that makes verdicts of a randomization test.
///
/// A method **fails** whose maps stay as they were, at the margin or above, when the top layer is
/// random and also when the whole dense head is; it **passes** where they are below the margin at both.
/// Each time the confidence interval of the mean has to lie on one side of the margin. Everything else
/// is **inconclusive**. A verdict needs both steps to agree, so its chance of being wrong is at most
/// that of one of them (intersection-union test, Berger 1982). Verdicts of several methods are not
/// corrected for their number.
///
/// Why two steps, and why nothing follows where they disagree:
/// - At the margin after the top layer, below it after the head: the map does not show which class
///   was asked for, as any read-out of the features gives the same map, but it does show the features
///   below. Rules that keep the positive part of a signal often do this. It is no explanation of a
///   logit, and yet it depends on what the network has learned.
/// - Below the margin after the top layer, at the margin after the head: more randomness brought the
///   map back. So the first change was one of sign or scale, which a random read-out makes by chance,
///   and not a loss of what was learned; the map still ignores the head.
///
/// What keeps a verdict from being spoken:
/// - One image alone: the interval over its draws says nothing about other images.
/// - Fewer values than `fewestValues` at one of the steps.
/// - An original map without content, such as a zero map: there is nothing that could be lost.
/// - More than half of the values at a step being conventions, as the maps of the randomized network have
///   no content. A few are no obstacle: a map that vanishes has changed.
/// - A network that has collapsed at a step, which would explain nothing even to a good method.
/// - For a pass: absolute ranks still at the margin. A target whose logit has become negative turns
///   the whole map of some methods around, which SSIM takes for another map.
/// - For a failure: a noise floor at the margin. Where maps of different images are that alike, being
///   alike is no sign of insensitivity.
///
/// Controls never look at the network. They have to fail, whatever their maps look like, so none of these
/// exceptions is made for them: a control that does not fail says that the test itself is not sound.
public struct VerdictRule: Sendable, Equatable {
  /// From where on, on the measure's scale, a map counts as unchanged.
  public var margin: Double
  /// The fewest values at a step that a verdict is spoken on.
  public var fewestValues: Int
  /// The measure, with its scale.
  public var record: MeasureRecord
  /// What is said where maps are too small for the window that verdicts rest on elsewhere.
  public private(set) var windowNote: String?
  /// The layers of the cascade, from the logits down.
  public let cascade: [String]
  /// The layer after which the whole dense head is random.
  public let head: String

  /// The identifier of the measure.
  public var measure: String { record.identifier }

  /// The layer that is randomized first.
  public var top: String { cascade[0] }

  /// The measure that tells a changed map from one that is turned around.
  static let ranks = SpearmanCorrelation(.absolute).identifier

  /// Makes the rule for a network.
  /// - Parameters:
  ///   - network: The network.
  ///   - margin: From where on, on the measure's scale, a map counts as unchanged.
  ///   - fewestValues: The fewest values at a step.
  ///   - measure: The measure; nil for the headline of maps of the network's size.
  public init(
    for network: Network, margin: Double = 0.95, fewestValues: Int = 5,
    measure: (any SimilarityMeasure)? = nil
  ) {
    let (height, width) = (network.architecture.input[1], network.architecture.input[2])
    let plan = RandomizationPlan(network, mode: .cascading)
    self.init(
      cascade: plan.steps.map(\.name),
      denseHead: plan.steps.prefix { step in
        network.nodes.contains { $0.name == step.name && $0.operation == .dense }
      }.count, margin: margin, fewestValues: fewestValues,
      record: measure.map(MeasureRecord.init)
        ?? MeasureRecord(identifier: SimilarityPanel.headline(height: height, width: width)))
    if measure == nil { windowNote = SimilarityPanel.windowNote(height: height, width: width) }
  }

  /// Makes the rule for a cascade.
  /// - Parameters:
  ///   - cascade: The layers from the logits down, at least one.
  ///   - denseHead: How many of them are the dense head.
  ///   - margin: From where on, on the measure's scale, a map counts as unchanged.
  ///   - fewestValues: The fewest values at a step.
  ///   - record: The measure.
  package init(
    cascade: [String], denseHead: Int, margin: Double = 0.95, fewestValues: Int = 5,
    record: MeasureRecord = MeasureRecord(identifier: SimilarityPanel.headline)
  ) {
    precondition(!cascade.isEmpty, "a network without layers")
    (self.cascade, head) = (cascade, cascade[max(denseHead, 1) - 1])
    (self.margin, self.fewestValues, self.record) = (margin, fewestValues, record)
  }

  /// The rule for a report: what it is about, and a line for each clause after `- `.
  public var text: String {
    let limit = shortest(margin)
    let steps =
      top == head
      ? "after \(top), the whole dense head,"
      : "after \(top) and again after \(head), the whole dense head,"
    let bound = record.scale.words
    let ranks = shortest(ranksMargin)
    let clauses: [String] = [
      "A method fails if its mean \(record.title)\(record.title == measure ? "" : ", here \(measure),") is \(bound.alike) \(limit) \(steps) lost what it had learned.",
      "It passes if the mean is \(bound.apart) \(limit) each time.",
      "The 95 % confidence interval of the mean must not contain \(limit); else it is inconclusive.",
      "It is inconclusive too with one image alone, with fewer than \(fewestValues) values, with a "
        + "constant or zero map of the trained network or more than half of such maps after a step, and "
        + "where a network has collapsed at one of these steps.",
      "It is inconclusive if it would pass with a mean \(Self.ranks) of at least \(ranks), as the map is "
        + "turned around then rather than changed, and if it would fail although maps of different "
        + "images are that alike.",
      "A control must fail, which shows that the test notices what does not depend on the network.",
    ]
    return (["The cascading mode decides."] + clauses + (windowNote.map { [$0] } ?? [])).joined(
      separator: "\n- ")
  }

  /// Why a test cannot end in verdicts, whatever it finds.
  /// - Parameters:
  ///   - images: The number of images.
  ///   - seeds: The number of draws.
  ///   - plans: The steps of each mode.
  /// - Returns: The reason, or nothing.
  public func obstacle(images: Int, seeds: Int, plans: [RandomizationPlan]) -> String? {
    let run = plans.first { $0.mode == .cascading }?.steps.map(\.name) ?? []
    if let missing = [top, head].first(where: { !run.contains($0) }) {
      return "the cascading mode is not run as far as \(missing)"
    }
    if images < Self.fewestImages { return Self.tooFewImages }
    return images * seeds < fewestValues
      ? "\(images * seeds) values, at least \(fewestValues) are needed" : nil
  }

  /// An interval over the draws of one image says nothing about others.
  static let fewestImages = 2
  static let tooFewImages = "one image says nothing about others; test at least \(fewestImages)"

  /// Judges every method.
  /// - Parameters:
  ///   - methods: The methods, controls among them.
  ///   - summaries: Of all scores; `ScoreSummary.summaries` makes them.
  ///   - health: The network at each step.
  ///   - floors: The noise floor of each method, by its name in the test.
  ///   - images: The number of images.
  /// - Returns: One verdict for each method, in their order.
  public func verdicts(
    of methods: [TestedMethod], summaries: [ScoreSummary], health: [HealthRecord],
    floors: [String: NoiseFloor], images: Int
  ) -> [MethodVerdict] {
    let collapse = collapse(health)
    let known = Dictionary(grouping: summaries, by: \.method)
    return methods.map { method in
      let evidence = Evidence(
        summaries: known[method.identifier] ?? [], floor: floors[method.identifier],
        collapse: collapse, images: images)
      let (outcome, reason) = judge(evidence, isControl: method.group == .control)
      let (degree, change) = degree(evidence, isControl: method.group == .control)
      return MethodVerdict(
        method: method.identifier, outcome: outcome, reason: reason, degree: degree, change: change,
        afterTop: evidence.summary(.cascading, top, measure)?.mean
          ?? evidence.summary(.independent, top, measure)?.mean,
        afterHead: evidence.summary(.cascading, head, measure)?.mean,
        floor: evidence.floor?.mean, floorReachedAt: floorReached(evidence))
    }
  }

  /// The first layer of the cascade from which on the mean is never more alike than the floor's upper limit.
  private func floorReached(_ evidence: Evidence) -> String? {
    guard let upper = evidence.floor?.upper else { return nil }
    let means = cascade.compactMap { layer in
      evidence.summary(.cascading, layer, measure).map { (layer: layer, mean: $0.mean) }
    }
    let above = means.lastIndex { $0.mean != upper && isUnchanged($0.mean, at: upper) }
    let first = above.map { $0 + 1 } ?? 0
    return first < means.count ? means[first].layer : nil
  }

  /// What is wrong with the networks that decide.
  private func collapse(_ health: [HealthRecord]) -> String? {
    let deciding = health.filter { record in
      guard let step = record.step else { return true }
      return step.mode == .cascading && [top, head].contains(step.layer)
    }
    guard let first = deciding.first(where: { !$0.problems.isEmpty }) else { return nil }
    let place = first.step.map { "after \($0.layer) in draw \($0.seed)" } ?? "as trained"
    return "the network \(place) has collapsed: \(first.problems.joined(separator: ", "))"
  }
}
