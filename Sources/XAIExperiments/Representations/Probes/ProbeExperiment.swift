import XAIAttribution
import XAIClassifiers
import XAIDatasets
import XAINetworks
public import XAIRepresentations
import XAIStatistics
import XAITensor

/// Reads properties of images from layers by linear probes at their optimum, against pixels, random weights and control
/// tasks (Alain and Bengio 2016; Hewitt and Liang 2019).
public final class ProbeExperiment: PlannedExperiment {
  /// What is probed, and how.
  public struct Configuration: Sendable {
    /// The properties.
    public var properties: [String]
    /// Words for layers; nil for the representative ones.
    public var layers: [String]?
    /// At most so many training images, and as many test images.
    public var images = 500
    /// The penalty of weights.
    public var penalty = 0.01
    /// What is read of maps; nil for every position where the memory allows it, and the mean else.
    public var features: ProbeFeatures.Reduction?
    /// The networks of random weights.
    public var randomNetworks = 5
    /// The control tasks.
    public var controls = 10
    /// Whether the subspaces that probes read are taken from the network.
    public var ablates = false
    /// Random subspaces; nil for as many as significance needs, at least 20.
    public var subspaces: Int?

    /// Says what is probed.
    /// - Parameter properties: The properties.
    public init(_ properties: [String]) { self.properties = properties }
  }

  private let configuration: Configuration
  private let session: Session
  private let layers: [String]
  private let training: [Int]
  private let test: [Int]
  private let properties: [ProbeProperty]
  private let reader: PropertyReader
  private let preprocessing: Preprocessing

  /// Prepares for the network of a session: reads the properties.
  /// - Parameters:
  ///   - configuration: What is probed.
  ///   - session: The network and the data, which were opened.
  /// - Throws: `ProbeFailure` where the data have no such property; `RepresentationFailure` where a layer does not exist or a
  ///   value has too few images; what reading throws.
  public init(_ configuration: Configuration, in session: Session) throws {
    (self.configuration, self.session) = (configuration, session)
    guard let dataset = session.dataset else { throw ExperimentFailure(.noData) }
    layers = try session.network.checkpoint.network.layers(configuration.layers)
    preprocessing = try session.requests(for: session.network).preprocessing
    training = Array(0..<min(configuration.images, dataset.count(of: .train)))
    test = Array(0..<min(configuration.images, dataset.count(of: .test)))
    for (part, images) in [("training", training), ("test", test)]
    where images.count < ClassProbe.fewestRows {
      throw RepresentationFailure(
        .tooFew("\(part) images", found: images.count, needed: ClassProbe.fewestRows))
    }
    reader = PropertyReader(dataset)
    properties = try reader.properties(
      configuration.properties, training: training, test: test)
  }

  /// What it takes: a forward pass of each image through each network.
  /// - Returns: Words and passes.
  public func plan() -> ExperimentPlan {
    let images = training.count + test.count
    let ablated =
      configuration.ablates ? test.count * (subspaces + 1) * layers.count * properties.count : 0
    return ExperimentPlan(
      "\(counted(properties.count, "property", "properties")), \(grouped(layers.count, "layer")), "
        + "\(grouped(images, "image")), \(grouped(configuration.randomNetworks, "random network"))",
      passes: Double(images * layers.count * (1 + configuration.randomNetworks) + ablated))
  }

  private func counted(_ number: Int, _ one: String, _ many: String) -> String {
    "\(grouped(number)) \(number == 1 ? one : many)"
  }

  /// Random subspaces of each ablation.
  private var subspaces: Int {
    configuration.subspaces
      ?? max(20, RankTest.fewestControls(tests: layers.count * properties.count))
  }

