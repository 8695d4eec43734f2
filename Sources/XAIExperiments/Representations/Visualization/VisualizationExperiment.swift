import XAIAttribution
import XAIClassifiers
import XAIDatasets
public import XAIImages
import XAINetworks
import XAIRepresentations
import XAITensor

/// Draws what excites classes, units and directions of concepts, beside what the same does on random weights and the images that excite them most.
public final class VisualizationExperiment: PlannedExperiment {
  /// What is drawn.
  public enum Feature: Sendable, Equatable {
    /// A class, as a logit.
    case target(Int)
    /// A unit of a layer: the mean of its map.
    case unit(layer: String, Int)
    /// A concept's direction in a layer.
    case concept(String, layer: String)
  }

  /// What is drawn, and how.
  public struct Configuration: Sendable {
    /// The classes and units.
    public var features: [Feature]
    /// Where concepts come from, whose directions are drawn as well.
    public var concepts: [ConceptSource] = []
    /// Words for the layers of concepts; nil for the last of the representative ones.
    public var layers: [String]?
    /// The images of a concept.
    public var set = 50
    /// How pictures are made.
    public var style = VisualizationStyle.fourier
    /// The number of steps.
    public var steps = 128
    /// At most so many test images that pictures are held against.
    public var images = 500

    /// Says what is drawn.
    /// - Parameter features: The classes and units.
    public init(_ features: [Feature]) { self.features = features }
  }

  /// The pictures of a feature.
  public struct Pictures: Sendable {
    /// Of the trained network.
    public let trained: RGBImage
    /// Of random weights, from the same start.
    public let random: RGBImage
    /// The test images that excite it most.
    public let images: [RGBImage]
  }

  /// What was found.
  public struct Outcome: Sendable {
    /// All numbers.
    public let results: VisualizationResults
    /// The pictures, in the order of the results.
    public let pictures: [Pictures]
  }

  private let configuration: Configuration
  private let session: Session
  private let dataset: any ImageDataset
  private let preprocessing: Preprocessing
  private let test: PictureList
  private let features: [Feature]
  private let directions: [ConceptDirection]

  /// Prepares for the network of a session.
  /// - Parameters:
  ///   - configuration: What is drawn.
  ///   - session: The network and the data, which were opened.
  /// - Throws: `RepresentationFailure` where a class, layer or unit does not exist or a unit is asked of plain ascent;
  ///   `ExperimentFailure`.
  public init(_ configuration: Configuration, in session: Session) throws {
    (self.configuration, self.session) = (configuration, session)
    guard let dataset = session.dataset else { throw ExperimentFailure(.noData) }
    self.dataset = dataset
    preprocessing = try session.requests(for: session.network).preprocessing
    let count = min(configuration.images, dataset.count(of: .test))
    guard count > 0, dataset.count(of: .train) > 0 else {
      throw RepresentationFailure(.tooFew("images of the data", found: 0, needed: 1))
    }
    test = PictureList(dataset, .test, Array(0..<count))
    let layers = try session.network.checkpoint.network.layers(configuration.layers)
    directions = try session.conceptDirections(
      configuration.concepts, at: configuration.layers == nil ? Array(layers.suffix(1)) : layers,
      set: configuration.set, preprocessing)
    features =
      configuration.features + directions.map { Feature.concept($0.name, layer: $0.layer) }
    for feature in configuration.features {
      _ = try FeatureEvaluator(feature.objective(), of: session.network.explained)
    }
    for feature in features where configuration.style == .simonyan {
      if case .target = feature { continue }
      throw RepresentationFailure(
        .value(
          of: "the style", found: VisualizationStyle.simonyan.rawValue,
          expected: "\(VisualizationStyle.fourier.rawValue) for \(feature.kind)"))
    }
  }

  /// What it takes: two passes for each step on two networks, and a forward pass of each image.
  /// - Returns: Words and passes.
  public func plan() -> ExperimentPlan {
    let count = features.count
    return ExperimentPlan(
      "\(grouped(count, "picture")) of \(grouped(configuration.steps, "step")), "
        + grouped(test.count, "image"),
      passes: Double(count * (4 * configuration.steps + test.count + 2 * Self.freshCount)))
  }

  /// Transformations that a picture was not made for.
  private static let freshCount = 32
  /// Training images whose colors are taken.
  private static let colorImages = 500
  private static let together = 32

