import XAIAttribution
import XAIClassifiers
import XAIDatasets
import XAINetworks
public import XAIRepresentations
import XAIStatistics
import XAITensor

/// Reads properties of images from layers by linear probes at their optimum, against pixels, random weights and control
/// tasks (Alain and Bengio 2016; Hewitt and Liang 2019).
public final class ProbeExperiment: ResumableStudy {
  /// What the folder of finished parts calls it.
  public static let study = "probes"

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

  let configuration: Configuration
  let session: Session
  private let layers: [String]
  let training: [Int]
  let test: [Int]
  private let properties: [ProbeProperty]
  let reader: PropertyReader
  let preprocessing: Preprocessing
  private let parts = StudyParts<ProbeExperiment>()

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
  var subspaces: Int {
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
    var (done, notes) = (properties.count, [String]())
    observer.advance(to: done, "pixels")
    let pixels = KnownOnce { [self] in try pixelAnswers() }
    var (entries, probed) = ([ProbeEntry](), [ProbedLayer]())
    for layer in layers {
      let reduction = reduction(of: layer)
      let rows = KnownOnce { [self] in try allRows(of: layer, reduction) }
      probed.append(
        try parts.part("layer", of: inputs(layer, reduction)) {
          ProbedLayer(layer: layer, features: reduction, count: try rows.value().own.mean.count)
        })
      for (position, property) in properties.enumerated() {
        try session.checkStop()
        let found = try parts.part(
          "probe", of: inputs(layer, reduction, property)
        ) {
          var notes: [String] = []
          let (own, random) = (try rows.value().own, try rows.value().random)
          let entry = try entry(
            property, layer, own, reduction, pixels.value()[position], random, &notes)
          return Found(entry: entry, notes: notes)
        }
        entries.append(found.entry)
        notes += found.notes.filter { !notes.contains($0) }
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

  // MARK: Parts

  /// Keeps finished probes in a folder, and reads those that are there.
  /// - Parameter folder: The folder, made where there is none.
  /// - Throws: `ExperimentFailure` where it holds parts of something else; `FileFailure`.
  public func keep(in folder: String) throws { try parts.open(folder, in: session) }

  /// What a probe found, before tests are adjusted.
  private struct Found: Codable {
    var entry: ProbeEntry
    var notes: [String]
  }

  /// Everything that decides what is found, besides network and seed.
  private func inputs(
    _ layer: String, _ reduction: ProbeFeatures.Reduction, _ property: ProbeProperty? = nil
  ) -> [String] {
    let common = [
      layer, reduction.rawValue, session.dataset?.digest ?? "",
      "\(training.count) \(test.count) \(configuration.randomNetworks)",
    ]
    guard let property else { return common }
    return common + [
      property.name, "\(configuration.penalty)", "\(configuration.controls)",
      configuration.ablates ? "\(subspaces)" : "",
    ]
  }

  private func pixelAnswers() throws -> [Answers] {
    let rows = try rows(of: LayerOutputs.input, .flat, by: session.network.explained)
    return try properties.map { property in
      try session.checkStop()
      return try answers(to: property, rows, "pixels").answers
    }
  }

  /// A layer's outputs of the network and of networks of random weights.
  private struct Rows {
    let own: ProbeFeatures
    let random: [ProbeFeatures]
  }

  private func allRows(of layer: String, _ reduction: ProbeFeatures.Reduction) throws -> Rows {
    let networks = RandomNetworks(like: session.network.explained, seed: session.request.seed)
    return Rows(
      own: try rows(of: layer, reduction, by: session.network.explained),
      random: try (0..<configuration.randomNetworks).map { draw in
        try session.checkStop()
        return try rows(of: layer, reduction, by: networks.all(draw: draw))
      })
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

  static let together = 32

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
