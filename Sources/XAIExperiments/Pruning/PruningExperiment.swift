import XAIAttribution
import XAIClassifiers
public import XAIDatasets
import XAIFiles
import XAIKernels
import XAINetworks
import XAIRepresentations
import XAIStatistics
import XAITensor
import XAITraining

/// Removes filters step by step, by several criteria and by chance, and tells what accuracy is left.
///
/// LRP-guided pruning; Yeom et al. 2021.
public final class PruningExperiment: PlannedExperiment, StoredStudy {
  /// What `origin.json` calls it.
  public static let study = "pruning"

  /// What was found.
  public struct Outcome: Sendable {
    /// All numbers that the same call gives again.
    public let results: PruningResults
    /// Images a second of the original network and of each step of each curve, measured when it was made.
    public let speeds: Speeds
  }

  /// How many images a second networks took.
  public struct Speeds: Sendable {
    /// The original network.
    public let original: Double
    /// The step after each of the curves' steps.
    public let curves: [[Double]]
  }

  private let configuration: Configuration
  private let session: Session
  private let images: PruningImages
  private let layers: [FilterLayer]
  private let targets: [Int]
  private let curves: [PruningCurve]
  private let training: TrainingConfiguration?
  private let dataDigest: String
  private var store: UnitStore?
  private var folder = ""

  /// Prepares for the network of a session.
  /// - Parameters:
  ///   - configuration: How filters go.
  ///   - data: The data, which are opened as the network's training divided them.
  ///   - session: The network.
  /// - Throws: `PruningFailure` where nothing or too much would go, or images are missing; what opening throws.
  public init(_ configuration: Configuration, data: DataOpening, in session: Session) throws {
    (self.configuration, self.session) = (configuration, session)
    let (checkpoint, path) = (session.network.checkpoint, session.network.path)
    layers = FilterLayer.all(of: checkpoint.network)
    targets = try Self.targets(layers.map(\.filters), configuration)
    curves = PruningCurve.all(
      of: configuration.criteria, randomOrders: configuration.randomOrders,
      includesRandomized: configuration.includesRandomized)
    training = try TrainingConfiguration.stored(in: checkpoint, path: path)
    var data = data
    if let training {
      (data.validationFraction, data.splitSeed) = (training.validationFraction, training.seed)
    }
    let dataset = try data.open(
      input: checkpoint.network.architecture.input, fitting: try checkpoint.fitting,
      observer: session.observer)
    let relabelled = training?.randomLabels.map { RelabelledDataset(dataset, seed: $0) }
    images = try PruningImages(
      (relabelled ?? dataset, dataset), in: session, perClass: configuration.images)
    dataDigest = dataset.digest
    if configuration.epochs > 0, !images.hasClassesOfNetwork {
      throw PruningFailure(.otherClasses(path: path, data: dataset.name))
    }
  }

  /// Relevance maps are compared on at most so many reference images.
  private static let mapImages = 64

  /// What it takes if nothing is finished.
  /// - Returns: Words and passes.
  public func plan() -> ExperimentPlan {
    let validation = min(
      images.training.count(of: .validation), configuration.validationImages ?? .max)
    let judged = 2 * images.targets.count
    let tuned =
      configuration.epochs > 0
      ? 3 * configuration.epochs * images.training.count(of: .train)
      : min(64 * configuration.recalibration, images.training.count(of: .train))
    let each = curves.map { curve in
      (curve.criterion.looksAtImages ? judged : 0) + tuned + validation
        + 2 * min(Self.mapImages, images.targets.count)
    }
    return ExperimentPlan(
      "\(grouped(curves.count, "order")) of \(grouped(layers.reduce(0) { $0 + $1.filters })) filters, "
        + "\(grouped(targets.count, "step")), \(grouped(images.targets.count, "training image")) "
        + "to judge them",
      passes: Double(each.reduce(0, +)) * Double(targets.count))
  }

  /// Opens the folder of the run: what is finished there is read and never computed again.
  /// - Parameter path: The folder, made where there is none.
  /// - Throws: `ExperimentFailure` where it holds the steps of another run; `FileFailure`.
  public func open(_ path: String) throws {
    var settings = configuration.settings
    settings["data"] = String(dataDigest.prefix(12))
    store = try UnitStore(
      path,
      origin: StudyOrigin<PruningExperiment>(
        version: Toolkit.version, checkpoint: try session.identity(),
        seed: session.request.seed, settings: settings))
    folder = path
    try Folder.create("\(path)/networks")
  }

  /// Makes sure that the folder is still there.
  /// - Throws: `FileFailure` where it was removed or renamed meanwhile.
  public func requireFolder() throws { try store?.requireFolder() }

