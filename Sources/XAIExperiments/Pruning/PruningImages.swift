import XAIAttribution
import XAIClassifiers
import XAIDatasets
import XAIKernels
import XAINetworks
import XAIRepresentations
import XAIStatistics
import XAITensor
import XAITraining

/// The images that pruning looks at: some of each class to judge filters, others to choose networks, others to test.
struct PruningImages {
  /// The data as the network was trained on them.
  let training: any ImageDataset
  /// The same data with their own labels, for the test.
  let dataset: any ImageDataset
  let preprocessing: Preprocessing
  /// Training images of each class, and their logits.
  let references: PictureList
  let targets: [Int]
  private let mapping: LabelMapping
  private let checkpoint: Checkpoint
  private let path: String
  private let seed: UInt64
  /// Throws where the work is to stop.
  private let checkStop: () throws -> Void

  private static let together = 64

  /// Chooses images.
  init(
    _ opened: (training: any ImageDataset, dataset: any ImageDataset), in session: Session,
    perClass: Int
  ) throws {
    (training, dataset) = opened
    (checkpoint, path) = (session.network.checkpoint, session.network.path)
    seed = session.request.seed
    checkStop = { try session.checkStop() }
    preprocessing = try Preprocessing(of: checkpoint)
    mapping = LabelMapping(checkpoint, dataset)
    let numbers = Dictionary(
      grouping: 0..<opened.training.count(of: .train),
      by: { opened.training.label(at: $0, of: .train) })
    var chosen: [(number: Int, target: Int)] = []
    for label in training.classes.indices {
      guard let target = mapping.logit(of: label), var own = numbers[label] else { continue }
      var stream = RandomStream(
        seed: seed, purpose: "pruning/reference/\(training.classes[label].id)")
      stream.shuffle(&own)
      chosen += own.prefix(perClass).map { ($0, target) }
    }
    guard !chosen.isEmpty else {
      throw PruningFailure(.noImages(.training, data: training.name))
    }
    references = PictureList(training, .train, chosen.map(\.number))
    targets = chosen.map(\.target)
    guard training.count(of: .validation) > 0 else {
      throw PruningFailure(.noImages(.validation, data: training.name))
    }
  }

  /// Whether the labels of the data are the logits themselves, as a training takes them to be.
  var hasClassesOfNetwork: Bool {
    dataset.classes.count == checkpoint.network.architecture.classes
      && dataset.classes.indices.allSatisfy { mapping.logit(of: $0) == $0 }
  }

  /// Normalized reference images in parts that fit the memory.
  private func forEachPart(
    of count: Int, _ body: (Range<Int>, Tensor) throws -> Void
  ) throws {
    for start in stride(from: 0, to: count, by: Self.together) {
      try checkStop()
      let range = start..<min(start + Self.together, count)
      try body(range, try references.normalized(range, by: preprocessing))
    }
  }

  /// What filters are worth on the reference images.
  func scores(
    _ criterion: FilterCriterion, of network: ExplainedNetwork, seed: UInt64
  ) throws -> [FilterScores] {
    guard criterion.looksAtImages else {
      return try criterion.scores(
        of: network, images: Tensor(shape: [1] + network.network.architecture.input), labels: [0],
        seed: seed)
    }
    var sums: [FilterScores] = []
    try forEachPart(of: targets.count) { range, images in
      let part = try criterion.scores(
        of: network, images: images, labels: Array(targets[range]), batch: Self.together)
      // Relevance is a sum over images, the others are means.
      let weight = criterion == .lrp ? 1 : Double(range.count) / Double(targets.count)
      sums = part.enumerated().map { index, layer in
        FilterScores(
          layer: layer.layer,
          values: layer.values.enumerated().map { filter, value in
            weight * value + (sums.isEmpty ? 0 : sums[index].values[filter])
          })
      }
    }
    return sums
  }

  /// Maps of relevance (LRP, z+) of the first reference images, summed over channels: one for each.
  func maps(of network: ExplainedNetwork, count: Int) throws -> [[Double]] {
    var maps: [[Double]] = []
    try forEachPart(of: min(count, targets.count)) { range, images in
      let signals = try network.merged().inputSignals(
        images: images, targets: Array(targets[range]), composite: LRPAlphaBeta.zPlus.composite,
        algorithm: .direct, in: AttributionContext()
      ).signals
      let area = signals.shape.suffix(2).reduce(1, *)
      for row in 0..<signals.rows {
        let map = signals.row(row).elements
        maps.append(
          (0..<area).map { pixel in
            stride(from: pixel, to: map.count, by: area).reduce(0) { $0 + Double(map[$1]) }
          })
      }
    }
    return maps
  }

  /// Says what a network answers on a split.
  func accuracy(
    of network: ExplainedNetwork, on split: Split, atMost limit: Int? = nil
  ) throws -> PruningAccuracy {
    let data = split == .test ? dataset : training
    let logits = try mapping.complete(
      for: data, split, file: path, count: checkpoint.network.architecture.classes)
    let evaluator = try Evaluator(
      network: network.network, parameters: network.parameters, preprocessing: preprocessing,
      batchSize: Self.together, backend: network.backend)
    let count = data.count(of: split)
    let stride = limit.map { max(1, (count + $0 - 1) / $0) } ?? 1
    var tally = ClassificationTally()
    var hits: [Bool] = []
    try evaluator.forEachBatch(of: data, split: split, stride: stride) { batch, output in
      try checkStop()
      for (row, label) in batch.labels.enumerated() {
        let before = tally.hits
        tally.record(logits: output.row(row), labels: [logits[label] ?? 0])
        hits.append(tally.hits > before)
      }
      return true
    }
    return PruningAccuracy(tally, hits: hits)
  }

  /// Parameters with the batch norms' statistics of training images: the means over batches of what each has.
  ///
  /// That is what PyTorch's running statistics are with `momentum=None`.
  func recalibrated(_ network: ExplainedNetwork, batches: Int) throws -> Parameters {
    let statistics = network.parameters.names.filter { Parameters.isRunningStatistic($0) }
    guard batches > 0, !statistics.isEmpty else { return network.parameters }
    let layers = network.network.nodes.filter(\.isLinear).map(\.name)
    let loader = BatchLoader(
      dataset: training, split: .train, preprocessing: preprocessing, batchSize: Self.together,
      order: .shuffled(seed: seed, epoch: 0))
    var sums: [String: [Double]] = [:]
    var count = 0
    while count < batches, let batch = try loader.next(), batch.labels.count > 1 {
      try checkStop()
      let own = try RunningStatistics.estimated(
        for: layers, of: network.parameters, in: network.network, on: batch.images,
        backend: network.backend)
      for name in statistics {
        let values = own[name]?.elements.map(Double.init) ?? []
        sums[name] = sums[name].map { zip($0, values).map(+) } ?? values
      }
      count += 1
    }
    var parameters = network.parameters
    for (name, values) in sums {
      parameters[name] = Tensor(
        shape: [values.count], values.map { Float($0 / Double(count)) })
    }
    return parameters
  }
}