  /// Draws.
  /// - Returns: What was found.
  /// - Throws: `WorkStopped` where the observer asked to stop; what reading, kernels and statistics throw.
  public func run() throws -> Outcome {
    let observer = session.observer
    observer.becomesStoppable()
    observer.begin(
      "drawing", total: 2 * features.count * configuration.steps, unit: "steps")
    defer { observer.end() }
    let painter = try FeaturePainter(
      configuration, preprocessing, colors: try colors(), seed: session.request.seed)
    let random = RandomNetworks(like: session.network.explained, seed: session.request.seed)
      .all(draw: 0)
    var (done, notes) = (0, [String]())
    let step = { [session] in
      try session.checkStop()
      done += 1
      session.observer.advance(to: done, "")
    }
    var (records, pictures) = ([VisualizedFeature](), [Pictures]())
    for (number, feature) in features.enumerated() {
      let name = feature.name(session.classes)
      let network = session.network.explained
      let direction = try found(feature, in: network)
      let objective = feature.objective(direction?.vector)
      if let direction, !direction.isLearnable {
        notes.append(
          "\(name): the layer does not tell the concept from other images, so that its direction is noise"
        )
      }
      guard
        let trained = try painter.paint(feature, objective, number, on: network, step: step)
      else {
        notes.append("\(name) is dead: nothing changes it, and there is no picture")
        continue
      }
      // Of random weights the direction that the same images have there.
      let other = try painter.paint(
        feature, feature.objective(try found(feature, in: random)?.vector), number, on: random,
        step: step)
      let values = try values(of: objective)
      let top = values.indices.sorted { (values[$1], $0) < (values[$0], $1) }.prefix(9)
      var record = try record(feature, name, trained, other, values, top.map { $0 })
      record.accuracy = direction?.accuracy
      records.append(record)
      pictures.append(
        Pictures(
          trained: trained.picture, random: other?.picture ?? painter.blank,
          images: try top.map(test.picture)))
    }
    let results = VisualizationResults(
      version: Toolkit.version, networks: try session.studied(),
      data: StudiedData(name: dataset.name, split: Split.test.rawValue, images: test.count),
      seed: session.request.seed, style: configuration.style, steps: configuration.steps,
      grainOfImages: try grain(painter), pictures: records, notes: notes)
    return Outcome(results: results, pictures: pictures)
  }

  private func record(
    _ feature: Feature, _ name: String, _ trained: PaintedFeature, _ random: PaintedFeature?,
    _ values: [Double], _ top: [Int]
  ) throws -> VisualizedFeature {
    var record = VisualizedFeature(
      name: name, trained: trained.objective, random: random?.objective,
      rank: Double(values.count { $0 < trained.objective.end }) / Double(values.count),
      images: top.map { dataset.name(at: $0, of: .test) })
    switch feature {
    case .target(let index):
      record.target = StudiedClass(index, of: session.classes)
      record.probability = try Prediction.of(trained.input, by: session.network.explained)
        .first?.probability(of: index)
    case .unit(let layer, let unit): (record.layer, record.unit) = (layer, unit)
    case .concept(let concept, let layer): (record.layer, record.concept) = (layer, concept)
    }
    return record
  }

  /// The direction of a concept in a network; nil of classes and units.
  private func found(
    _ feature: Feature, in network: ExplainedNetwork
  ) throws -> ConceptDirection.Found? {
    guard case .concept(let name, let layer) = feature else { return nil }
    return try directions.first { $0.name == name && $0.layer == layer }?.found(in: network)
  }

  /// The objective of each test image.
  private func values(of objective: FeatureObjective) throws -> [Double] {
    let evaluator = try FeatureEvaluator(objective, of: session.network.explained)
    return try stride(from: 0, to: test.count, by: Self.together).flatMap { start in
      try session.checkStop()
      return try evaluator.values(
        at: test.normalized(
          start..<min(start + Self.together, test.count), by: preprocessing))
    }
  }

  private func colors() throws -> ColorStatistics {
    let count = min(Self.colorImages, dataset.count(of: .train))
    let pictures = try (0..<count).map { try dataset.picture(at: $0, of: .train) }
    let bytes = pictures.flatMap {
      preprocessing.reversesChannels ? $0.reversingChannels.pixels : $0.pixels
    }
    return try ColorStatistics(
      try PixelImages(shape: [count, dataset.height, dataset.width, 3], bytes))
  }

  /// How fine the grain of images is.
  private func grain(_ painter: FeaturePainter) throws -> [Double] {
    let shares = try (0..<min(test.count, 100)).compactMap { index in
      painter.grain(of: try test.picture(at: index))
    }.sorted()
    guard !shares.isEmpty else { return [] }
    return [0.25, 0.5, 0.75].map { shares[Int($0 * Double(shares.count - 1))] }
  }
}

extension VisualizationExperiment.Feature {
  /// What is excited; of a concept its direction.
  func objective(_ direction: [Double]? = nil) -> FeatureObjective {
    switch self {
    case .target(let index): .logit(index)
    case .unit(let layer, let unit): .channel(layer: layer, unit: unit)
    case .concept(_, let layer): .direction(layer: layer, direction ?? [])
    }
  }

  /// What several of them are called.
  var kind: String {
    switch self {
    case .target: "classes"
    case .unit: "units"
    case .concept: "concepts"
    }
  }

  func name(_ classes: [Checkpoint.ClassName]) -> String {
    switch self {
    case .target(let index): StudiedClass(index, of: classes).words
    case .unit(let layer, let unit): "\(layer):\(unit)"
    case .concept(let concept, let layer): "\(concept) in \(layer)"
    }
  }
}
