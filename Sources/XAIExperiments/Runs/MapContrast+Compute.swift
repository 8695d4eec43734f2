import XAIAttribution
import XAIClassifiers
import XAIDatasets
import XAIImages
import XAIKernels
public import XAIMetrics
import XAITensor

extension MapContrast {
  /// How a comparison is computed.
  public struct Options {
    /// The maps of so many images, from the first, are kept; those of others are compared and dropped.
    public var keptImages: Int
    /// How many threads compare maps.
    public var threads: Int
    /// Bytes that activations may take at a time.
    public var memory: Int
    /// Who listens.
    public var events: RandomizationRun.Events

    /// Chooses.
    /// - Parameters:
    ///   - keptImages: The maps of so many images are kept.
    ///   - threads: How many threads compare maps.
    ///   - memory: Bytes that activations may take at a time.
    ///   - events: Who listens.
    public init(
      keptImages: Int = 12, threads: Int = 1, memory: Int = 256 << 20,
      events: RandomizationRun.Events = .init()
    ) {
      (self.keptImages, self.threads, self.memory) = (keptImages, threads, memory)
      self.events = events
    }
  }

  /// Images that a method explains on a network together.
  private struct Batch {
    let method: Int
    let network: Int
    let images: [Int]
    /// For each image what is explained: equally many classes.
    let targets: [[Int]]
  }

  /// Images whose maps by a method are made, and compared, together.
  struct Part {
    let method: Int
    let images: [Int]
  }

  /// The walks through networks that all maps take.
  /// - Returns: Their number.
  /// - Throws: Where a baseline cannot be made.
  public func walks() throws -> Double { try walks(of: parts()) }

  /// The walks that some parts take.
  func walks(
    of parts: [Part], unless isDone: (UnitKey) -> Bool = { _ in false }
  ) throws -> Double {
    try parts.flatMap { try batches($0, unless: isDone) }.reduce(0) { try $0 + cost($1) }
  }

  /// The number of maps by one method.
  public var mapCount: Int { images.indices.reduce(0) { $0 + sides(of: $1).count } }

  /// Computes and compares all maps.
  /// - Parameters:
  ///   - panel: The measures.
  ///   - options: Memory, threads, and who listens.
  /// - Returns: A score for each method and pair, in this order, and the maps that were kept.
  /// - Throws: `AttributionStopped` where the caller asked to stop; `AttributionFailure`,
  ///   `KernelFailure`; what reading baselines throws.
  public func compute(
    by panel: SimilarityPanel, _ options: Options = Options()
  ) throws -> (scores: [ContrastScore], maps: ContrastMaps) {
    try compute(by: panel, options, on: ContrastShelf())
  }

  /// Computes what is missing, and compares all maps.
  func compute(
    by panel: SimilarityPanel, _ options: Options, on shelf: ContrastShelf
  ) throws -> (scores: [ContrastScore], maps: ContrastMaps) {
    var kept = ContrastMaps()
    var found: [[ContrastScore]] = methods.map { _ in [] }
    for part in try parts() {
      try finish(part, options, on: shelf)
      found[part.method] += try compare(
        part, by: panel, on: shelf, threads: options.threads, keeping: options.keptImages, in: &kept
      )
      shelf.forget()
    }
    return (found.flatMap { $0.sorted { $0.pair < $1.pair } }, kept)
  }

  // MARK: Parts

  /// Images of each method that are explained together: enough to keep the kernels busy, and few enough that
  /// their maps take little room and an interruption loses only minutes.
  func parts() throws -> [Part] {
    guard !images.isEmpty else { return [] }
    let explainer = explainers[0]
    return try methods.indices.flatMap { method in
      let request = try request([0], targets: [0], method, on: 0)
      let each = explainer.methods[method].method
        .cost(of: request, on: explainer.network.network).walks
      let size = max(1, min(16, Int(128 / max(each, 1))))
      return stride(from: 0, to: images.count, by: size).map {
        Part(method: method, images: Array($0..<min($0 + size, images.count)))
      }
    }
  }

  private func batches(_ part: Part, unless isDone: (UnitKey) -> Bool) throws -> [Batch] {
    try explainers.indices.flatMap { network -> [Batch] in
      let targets = try part.images.map { image in
        let open = try sides(of: image).filter {
          try $0.network == network && !isDone(key(part.method, image, $0))
        }
        return (image, open.map(\.target))
      }
      return Set(targets.map(\.1.count)).subtracting([0]).sorted().map { count in
        let members = targets.filter { $0.1.count == count }
        return Batch(
          method: part.method, network: network, images: members.map(\.0),
          targets: members.map(\.1))
      }
    }
  }

  /// The name of a map.
  func key(_ method: Int, _ image: Int, _ side: Side) throws -> UnitKey {
    let tested = explainers[side.network].methods[method]
    let baseline = try tested.baseline.map { kind in
      try names.baseline(kind, tested.method.usefulBaseline, of: image, on: side.network) {
        try request([image], targets: [side.target], method, on: side.network).baselines
      }
    }
    return UnitKey(
      method: try names.method(method, on: side.network) {
        try UnitMethod(
          tested.entry.identifier, tested.method, baseline: tested.baseline, keepsChannels: false)
      },
      subject: "\(images[image].keyText)-n\(side.network)-t\(side.target)\(baseline ?? "")",
      layers: nil, seed: 0)
  }

