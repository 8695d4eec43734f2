import XAIAttribution
import XAIClassifiers
import XAIFiles
import XAIKernels
public import XAITensor

/// Computes what a randomization test lacks, and assembles its results.
public struct RandomizationRun {
  /// What is left to do.
  public struct Estimate: Sendable {
    /// All maps of the test.
    public let units: Int
    /// Those that are not finished.
    public let missing: Int
    /// Walks through the network that these take, in units of those by the fastest convolutions.
    public let walks: Double
  }

  /// What happens, for whoever shows it.
  public struct Events {
    /// Walks were done, by a method.
    public var walked: (Double, String) -> Void
    /// A phase took seconds.
    public var phase: (String, Double) -> Void
    /// Whether the caller wants it to stop.
    public var isStopped: () -> Bool

    /// Listens to nothing unless told otherwise.
    /// - Parameters:
    ///   - walked: Walks were done, by a method.
    ///   - phase: A phase took seconds.
    ///   - isStopped: Whether the caller wants it to stop.
    public init(
      walked: @escaping (Double, String) -> Void = { _, _ in },
      phase: @escaping (String, Double) -> Void = { _, _ in },
      isStopped: @escaping () -> Bool = { false }
    ) {
      (self.walked, self.phase, self.isStopped) = (walked, phase, isStopped)
    }
  }

  /// The test.
  public let test: RandomizationTest
  /// Where finished units are.
  public let store: UnitStore
  let keys: UnitKeys
  /// The part that is done here; nil for everything.
  private let share: RandomizationShare?
  private let memory: Int
  private let events: Events

  /// Prepares a run.
  /// - Parameters:
  ///   - test: The test.
  ///   - store: Where finished units are.
  ///   - share: The part that is done here; nil for everything.
  ///   - memory: Bytes that activations may take at a time.
  ///   - events: Who listens.
  /// - Throws: Where a baseline cannot be made.
  public init(
    _ test: RandomizationTest, store: UnitStore, share: RandomizationShare? = nil, memory: Int,
    events: Events = Events()
  ) throws {
    self.share = share

    (self.test, self.store, keys) = (test, store, try UnitKeys(test))
    (self.memory, self.events) = (memory, events)
  }

  /// What is left to do.
  /// - Returns: The numbers of units and walks.
  /// - Throws: Where a baseline cannot be made.
  public func estimate() throws -> Estimate {
    try Self.estimate(of: test, keys, unless: isDone)
  }

  /// Whether a unit is finished, or somebody else's.
  private func isDone(_ key: UnitKey) -> Bool {
    store.contains(key) || share.map { !$0.units.contains(key) } ?? false
  }

  /// What a test costs of which nothing is finished.
  /// - Parameter test: The test.
  /// - Returns: The numbers of units and walks.
  /// - Throws: Where a baseline cannot be made.
  public static func estimate(of test: RandomizationTest) throws -> Estimate {
    try estimate(of: test, UnitKeys(test), unless: { _ in false })
  }

  private static func estimate(
    of test: RandomizationTest, _ keys: UnitKeys, unless isDone: (UnitKey) -> Bool
  ) throws -> Estimate {
    let batches = try test.batches(keys, unless: isDone)
    let missing = batches.reduce(0) { $0 + $1.subjects.count * max($1.variants.count, 1) }
    let each = 1 + test.variants.count * test.seeds
    let networks = Set(
      batches.flatMap { batch in batch.variants.map { "\(batch.seed) \($0.text)" } })
    return Estimate(
      units: test.methods.count * test.subjects.count * each, missing: missing,
      walks: try batches.reduce(Double(networks.count * test.networks.walksEach)) {
        try $0 + test.cost($1)
      })
  }

  /// Computes and stores every unit that is not finished.
  /// - Throws: `AttributionStopped` where the caller asked to stop, `FileFailure`, `KernelFailure`,
  ///   `AttributionFailure`; what was finished is stored.
  public func computeUnits() throws {
    for batch in try test.batches(keys, unless: isDone) {
      if events.isStopped() { throw AttributionStopped() }
      let method = test.methods[batch.method]
      try recalibrate(batch.variants, seed: batch.seed)
      let start = ContinuousClock.now
      let expected = try test.cost(batch)
      let slowness = test.slowness(of: batch.method)
      var walked = 0.0
      let context = AttributionContext(
        memory: memory,
        advance: { walks in
          // What is shared among networks was counted once.
          let step = min(slowness * walks, expected - walked)
          walked += step
          events.walked(step, method.identifier)
        }, isStopped: events.isStopped)
      do {
        let units = try test.compute(batch, keys, in: context)
        try store.add(units, of: units[0].key.method)
      } catch let failure as AttributionFailure {
        throw ExperimentFailure(.method(method.identifier), cause: failure)
      }
      events.walked(expected - walked, method.identifier)
      events.phase(
        batch.variants.isEmpty ? "maps of the original network" : "maps of randomized networks",
        (.now - start) / .seconds(1))
    }
  }