  /// Probes.
  /// - Returns: What was found.
  /// - Throws: `WorkStopped` where the observer asked to stop; what reading, kernels and statistics throw.
  public func run() throws -> ProbeResults {
    let observer = session.observer
    observer.becomesStoppable()
    observer.begin(
      "probing", total: (layers.count + 1) * properties.count, unit: "probes")
    defer { observer.end() }
    var (done, notes) = (0, [String]())
    let rows = try rows(
      of: LayerOutputs.input, .flat, by: session.network.explained)
    let pixels = try properties.map { property in
      try session.checkStop()
      done += 1
      observer.advance(to: done, "pixels")
      return try answers(to: property, rows, "pixels").answers
    }
    let networks = RandomNetworks(like: session.network.explained, seed: session.request.seed)
    var (entries, probed) = ([ProbeEntry](), [ProbedLayer]())
    for layer in layers {
      let reduction = reduction(of: layer)
      let features = try self.rows(of: layer, reduction, by: session.network.explained)
      let random = try (0..<configuration.randomNetworks).map { draw in
        try session.checkStop()
        return try self.rows(of: layer, reduction, by: networks.all(draw: draw))
      }
      probed.append(
        ProbedLayer(layer: layer, features: reduction, count: features.mean.count))
      for (property, pixels) in zip(properties, pixels) {
        try session.checkStop()
        entries.append(try entry(property, layer, features, reduction, pixels, random, &notes))
        done += 1
        observer.advance(to: done, layer)
      }
    }
    adjust(&entries)
    let reduced = probed.filter { layer in
      layer.features == .mean && configuration.features == nil
        && session.network.checkpoint.network.shape(of: layer.layer).count == 3
    }
    if !reduced.isEmpty {
      notes.append(
        "Of \(reduced.map(\.layer).joined(separator: ", ")) the mean of each channel is read, as all positions "
          + "would take too much memory.")
    }
    return ProbeResults(
      version: Toolkit.version, networks: try session.studied(),
      data: StudiedData(
        name: session.dataset?.name ?? "", split: Split.test.rawValue, images: test.count),
      training: training.count, seed: session.request.seed, controlTypes: "class",
      layers: probed, entries: entries, notes: notes)
  }

  // MARK: Rows

  private func reduction(of layer: String) -> ProbeFeatures.Reduction {
    let shape = session.network.checkpoint.network.shape(of: layer)
    guard shape.count == 3 else { return .flat }
    if let chosen = configuration.features { return chosen }
    let bytes = 4 * (training.count + test.count) * shape.reduce(1, *)
    return bytes <= session.memory.activations ? .flat : .mean
  }

  private func rows(
    of layer: String, _ reduction: ProbeFeatures.Reduction, by network: ExplainedNetwork
  ) throws -> ProbeFeatures {
    guard let dataset = session.dataset else { throw ExperimentFailure(.noData) }
    let source = try LayerOutputs([layer], of: network, batch: Self.together)
    let parts = try [(Split.train, training), (.test, test)].map { split, images in
      let pictures = PictureList(dataset, split, images)
      var rows: [Tensor] = []
      for start in stride(from: 0, to: images.count, by: Self.together) {
        let batch = try pictures.normalized(
          start..<min(start + Self.together, images.count), by: preprocessing)
        try source.forEachBatch(of: batch) { _, outputs in
          outputs[layer].map { rows.append(ProbeFeatures.features(of: $0, reduction)) }
        }
      }
      return Tensor(stacking: rows)
    }
    return try ProbeFeatures(training: parts[0], test: parts[1], for: "a probe of \(layer)")
  }

  private static let together = 32

  // MARK: Probes

  /// The answers of a probe on the test images, and what made them.
  private struct Fitted {
    var answers: Answers
    var penalty: Double
    var regression: SoftmaxRegression?
  }

  fileprivate enum Answers {
    case labels([Int])
    case numbers([Double])
  }

  private func answers(
    to property: ProbeProperty, _ features: ProbeFeatures, _ name: String
  ) throws -> Fitted {
    let penalty = configuration.penalty
    switch property.values {
    case .labels(let names, let training, _):
      let probe = try ClassProbe(
        features, labels: training, classes: names.count, penalty: penalty,
        for: "a probe of \(property.name) at \(name)")
      return Fitted(
        answers: .labels(probe.predicted), penalty: penalty, regression: probe.regression)
    case .numbers(let training, _):
      let probe = try ValueProbe(
        features, values: training, penalty: penalty, for: "a probe of \(property.name) at \(name)")
      return Fitted(answers: .numbers(probe.predicted), penalty: penalty)
    }
  }

  private func entry(
    _ property: ProbeProperty, _ layer: String, _ features: ProbeFeatures,
    _ reduction: ProbeFeatures.Reduction, _ pixels: Answers, _ random: [ProbeFeatures],
    _ notes: inout [String]
  ) throws -> ProbeEntry {
    let own = try answers(to: property, features, layer)
    let others = try random.map { try answers(to: property, $0, layer).answers }
    var entry = ProbeEntry(
      property: property.name, layer: layer, penalty: own.penalty, random: [], control: [])
    switch (property.values, own.answers, pixels) {
    case (.labels(let names, let training, let test), .labels(let answers), .labels(let pixels)):
      let control = try controlAccuracies(property.name, training, test, features, names, &notes)
      let result = ProbeResult(
        predicted: answers, labels: test, majority: ProbeResult.mostFrequent(training),
        pixels: pixels, random: others.compactMap(\.labels), control: control)
      entry.labels = names
      (entry.value, entry.majority, entry.pixels) = (
        result.accuracy, result.majority, result.pixels
      )
      (entry.random, entry.control) = (result.random, result.control)
      (entry.selectivity, entry.gain, entry.p) = (result.selectivity, result.gain, result.p)
      if configuration.ablates, reduction == .flat, let regression = own.regression {
        entry.ablation = try ablation(regression, features, layer)
      }
    case (.numbers(_, let test), .numbers(let answers), .numbers(let pixels)):
      entry.value = shareOfVarianceExplained(answers, test)
      entry.pixels = shareOfVarianceExplained(pixels, test)
      entry.random = others.compactMap(\.numbers).compactMap { shareOfVarianceExplained($0, test) }
      entry.gain = entry.value.flatMap { entry.random.isEmpty ? nil : $0 - entry.random.mean }
    default: break
    }
    return entry
  }