  private func request(
    _ images: [Int], targets: [Int], _ method: Int, on network: Int
  ) throws -> AttributionRequest {
    let explainer = explainers[network]
    let method = explainer.methods[method]
    return try explainer.requests.request(
      images.map { self.images[$0] }, targets: targets, for: method.method,
      baseline: method.baseline)
  }

  /// The network once for each class: its forward walks are shared.
  private func family(_ batch: Batch) -> NetworkFamily {
    let network = explainers[batch.network].network
    return NetworkFamily(
      base: network,
      members: batch.targets[0].indices.map { position in
        .init(network, targets: batch.targets.map { $0[position] })
      })
  }

  private func cost(_ batch: Batch) throws -> Double {
    let request = try request(
      batch.images, targets: batch.targets.map { $0[0] }, batch.method, on: batch.network)
    let method = explainers[batch.network].methods[batch.method].method
    return method.slowness(on: explainers[batch.network].network)
      * method.cost(of: request, on: family(batch)).walks
  }

  // MARK: Work

  /// Makes the maps of a part that are not finished.
  func finish(_ part: Part, _ options: Options, on shelf: ContrastShelf) throws {
    for batch in try batches(part, unless: shelf.contains) {
      if options.events.isStopped() { throw AttributionStopped() }
      let units = try compute(batch, options)
      try shelf.add(units, of: units[0].key.method)
    }
  }

  private func compute(
    _ batch: Batch, _ options: Options
  ) throws -> [(key: UnitKey, unit: UnitStore.Unit)] {
    let events = options.events
    let method = explainers[batch.network].methods[batch.method]
    let request = try request(
      batch.images, targets: batch.targets.map { $0[0] }, batch.method, on: batch.network)
    let family = family(batch)
    let slowness = method.method.slowness(on: explainers[batch.network].network)
    let expected = slowness * method.method.cost(of: request, on: family).walks
    var walked = 0.0
    let context = AttributionContext(
      memory: options.memory,
      advance: { walks in
        // What is shared among classes was counted once.
        let step = min(slowness * walks, expected - walked)
        walked += step
        events.walked(step, method.identifier)
      }, isStopped: events.isStopped)
    let results: [Attribution]
    do {
      results = try method.method.attribute(request, on: family, in: context)
    } catch let failure as AttributionFailure {
      throw ExperimentFailure(.method(method.identifier), cause: failure)
    }
    events.walked(expected - walked, method.identifier)
    return try batch.images.enumerated().flatMap { position, image in
      try results.enumerated().map { index, result in
        let target = batch.targets[position][index]
        let map = result.maps.row(position)
        return (
          key: try key(
            batch.method, image, Side(network: batch.network, target: target)),
          unit: UnitStore.Unit(
            map: map.reshaped(to: Array(map.shape.suffix(3))).channelSum, target: target)
        )
      }
    }
  }

  private func compare(
    _ part: Part, by panel: SimilarityPanel, on shelf: ContrastShelf, threads: Int,
    keeping keptImages: Int, in kept: inout ContrastMaps
  ) throws -> [ContrastScore] {
    let identifier = methods[part.method].identifier
    let finished = shelf.snapshot
    let work = try part.images.map { image in
      (
        sides: try sides(of: image).map { (side: $0, key: try key(part.method, image, $0)) },
        pairs: pairs.enumerated().filter { $1.image == image }
      )
    }
    let extents = images.map { [$0.picture.height, $0.picture.width] }
    let found = try BackgroundThread.map(part.images.count, threads: threads) { index in
      Result {
        var maps: [Side: RelevanceMap] = [:]
        for (side, key) in work[index].sides {
          let unit = try finished.unit(key, extent: extents[part.images[index]])
          // A map with NaN or infinity is no map: its scores are missing.
          maps[side] = try unit?.relevance(of: key)
        }
        let compared = maps.mapValues(ComparedMap.init)
        let scores = work[index].pairs.map { position, pair in
          ContrastScore(
            pair: position, method: identifier,
            scores: compared[pair.left].flatMap { left in
              compared[pair.right].map { panel.scores(of: left, and: $0) }
            }, measures: panel.measures.count)
        }
        return (maps: maps, scores: scores)
      }
    }.map { try $0.get() }
    for (image, result) in zip(part.images, found) where image < keptImages {
      for (side, map) in result.maps { kept[part.method, image, side] = map }
    }
    return found.flatMap(\.scores)
  }
}

extension ContrastScore {
  fileprivate init(
    pair: Int, method: String, scores: [SimilarityPanel.Score]?, measures: Int
  ) {
    self.init(
      pair: pair, method: method,
      values: scores?.map(\.similarity.value) ?? Array(repeating: nil, count: measures),
      degenerate: scores?.filter(\.similarity.isDegenerate).map(\.measure) ?? [])
  }
}
