import XAIAttribution
import XAIDatasets
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

  /// The walks through networks that all maps take.
  /// - Returns: Their number.
  /// - Throws: Where a baseline cannot be made.
  public func walks() throws -> Double {
    var walks = 0.0
    for method in methods.indices {
      for images in try parts(method) {
        for batch in batches(method, images) { walks += try cost(batch) }
      }
    }
    return walks
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
    var kept = ContrastMaps()
    var scores: [ContrastScore] = []
    for method in methods.indices {
      var found: [ContrastScore] = []
      for images in try parts(method) {
        var maps: [Int: [Side: RelevanceMap]] = [:]
        for batch in batches(method, images) { try compute(batch, options, into: &maps) }
        for image in images where image < options.keptImages {
          for (side, map) in maps[image] ?? [:] { kept[method, image, side] = map }
        }
        found += compare(images, maps, panel, method, threads: options.threads)
      }
      scores += found.sorted { $0.pair < $1.pair }
    }
    return (scores, kept)
  }

  // MARK: Parts

  /// Images that are explained together by a method: enough to keep the kernels busy, and few enough
  /// that their maps take little room.
  private func parts(_ method: Int) throws -> [[Int]] {
    guard !images.isEmpty else { return [] }
    let explainer = explainers[0]
    let request = try request([0], targets: [0], method, on: 0)
    let each = explainer.methods[method].method
      .cost(of: request, on: explainer.network.network).walks
    let size = max(1, min(16, Int(128 / max(each, 1))))
    return stride(from: 0, to: images.count, by: size).map {
      Array($0..<min($0 + size, images.count))
    }
  }

  private func batches(_ method: Int, _ images: [Int]) -> [Batch] {
    explainers.indices.flatMap { network -> [Batch] in
      let targets = images.map { image in
        (image, sides(of: image).filter { $0.network == network }.map(\.target))
      }
      return Set(targets.map(\.1.count)).subtracting([0]).sorted().map { count in
        let members = targets.filter { $0.1.count == count }
        return Batch(
          method: method, network: network, images: members.map(\.0), targets: members.map(\.1))
      }
    }
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

  private func compute(
    _ batch: Batch, _ options: Options, into maps: inout [Int: [Side: RelevanceMap]]
  ) throws {
    let events = options.events
    if events.isStopped() { throw AttributionStopped() }
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
    for (position, image) in batch.images.enumerated() {
      for (index, result) in results.enumerated() {
        let map = result.maps.row(position)
        // A map with NaN or infinity is no map: its scores are missing.
        guard map.isFinite else { continue }
        let side = Side(network: batch.network, target: batch.targets[position][index])
        maps[image, default: [:]][side] = try RelevanceMap(
          summingChannelsOf: map, source: method.identifier)
      }
    }
  }

  private func compare(
    _ images: [Int], _ maps: [Int: [Side: RelevanceMap]], _ panel: SimilarityPanel, _ method: Int,
    threads: Int
  ) -> [ContrastScore] {
    let identifier = methods[method].identifier
    let work = images.map { image in
      (maps[image] ?? [:], pairs.enumerated().filter { $1.image == image })
    }
    return BackgroundThread.map(images.count, threads: threads) { index in
      let compared = work[index].0.mapValues(ComparedMap.init)
      return work[index].1.map { position, pair in
        ContrastScore(
          pair: position, method: identifier,
          scores: compared[pair.left].flatMap { left in
            compared[pair.right].map { panel.scores(of: left, and: $0) }
          }, measures: panel.measures.count)
      }
    }.flatMap(\.self)
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
