import XAIAttribution
import XAIDatasets
public import XAIMetrics
import XAINetworks
import XAITensor

extension RandomizationRun: MapSource {
  /// A map of the test, channels summed.
  public func map(_ key: MapKey) throws -> RelevanceMap? {
    guard let method = test.methods.firstIndex(where: { $0.identifier == key.method }) else {
      return nil
    }
    return try map(unitKey(method, key.image, key.step))
  }

  /// Height and width of the images, and so of their maps.
  private var extent: [Int] { Array(test.network.architecture.input.dropFirst()) }

  private func map(_ key: UnitKey?) throws -> RelevanceMap? {
    guard let key, let unit = try store.unit(key, extent: extent) else { return nil }
    return try unit.relevance(of: key)
  }

  private func unitKey(_ method: Int, _ image: Int, _ step: RandomizedStep?) -> UnitKey? {
    guard let step else { return keys.key(method, image, nil, seed: 0) }
    guard let plan = test.plans.first(where: { $0.mode == step.mode }),
      let planned = plan.steps.first(where: { $0.name == step.layer })
    else { return nil }
    return keys.key(method, image, RandomLayers(planned, of: test.network), seed: step.seed)
  }

  /// Compares the maps of every randomized network with those of the original one.
  /// - Parameters:
  ///   - panel: The measures.
  ///   - threads: How many threads compare.
  /// - Returns: One row for each method, image, mode, layer and seed whose unit is finished, in this order.
  /// - Throws: `FileFailure` where a unit's file is damaged.
  public func scores(by panel: SimilarityPanel, threads: Int) throws -> [ScoreRow] {
    let pairs = test.methods.indices.flatMap { method in
      test.subjects.indices.map { (method: method, image: $0) }
    }
    let scoring = Scoring(self, panel, extent: extent)
    return try BackgroundThread.map(pairs.count, threads: threads) { index in
      Result { try scoring.rows(pairs[index].method, pairs[index].image) }
    }.flatMap { try $0.get() }
  }
}

extension RandomizationRun {
  /// Compares the complexity of maps of the original and of the wholly random network.
  /// - Parameter measure: How complexity is measured.
  /// - Returns: One row for each method, image and seed where both maps are finished and finite.
  /// - Throws: `FileFailure` where a unit's file is damaged.
  public func complexity(by measure: ComplexityRise = ComplexityRise()) throws -> [ComplexityRow] {
    let all = RandomLayers(all: test.network)
    guard test.variants.contains(all) else { return [] }
    var rows: [ComplexityRow] = []
    for method in test.methods.indices {
      for image in test.subjects.indices {
        guard let original = try map(keys.key(method, image, nil, seed: 0)) else { continue }
        for seed in 0..<test.seeds {
          guard let randomized = try map(keys.key(method, image, all, seed: seed)) else { continue }
          rows.append(
            ComplexityRow(
              image: image, method: test.methods[method].identifier, seed: seed,
              original: measure.entropy(of: original), randomized: measure.entropy(of: randomized),
              rise: measure.score(original: original, randomized: randomized)))
        }
      }
    }
    return rows
  }
}

extension UnitStore.Unit {
  /// The map with its channels summed; nil where it holds NaN or infinity.
  func relevance(of key: UnitKey) throws(MetricFailure) -> RelevanceMap? {
    guard map.isFinite else { return nil }
    let image = map.shape.count == 3 ? map : map.reshaped(to: [1] + map.shape)
    return try RelevanceMap(summingChannelsOf: image, source: key.name)
  }
}

/// What the threads that compare read: the units that are finished, their names, the measures.
private struct Scoring: Sendable {
  /// A step of a mode.
  private struct Step: Sendable {
    let mode: RandomizationMode
    let name: String
    let layers: RandomLayers
  }

  private let units: UnitStore.Snapshot
  private let keys: UnitKeys
  private let panel: SimilarityPanel
  private let methods: [String]
  private let steps: [Step]
  private let seeds: Int
  private let extent: [Int]

  init(_ run: RandomizationRun, _ panel: SimilarityPanel, extent: [Int]) {
    (units, keys) = (run.store.snapshot, run.keys)
    (self.panel, self.extent) = (panel, extent)
    (methods, seeds) = (run.test.methods.map(\.identifier), run.test.seeds)
    steps = run.test.plans.flatMap { plan in
      plan.steps.map {
        Step(mode: plan.mode, name: $0.name, layers: RandomLayers($0, of: run.test.network))
      }
    }
  }

  /// The rows of an image by a method whose units are finished.
  func rows(_ method: Int, _ image: Int) throws -> [ScoreRow] {
    let first = keys.key(method, image, nil, seed: 0)
    let original = try units.unit(first, extent: extent)?.relevance(of: first)
      .map(ComparedMap.init)
    // Equal networks of several modes are compared once.
    var known: [UnitKey: [SimilarityPanel.Score]] = [:]
    var rows: [ScoreRow] = []
    for step in steps {
      for seed in 0..<seeds {
        let key = keys.key(method, image, step.layers, seed: seed)
        guard let unit = try units.unit(key, extent: extent) else { continue }
        if known[key] == nil, let original, let map = try unit.relevance(of: key) {
          known[key] = panel.scores(of: original, and: ComparedMap(map))
        }
        let scores = known[key]
        rows.append(
          ScoreRow(
            image: image, method: methods[method],
            step: RandomizedStep(mode: step.mode, layer: step.name, seed: seed),
            target: unit.target,
            values: scores?.map(\.similarity.value) ?? panel.measures.map { _ in nil },
            degenerate: scores?.filter(\.similarity.isDegenerate).map(\.measure) ?? []))
      }
    }
    return rows
  }
}
