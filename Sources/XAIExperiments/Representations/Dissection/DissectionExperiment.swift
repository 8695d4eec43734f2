import XAIAttribution
import XAIDatasets
public import XAIImages
import XAINetworks
import XAIRepresentations
import XAIStatistics
import XAITensor

/// Finds which units of a network detect which concepts, against moved masks, rotated axes and random weights.
///
/// Network dissection; Bau et al. 2017.
public final class DissectionExperiment: ResumableStudy {
  /// What the folder of finished parts calls it.
  public static let study = "dissection"

  /// What is dissected, and how.
  public struct Configuration: Sendable {
    /// Words for layers; nil for the representative ones that have maps.
    public var layers: [String]?
    /// At most so many test images.
    public var images = 1000
    /// The share of positions at which a unit counts as active.
    public var quantile = UnitThresholds.defaultShare
    /// The least IoU of a detector.
    public var iou = 0.04
    /// How often masks are moved between images.
    public var permutations = UnitDetectors.defaultPermutations
    /// The networks of random weights.
    public var randomNetworks = 5
    /// Detectors of each layer whose images are shown.
    public var shown = 12

    /// The usual choices.
    public init() {}
  }

  /// The images that excite a detector most, dark where it is not active.
  public struct Example: Sendable {
    /// The position of the unit among those of the results.
    public let unit: Int
    /// The images, most exciting first.
    public let pictures: [RGBImage]
  }

  /// What was found.
  public struct Outcome: Sendable {
    /// All numbers.
    public let results: DissectionResults
    /// Images of the best detectors of each layer.
    public let examples: [Example]
  }

  private let configuration: Configuration
  private let session: Session
  private let dataset: any ImageDataset
  private let layers: [String]
  private let numbers: [Int]
  private let preprocessing: Preprocessing
  private let parts = StudyParts<DissectionExperiment>()

  /// Prepares for the network of a session.
  /// - Parameters:
  ///   - configuration: What is dissected.
  ///   - session: The network and the data, which were opened.
  /// - Throws: `RepresentationFailure` where a layer does not exist or has no maps; `ExperimentFailure`.
  public init(_ configuration: Configuration, in session: Session) throws {
    (self.configuration, self.session) = (configuration, session)
    guard let dataset = session.dataset else { throw ExperimentFailure(.noData) }
    self.dataset = dataset
    let network = session.network.checkpoint.network
    let chosen = try network.layers(configuration.layers)
    layers =
      configuration.layers == nil ? chosen.filter { network.shape(of: $0).count == 3 } : chosen
    for layer in layers where network.shape(of: layer).count != 3 {
      throw RepresentationFailure(
        .unfitLayer(
          layer, shape: network.shape(of: layer),
          expected: "maps [C, H, W] whose units can be dissected"))
    }
    preprocessing = try session.requests(for: session.network).preprocessing
    numbers = Array(0..<min(configuration.images, dataset.count(of: .test)))
    guard numbers.count >= ConceptMasks.fewestImages else {
      throw RepresentationFailure(
        .tooFew("test images", found: numbers.count, needed: ConceptMasks.fewestImages))
    }
  }

  /// What it takes: two forward passes of each image through each network.
  /// - Returns: Words and passes.
  public func plan() -> ExperimentPlan {
    ExperimentPlan(
      "\(grouped(layers.count, "layer")), \(grouped(numbers.count, "image")), "
        + "\(grouped(configuration.randomNetworks, "random network"))",
      passes: Double(2 * numbers.count * variants.count))
  }

  /// Keeps finished layers in a folder, and reads those that are there.
  /// - Parameter folder: The folder, made where there is none.
  /// - Throws: `ExperimentFailure` where it holds parts of something else; `FileFailure`.
  public func keep(in folder: String) throws { try parts.open(folder, in: session) }

  /// What is dissected: the network, its rotated axes, random weights.
  private enum Variant {
    case trained, rotated, random(Int)

    var name: String {
      switch self {
      case .trained: "trained"
      case .rotated: "rotated"
      case .random(let draw): "random-\(draw)"
      }
    }

    var isRotated: Bool {
      if case .rotated = self { true } else { false }
    }
  }

  private var variants: [Variant] {
    [.trained, .rotated] + (0..<configuration.randomNetworks).map(Variant.random)
  }