  /// Prunes.
  /// - Returns: What was found.
  /// - Throws: `WorkStopped` where the observer asked to stop, with all finished steps kept; what reading, kernels
  ///   and training throw.
  public func run() throws -> Outcome {
    guard let store else { throw ExperimentFailure(.noFolder) }
    let observer = session.observer
    observer.becomesStoppable()
    observer.begin("pruning", total: curves.count * targets.count, unit: "steps")
    defer { observer.end() }
    let backend = session.network.explained.backend
    let original = PrunedState(of: session.network.explained)
    let maps = try images.maps(of: session.network.explained, count: Self.mapImages)
    func measured(_ inputs: [String], _ state: () throws -> PrunedState) throws
      -> PruningMeasurement
    {
      try store.record("step", of: inputs, where: \.isPossible) {
        try PruningMeasurement(
          state(), on: backend, images, limit: configuration.validationImages,
          originalMaps: maps)
      }
    }
    func speed(_ inputs: [String], _ state: () throws -> PrunedState) throws -> Double {
      let measured = try store.record("speed", of: inputs, where: { $0.count == 1 && $0[0] > 0 }) {
        [try state().speed(on: backend)]
      }
      return measured[0]
    }
    func test(_ inputs: [String], _ state: () throws -> PrunedState) throws -> PruningAccuracy {
      try store.record("test", of: inputs, where: \.isPossible) {
        try images.accuracy(of: state().explained(on: backend), on: .test)
      }
    }
    let hasTest = images.dataset.count(of: .test) > 0
    let first = try measured(["original"]) { original }
    var (found, speeds): ([Chain], [[Double]]) = ([], [])
    for (position, curve) in curves.enumerated() {
      let chain = PruningChain(try setup(), curve)
      var steps: [PruningMeasurement] = []
      var chosen: Int?
      speeds.append([])
      for step in 1...targets.count {
        try session.checkStop()
        let inputs = chain.inputs(step: step)
        let measurement = try measured(inputs) { try chain.state(at: step) }
        speeds[position].append(try speed(inputs) { try chain.state(at: step) })
        steps.append(measurement)
        if measurement.validation.share >= first.validation.share - configuration.tolerance {
          chosen = step
        }
        observer.advance(
          to: position * targets.count + step,
          "\(curve.name): \(fixedPoint(100 * measurement.validation.share, digits: 1)) % with "
            + "\(fixedPoint(Double(measurement.multiplyAdds) / 1e6, digits: 1)) million multiply-adds"
        )
        if chain.holds(step: step) { try chain.keep([step, chosen ?? step]) }
      }
      let kept = Set([chosen, targets.count].compactMap(\.self))
      // A network that an earlier run did not keep is made again.
      for step in kept.sorted() where !chain.holds(step: step) { _ = try chain.state(at: step) }
      try chain.keep(kept)
      var tests: [Int: PruningAccuracy] = [:]
      for step in kept.sorted() where hasTest {
        tests[step] = try test(chain.inputs(step: step)) { try chain.state(at: step) }
      }
      found.append(
        Chain(
          curve: curve, steps: steps, chosen: chosen, tests: tests,
          files: Dictionary(uniqueKeysWithValues: kept.map { ($0, chain.file(step: $0)) })))
    }
    try Folder.remove("\(folder)/training")
    let results = try results(
      first, hasTest ? try test(["original"]) { original } : nil, found)
    return Outcome(
      results: results,
      speeds: Speeds(original: try speed(["original"]) { original }, curves: speeds))
  }

  /// What one order left.
  struct Chain {
    let curve: PruningCurve
    let steps: [PruningMeasurement]
    let chosen: Int?
    let tests: [Int: PruningAccuracy]
    let files: [Int: String]
  }

  private func setup() throws -> PruningChain.Setup {
    PruningChain.Setup(
      configuration: configuration, images: images, original: session.network.explained,
      checkpoint: session.network.checkpoint, digest: try session.network.digest.value(),
      seed: session.request.seed, targets: targets,
      floors: Dictionary(
        uniqueKeysWithValues: layers.map {
          ($0.convolution, PruningPlan.floor(configuration.floor, of: $0.filters))
        }), tuning: configuration.epochs > 0 ? tuning : nil, folder: folder)
  }

  private var tuning: PruningTuning {
    PruningTuning(
      configuration: recipe, dataset: images.training, epochs: configuration.epochs,
      rate: tuningRate, observer: session.observer)
  }

  /// How the network was trained, or how we would where it does not say.
  private var recipe: TrainingConfiguration {
    training
      ?? Recipe.strong.configuration(
        data: images.training.name, architecture: session.network.checkpoint.network.architecture)
  }

  private var tuningRate: Double {
    configuration.learningRate
      ?? recipe.finalRate(epoch: session.network.checkpoint.metadata["epoch"].flatMap { Int($0) })
  }

  // MARK: Results

  private func results(
    _ original: PruningMeasurement, _ test: PruningAccuracy?, _ chains: [Chain]
  ) throws -> PruningResults {
    var first = original.point(step: 0, removed: 0)
    first.test = test.map(PrunedAccuracy.init)
    let curves = PruningComparison(chains, targets: targets).curves
    return PruningResults(
      version: Toolkit.version, networks: try session.studied(),
      data: StudiedData(
        name: images.training.name, split: Split.validation.rawValue,
        images: original.validation.images),
      seed: session.request.seed, rate: configuration.rate, until: configuration.until,
      floor: configuration.floor, images: configuration.images, epochs: configuration.epochs,
      learningRate: configuration.epochs > 0 ? tuningRate : nil,
      recalibration: configuration.epochs > 0 ? 0 : configuration.recalibration,
      tolerance: configuration.tolerance,
      layers: layers.map { PrunedLayer(layer: $0.convolution, filters: $0.filters) },
      original: first, curves: curves, findings: PruningComparison.findings(curves, first),
      notes: notes)
  }

  private var notes: [String] {
    var notes = [
      "Validation images chose the networks; what test images say of them was looked at once, at the end."
    ]
    if training == nil {
      notes.append(
        "The checkpoint names no training, so which images it was trained on is unknown: validation images may be "
          + "among them.")
    }
    return notes
  }
}