  private func controlAccuracies(
    _ property: String, _ training: [Int], _ test: [Int], _ features: ProbeFeatures,
    _ names: [String], _ notes: inout [String]
  ) throws -> [Double] {
    let types =
      reader.types(self.training, of: .train) + reader.types(self.test, of: .test)
    let labels = training + test.map { min($0, names.count - 1) }
    var accuracies: [Double] = []
    for draw in 0..<configuration.controls {
      let drawn: [Int]
      do {
        drawn = try ControlTask.labels(
          types: types, labels: labels, draw: draw, seed: session.request.seed)
      } catch {
        let note = "\(property) has no control task: the class of an image determines it."
        if !notes.contains(note) { notes.append(note) }
        return []
      }
      let own = Array(drawn.prefix(training.count))
      // A draw may give all types one label: nothing is to be learned then.
      guard Set(own).count > 1 else { continue }
      let probe = try ClassProbe(
        features, labels: own, classes: names.count,
        penalty: configuration.penalty, for: "a control task")
      if let accuracy = probe.accuracy(Array(drawn.dropFirst(training.count))) {
        accuracies.append(accuracy)
      }
    }
    return accuracies
  }

  // MARK: Ablation

  private func ablation(
    _ regression: SoftmaxRegression, _ features: ProbeFeatures, _ layer: String
  ) throws -> ProbeAblation? {
    guard let dataset = session.dataset else { return nil }
    let network = session.network.explained
    let mapping = LabelMapping(session.network.checkpoint, dataset)
    let labels = test.map { mapping.logit(of: dataset.label(at: $0, of: .test)) ?? -1 }
    let source = try LayerOutputs([layer], of: network, batch: Self.together)
    let rest = try LayerContinuation(after: layer, of: network, batch: Self.together)
    let pictures = PictureList(dataset, .test, test)
    var parts: [Tensor] = []
    for start in stride(from: 0, to: test.count, by: Self.together) {
      let batch = try pictures.normalized(
        start..<min(start + Self.together, test.count), by: preprocessing)
      try source.forEachBatch(of: batch) { _, outputs in outputs[layer].map { parts.append($0) } }
    }
    func accuracy(without subspace: SubspaceAblation?) throws -> Double {
      try session.checkStop()
      let answers = try parts.flatMap { part in
        try rest.logits(from: subspace?.removing(from: part) ?? part).largestOfRows
      }
      return Double(zip(answers, labels).count { $0 == $1 }) / Double(labels.count)
    }
    let before = try accuracy(without: nil)
    let own = try SubspaceAblation(
      rowsOf: features.weights(regression.coefficients), mean: features.mean)
    let after = try accuracy(without: own)
    let random = try (0..<subspaces).map { draw in
      before
        - (try accuracy(
          without: SubspaceAblation(
            random: own.basis.rows, mean: features.mean, draw: draw, seed: session.request.seed)))
    }
    return ProbeAblation(
      dimension: own.basis.rows, before: before, after: after, random: random,
      p: SubspaceAblation.test(drop: before - after, among: random).p)
  }

  // MARK: Tests

  private func adjust(_ entries: inout [ProbeEntry]) {
    let tested = entries.indices.filter { entries[$0].p != nil }
    let adjusted = Holm.adjusted(tested.compactMap { entries[$0].p })
    for (index, p) in zip(tested, adjusted) {
      let entry = entries[index]
      let rivals = [entry.majority, entry.pixels].compactMap(\.self) + entry.random
      entries[index].adjustedP = p
      entries[index].isDecodable = (entry.value ?? 0) > (rivals.max() ?? 0) && p <= 0.05
    }
    let ablated = entries.indices.filter { entries[$0].ablation != nil }
    let drops = Holm.adjusted(ablated.compactMap { entries[$0].ablation?.p })
    for (index, p) in zip(ablated, drops) { entries[index].ablation?.adjustedP = p }
  }
}

extension ProbeExperiment.Answers {
  fileprivate var labels: [Int]? { if case .labels(let labels) = self { labels } else { nil } }
  fileprivate var numbers: [Double]? {
    if case .numbers(let numbers) = self { numbers } else { nil }
  }
}