  /// Estimates the running statistics of networks before they are explained.
  private func recalibrate(_ variants: [RandomLayers], seed: Int) throws {
    let start = ContinuousClock.now
    let variants = variants.filter { !test.networks.isReady($0, seed: seed) }
    guard !variants.isEmpty else { return }
    for layers in variants {
      if events.isStopped() { throw AttributionStopped() }
      _ = try test.networks.network(layers, seed: seed)
      events.walked(Double(test.networks.walksEach), "batch norm")
    }
    events.phase("recalibration of batch norm", (.now - start) / .seconds(1))
  }

  private func isOwn(draw: Int) -> Bool { share?.draws.contains(draw) ?? true }

  /// How many networks the test has.
  public var networkCount: Int { 1 + test.seeds * test.variants.count }

  /// Looks at every network of the test.
  /// - Parameters:
  ///   - images: `[N, C, H, W]`, normalised.
  ///   - labels: Their classes, or nothing.
  ///   - advance: Is told how many networks were looked at since the last call.
  /// - Returns: The original network, then the steps of each mode, seed by seed; of a shard those of its part.
  /// - Throws: As `computeUnits`.
  public func health(
    on images: Tensor, labels: [Int]?, advance: (Int) -> Void = { _ in }
  ) throws -> [HealthRecord] {
    let start = ContinuousClock.now
    defer { events.phase("health of the networks", (.now - start) / .seconds(1)) }
    let original = test.networks.original
    let targets = test.subjects.map(\.target)
    let explained = AttributionRequest(
      images: ExplainedImage.normalised(
        test.subjects.map(\.image), test.requests.preprocessing), targets: targets)
    let inputs = [
      images.fingerprintText, labels.map { "\($0)" } ?? "", explained.images.fingerprintText,
      "\(targets)",
    ]
    let context = AttributionContext(memory: memory, isStopped: events.isStopped)
    func measure(_ layers: [RandomLayers], seed: Int) throws -> [NetworkHealth] {
      let names = layers.map(\.text).joined(separator: " ")
      return try store.record(
        "health", of: inputs + [names, "\(seed)"], where: { $0.count == max(layers.count, 1) }
      ) {
        try test.networks.groups(layers).flatMap { layers in
          let networks =
            layers.isEmpty
            ? [original] : try layers.map { try test.networks.network($0, seed: seed) }
          return try NetworkHealth.measure(
            NetworkFamily(
              base: original, members: networks.map { .init($0, targets: targets) }),
            on: images, labels: labels, gradientsOf: explained, in: context)
        }
      }
    }
    var records: [HealthRecord] = []
    if isOwn(draw: -1) {
      records.append(HealthRecord(step: nil, try measure([], seed: 0)[0]))
      advance(1)
    }
    let variants = test.variants
    for seed in 0..<test.seeds where isOwn(draw: seed) {
      if events.isStopped() { throw AttributionStopped() }
      let healths = try measure(variants, seed: seed)
      advance(variants.count)
      for plan in test.plans {
        for step in plan.steps {
          let layers = RandomLayers(step, of: test.network)
          guard let index = variants.firstIndex(of: layers) else { continue }
          records.append(
            HealthRecord(
              step: RandomizedStep(mode: plan.mode, layer: step.name, seed: seed),
              healths[index]))
        }
      }
    }
    return records
  }
}

extension RandomizationRun {
  /// How fast the signals of backpropagating methods forget where they started, on the original network.
  /// - Returns: A curve for each such method.
  /// - Throws: As `computeUnits`.
  public func convergence() throws -> [ConvergenceCurve] {
    let start = ContinuousClock.now
    defer { events.phase("convergence of signals", (.now - start) / .seconds(1)) }
    let images = Array(test.subjects.indices)
    let context = AttributionContext(memory: memory, isStopped: events.isStopped)
    return try test.methods.indices.compactMap { position in
      let method = test.methods[position]
      guard share?.methods.contains(position) ?? true,
        let backpropagating = method.method as? any BackpropagatingMethod,
        let way = backpropagating.backpropagation(on: test.networks.original)
      else { return nil }
      let request = try test.request(images, for: method)
      var inputs = [request.images.fingerprintText]
      // The plain gradient is one and the same whatever a method does with it.
      inputs +=
        way.isGradient
        ? ["gradient"]
        : [
          method.entry.identifier, try test.unitMethod(method).parameters,
          request.baselines?.values.fingerprintText ?? "",
        ]
      var curve = try store.record("convergence", of: inputs, where: \.isPossible) {
        try CosineConvergence().curve(of: method.identifier, by: way, request, in: context)
      }
      curve.method = method.identifier
      return curve
    }
  }
}

extension HealthRecord {
  package init(step: RandomizedStep?, _ health: NetworkHealth) {
    self.init(step: step, health: health, problems: health.problems)
  }
}

extension Tensor {
  /// A digest of shape and elements.
  var fingerprintText: String { "\(shape) \(String(fingerprint, radix: 16))" }
}

extension ConvergenceCurve {
  /// Whether there is a number for each layer.
  fileprivate var isPossible: Bool {
    [median, lower, upper].allSatisfy { $0.count == layers.count }
  }
}
