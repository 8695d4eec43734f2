import XAIAttribution
import XAIEvaluation
import XAIMetrics
import XAINetworks
import XAITensor

/// Makes the maps that an evaluation judges, and the numbers that need more maps of the same method.
struct EvaluationExplainer {
  let session: Session
  let plan: EvaluationPlan
  let runner: AttributionRunner
  let store: EvaluationStore

  /// A map that is wanted: a class of an image.
  struct Wish: Hashable {
    /// The position of the image.
    let subject: Int
    /// The class.
    let target: Int
  }

  private var network: ExplainedNetwork { session.network.explained }

  // MARK: Maps

  /// The name of a map.
  func key(_ method: MethodUnderTest, _ wish: Wish) throws -> UnitKey {
    let request = try request([wish], method)
    let suffix = request.baselines.map { "-" + String($0.values.fingerprint, radix: 16) } ?? ""
    return UnitKey(
      method: try unitMethod(method),
      subject: "\(plan.subjects[wish.subject].keyText)-t\(wish.target)\(suffix)", layers: nil,
      seed: 0)
  }

  private func unitMethod(_ method: MethodUnderTest) throws -> UnitMethod {
    try UnitMethod(
      method.entry.identifier, method.method, baseline: method.baseline, keepsChannels: true)
  }

  private func request(_ wishes: [Wish], _ method: MethodUnderTest) throws -> AttributionRequest {
    try plan.source.request(wishes.map(\.subject), wishes.map(\.target), for: method)
  }

  /// What faithfulness and robustness of an image are about.
  private func wish(_ subject: Int) -> Wish {
    Wish(subject: subject, target: plan.subjects[subject].target)
  }

  /// Walks through the network for one map.
  func walks(of method: MethodUnderTest) throws -> Double {
    runner.walks(of: method, try request([wish(0)], method))
  }

  /// The maps of a method that are not finished.
  func missing(_ wishes: [Wish], of method: MethodUnderTest) throws -> [Wish] {
    try wishes.filter { !store.contains(try key(method, $0)) }
  }

  /// Computes maps, a few images at a time.
  func explain(_ wishes: [Wish], by method: MethodUnderTest) throws {
    guard !wishes.isEmpty else { return }
    let size = Self.together(walksEach: try walks(of: method))
    let unitMethod = try unitMethod(method)
    for start in stride(from: 0, to: wishes.count, by: size) {
      let part = Array(wishes[start..<min(start + size, wishes.count)])
      let (attribution, _) = try runner.attribute(method, try request(part, method))
      runner.tell(attribution.notes, of: method) { plan.subjects[part[$0].subject].name }
      let maps = attribution.maps
      try store.add(
        try part.enumerated().map { position, wish in
          (
            try key(method, wish),
            UnitStore.Unit(
              map: maps.row(position).reshaped(to: Array(maps.shape.dropFirst())),
              target: wish.target)
          )
        }, of: unitMethod)
    }
  }

  /// As many images as keep the kernels busy, and few enough that little is lost by an interruption.
  private static func together(walksEach walks: Double) -> Int {
    max(1, min(16, Int(128 / max(walks, 1))))
  }

  /// A finished map, channels summed; nil where it holds NaN or infinity.
  func map(of method: MethodUnderTest, _ wish: Wish) throws -> RelevanceMap? {
    guard let map = try store.map(try key(method, wish)), map.isFinite else { return nil }
    return try RelevanceMap(summingChannelsOf: map, source: method.identifier)
  }

  // MARK: Numbers that need maps

  /// What changes between the neighbors of an image.
  func robustness(
    of method: MethodUnderTest, _ subject: Int, _ judged: JudgedImage
  ) throws -> [Double?] {
    let measure = StabilityMeasure()
    let disturbances = judged.knowledge.disturbances
    let key = try key(method, wish(subject))
    let inputs = [
      key.name, key.method.method, key.method.parameters, "\(disturbances.count)",
      disturbances.first?.fingerprintText ?? "",
    ]
    return try store.numbers("robustness", count: measure.columns.count, of: inputs) {
      guard let map = try map(of: method, wish(subject)) else {
        return measure.columns.map { _ in nil }
      }
      let (attribution, _) = try runner.attribute(
        method,
        try plan.source.request(
          subject, disturbedBy: disturbances, plan.subjects[subject].target, for: method))
      guard attribution.maps.isFinite else { return measure.columns.map { _ in nil } }
      let neighbors = try disturbances.indices.map {
        try RelevanceMap(
          summingChannelsOf: attribution.maps.row($0), source: method.identifier)
      }
      return try measure.scores(of: judged.judged(map, neighbors: neighbors), on: judged)
    }
  }

  /// A map of a disturbed image, or of another network; nil where it holds NaN or infinity, or where the method cannot
  /// explain that network.
  func changedMap(
    of method: MethodUnderTest, _ subject: Int, disturbedBy noise: Tensor?,
    on other: ExplainedNetwork?
  ) throws -> RelevanceMap? {
    let target = plan.subjects[subject].target
    let request =
      try noise.map {
        try plan.source.request(subject, disturbedBy: [$0], target, for: method)
      } ?? request([wish(subject)], method)
    let maps: Tensor
    if let other {
      let context = AttributionContext(
        memory: session.memory.activations, isStopped: { session.observer.isStopped })
      do {
        maps = try method.method.attribute(request, on: other, in: context).maps
      } catch {
        guard error is AttributionFailure else { throw error }
        return nil
      }
    } else {
      maps = try runner.attribute(method, request).0.maps
    }
    guard maps.isFinite else { return nil }
    return try RelevanceMap(
      summingChannelsOf: maps.row(0).reshaped(to: Array(maps.shape.dropFirst())),
      source: method.identifier)
  }

  /// An axiom on networks with edited weights; nil where the method cannot explain these.
  func axiom(
    _ axiom: MethodAxiom, of method: MethodUnderTest, _ subject: Int
  ) throws -> Double? {
    let key = try key(method, wish(subject))
    let inputs = [axiom.rawValue, key.name, key.method.method, key.method.parameters]
    return try store.numbers("axiom", count: 1, of: inputs) {
      let context = AttributionContext(
        memory: session.memory.activations, isStopped: { session.observer.isStopped })
      let axioms = MethodAxioms(
        of: method.method, on: network,
        for: try request([wish(subject)], method), in: context)
      do {
        return try axiom.values(axioms)
      } catch {
        // What a method says of a network that nobody gave it is no failure of the evaluation.
        guard error is AttributionFailure else { throw error }
        return [nil]
      }
    }[0]
  }
}