  /// Dissects.
  /// - Returns: What was found.
  /// - Throws: `WorkStopped` where the observer asked to stop; what reading, kernels and statistics throw.
  public func run() throws -> Outcome {
    let observer = session.observer
    observer.becomesStoppable()
    let concepts = try ConceptMasks(of: dataset, numbers)
    let pictures = PictureList(dataset, .test, numbers)
    observer.begin(
      "dissecting", total: 2 * numbers.count * variants.count * layers.count, unit: "maps")
    defer { observer.end() }
    var done = 0
    let networks = RandomNetworks(like: session.network.explained, seed: session.request.seed)
    var found: [[LayerDissection]] = layers.map { _ in [] }
    for variant in variants {
      let network: ExplainedNetwork
      if case .random(let draw) = variant {
        network = networks.all(draw: draw)
      } else {
        network = session.network.explained
      }
      for (index, layer) in layers.enumerated() {
        let work = LayerDissector(
          layer, of: network, pictures, preprocessing, seed: session.request.seed,
          memory: session.memory.activations,
          step: { [session] count in
            try session.checkStop()
            done += count
            session.observer.advance(to: done, layer)
          })
        let units = network.network.shape(of: layer)[0]
        let finished = done + 2 * numbers.count
        found[index].append(
          try parts.part(
            "layer", of: inputs(layer, variant), where: { $0.isPossible(units: units) }
          ) {
            try work.dissect(
              concepts, quantile: configuration.quantile,
              permutations: configuration.permutations, isRotated: variant.isRotated)
          })
        done = finished
      }
    }
    return try outcome(found, concepts, pictures)
  }

  /// Everything that decides what is found at a layer, besides network and seed.
  private func inputs(_ layer: String, _ variant: Variant) -> [String] {
    [
      layer, variant.name, dataset.digest, "\(numbers.count)", "\(configuration.quantile)",
      "\(configuration.permutations)",
    ]
  }

  private func outcome(
    _ found: [[LayerDissection]], _ concepts: ConceptMasks, _ pictures: PictureList
  ) throws -> Outcome {
    var units: [DissectedUnit] = []
    var summaries: [DissectedLayer] = []
    var examples: [Example] = []
    for (layer, variants) in zip(layers, found) {
      let first = units.count
      let trained = variants[0]
      units += trained.detectors.enumerated().map { index, detector in
        unit(layer, index, detector, trained.adjusted[index], trained.top[index], concepts)
      }
      let own = units[first...]
      summaries.append(
        DissectedLayer(
          layer: layer, units: own.count, detectors: own.count(where: \.isDetector),
          concepts: Set(own.filter(\.isDetector).map(\.concept)).count,
          dead: own.count(where: \.isDead),
          categories: Dictionary(
            uniqueKeysWithValues: concepts.categories.map { category in
              (category.name, own.count { $0.isDetector && $0.category == category.name })
            }),
          rotated: count(variants[1]), random: variants.dropFirst(2).map(count)))
      let best = own.indices.filter { units[$0].isDetector }
        .sorted { (units[$1].iou ?? 0, $0) < (units[$0].iou ?? 0, $1) }
        .prefix(configuration.shown)
      let dissector = LayerDissector(
        layer, of: session.network.explained, pictures, preprocessing,
        seed: session.request.seed, memory: session.memory.activations, step: { _ in })
      for index in best {
        examples.append(
          Example(
            unit: index,
            pictures: try dissector.examples(
              of: units[index].unit, trained.top[index - first],
              threshold: trained.thresholds[index - first])))
      }
    }
    let results = DissectionResults(
      version: Toolkit.version, networks: try session.studied(),
      data: StudiedData(
        name: dataset.name, split: Split.test.rawValue, images: numbers.count),
      seed: session.request.seed, quantile: configuration.quantile, iou: configuration.iou,
      permutations: configuration.permutations,
      concepts: concepts.categories.map { category in
        DissectionCategory(
          name: category.name, concepts: category.concepts.map { concepts.names[$0] })
      }, layers: summaries, units: units, notes: concepts.notes)
    return Outcome(results: results, examples: examples)
  }

  private func isDetector(_ detector: UnitDetector, _ adjusted: Double) -> Bool {
    (detector.iou ?? 0) > configuration.iou && adjusted <= 0.05
  }

  private func count(_ found: LayerDissection) -> Int {
    zip(found.detectors, found.adjusted).count { isDetector($0, $1) }
  }

  private func unit(
    _ layer: String, _ unit: Int, _ detector: UnitDetector, _ adjusted: Double, _ top: [Int],
    _ concepts: ConceptMasks
  ) -> DissectedUnit {
    DissectedUnit(
      layer: layer, unit: unit, concept: concepts.names[detector.concept],
      category: concepts.category(of: detector.concept), iou: detector.iou,
      precision: detector.precision, recall: detector.recall, nullMedian: detector.nullMedian,
      nullUpper: detector.nullUpper, p: detector.rank.p, adjustedP: adjusted,
      isDetector: isDetector(detector, adjusted), isDead: detector.isDead,
      images: top.map { dataset.name(at: numbers[$0], of: .test) })
  }
}
