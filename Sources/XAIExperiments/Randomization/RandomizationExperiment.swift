import XAIAttribution
import XAIClassifiers
import XAIDatasets
public import XAIImages
import XAIMetrics
import XAINetworks
import XAITensor

/// Tests explanations by randomizing the network, from the images to the verdicts.
///
/// Finished maps are stored in a folder, where another run of the same test finds them.
public final class RandomizationExperiment {
  /// Parts of the results that a test can do without.
  public enum Part: String, Sendable, CaseIterable {
    /// The controls (random, constant, edge-detector, input).
    case controls
    /// The health of the randomized networks.
    case health
    /// How fast signals forget where they started.
    case convergence
    /// The strips of heatmaps.
    case strips
  }

  /// What is tested, and how.
  public struct Configuration: Sendable {
    /// The images.
    public var images: ImageChoice
    /// The methods.
    public var methods: [MethodPreparation.Candidate]
    /// The most passes for each image of a method that nobody asked for; nil for no limit.
    public var limit: Double?
    /// Whether every method is tested in the mean of noisy copies, for smooth MPRT (Hedstroem and others 2024).
    public var isSmooth = false
    /// The orders in which layers become random.
    public var modes: [RandomizationMode] = [.cascading]
    /// The first and the last layer of the steps; nil for all.
    public var layers: (first: String, last: String)?
    /// Independent draws of the random layers.
    public var draws = 5
    /// Where random layers come from.
    public var randomization = Randomization()
    /// Which class is explained after randomization.
    public var target = RandomizationConfiguration.Target.fixed
    /// Test images on which the health of each network is measured.
    public var healthImages = 200
    /// What is left out.
    public var without: Set<Part> = []
    /// Whether maps are kept with their channels.
    public var keepsChannels = false

    /// Says what is tested.
    /// - Parameters:
    ///   - images: The images.
    ///   - methods: The methods.
    public init(images: ImageChoice, methods: [MethodPreparation.Candidate]) {
      (self.images, self.methods) = (images, methods)
    }
  }

  /// What was found.
  public struct Outcome {
    /// All numbers and verdicts.
    public let results: RandomizationResults
    /// Where the maps are.
    public let maps: any MapSource
    /// The images, of the size that the network sees.
    public let pictures: [RGBImage]
    /// The similarity at and above which a method has not reacted.
    public let margin: Double
  }

  private let configuration: Configuration
  private let session: Session
  private let test: RandomizationTest
  private let health: (images: Tensor, labels: [Int]?)
  private let calibration: Tensor?
  private var run: RandomizationRun?
  private var store: UnitStore?

  private var rule: VerdictRule { VerdictRule(for: session.network.checkpoint.network) }

  /// Chooses images and prepares methods.
  /// - Parameters:
  ///   - configuration: What is tested.
  ///   - session: The network and the data, which were opened.
  /// - Throws: What reading throws; `ExperimentFailure` where no image is found, a required method cannot
  ///   explain, or a layer is not there.
  public init(_ configuration: Configuration, in session: Session) throws {
    (self.configuration, self.session) = (configuration, session)
    session.times.end("load checkpoint and data")
    let setup = try RandomizationSetup(configuration, session)
    let subjects = try setup.subjects()
    health = try setup.healthImages(beside: subjects)
    calibration = setup.calibration(health.images)
    test = try setup.test(subjects, calibration)
    session.times.end("choose images")
    if let obstacle = rule.obstacle(
      images: subjects.count, seeds: test.seeds, plans: test.plans)
    {
      session.observer.warn("every verdict will be inconclusive: \(obstacle)")
    }
  }

  private var testConfiguration: RandomizationConfiguration {
    RandomizationConfiguration(
      randomization: configuration.randomization, target: configuration.target,
      seed: session.request.seed)
  }

  /// Opens the folder of finished maps, making it where there is none.
  /// - Parameters:
  ///   - folder: The folder.
  ///   - shard: The part of several processes that is done here; nil where this one does everything.
  /// - Throws: `ExperimentFailure` where it holds another test; `FileFailure` where it cannot be used.
  public func open(_ folder: String, shard: Shard? = nil) throws {
    let store = try UnitStore(
      folder,
      origin: RandomizationOrigin(
        version: Toolkit.version, checkpoint: session.identity(),
        configuration: testConfiguration, calibration: calibration), shard: shard)
    let (observer, times) = (session.observer, session.times)
    var walked = 0.0
    self.store = store
    run = try RandomizationRun(
      test, store: store, share: try shard.map(share), memory: session.memory.activations,
      events: .init(
        walked: { walks, name in
          walked += walks
          observer.advance(to: Int(walked), name)
        }, phase: { times.add($1, to: $0) }, isStopped: { observer.isStopped }))
  }

  /// What a shard has to do.
  /// - Parameter shard: The shard.
  /// - Returns: Its part.
  /// - Throws: Where a baseline cannot be made.
  private func share(of shard: Shard) throws -> RandomizationShare {
    try test.share(
      of: shard, UnitKeys(test),
      healthImages: configuration.without.contains(.health) ? 0 : health.images.rows,
      hasConvergence: !configuration.without.contains(.convergence))
  }

  /// What a shard has to do.
  /// - Parameter shard: The shard.
  /// - Returns: Its walks, and those of all shards.
  /// - Throws: Where a baseline cannot be made.
  public func load(of shard: Shard) throws -> ShardLoad {
    let share = try share(of: shard)
    return ShardLoad(of: shard, share.loads, imbalance: share.imbalance)
  }

  /// Computes what is missing of a shard's part, and judges nothing: other processes have the rest.
  /// - Throws: As `finish`.
  public func finishPart() throws {
    guard let run, let store else { throw ExperimentFailure(.noFolder) }
    session.observer.becomesStoppable()
    try store.begin()
    try computeUnits(run)
    if !configuration.without.contains(.health) { _ = try measure(run) }
    if !configuration.without.contains(.convergence) { _ = try run.convergence() }
    try store.requireFolder()
    try store.end()
  }

  /// What the work takes, before it is done.
  public struct Cost: Sendable {
    /// The number of methods.
    public let methods: Int
    /// The number of images.
    public let images: Int
    /// The number of draws.
    public let draws: Int
    /// Maps, of which so many are missing, and the walks through networks that these take.
    public let maps: RandomizationRun.Estimate
    /// Walks besides, in which networks are looked at.
    public let looks: Double
    /// What comparing all maps takes on the threads of the session.
    public let secondsOfComparison: Double
    /// What the program takes at most, in bytes.
    public let memory: Int
  }

  /// What the work takes; where a folder was opened, without what is finished in it.
  /// - Returns: The cost.
  /// - Throws: Where a baseline cannot be made.
  public func cost() throws -> Cost {
    let maps = try run?.estimate() ?? RandomizationRun.estimate(of: test)
    let networks = 1 + test.seeds * Set(test.plans.flatMap { $0.steps.map(\.layers) }).count
    let count = health.images.rows * (run?.networkCount ?? networks)
    // A look is a forward walk, of which about half is shared with the original network.
    let isLooking = !configuration.without.contains(.health) && maps.missing > 0
    return Cost(
      methods: test.methods.count, images: test.subjects.count, draws: test.seeds, maps: maps,
      looks: isLooking ? Double(count) / 2 : 0,
      secondsOfComparison: Self.secondsOfComparison * Double(maps.units)
        / Double(session.request.threads),
      memory: session.memory.need(
        activations: 128
          * session.network.explained.merged().bytesPerImage(keeping: .everything)))
  }

  /// What comparing a map by every measure takes, for maps of 64x64.
  private static let secondsOfComparison = 0.004

  /// Computes what is missing, and judges.
  /// - Returns: What was found.
  /// - Throws: `AttributionStopped` where the observer asked to stop, so that another run goes on;
  ///   `ExperimentFailure` where no folder was opened; what methods and reading throw.
  public func finish() throws -> Outcome {
    guard let run, let store else { throw ExperimentFailure(.noFolder) }
    let observer = session.observer
    session.times.end("estimate")
    // From here on what is finished is saved.
    observer.becomesStoppable()
    try computeUnits(run)
    let records = configuration.without.contains(.health) ? [] : try measure(run)
    let convergence = configuration.without.contains(.convergence) ? [] : try run.convergence()
    session.times.restart()
    let picture = test.requests.preprocessing
    let panel = SimilarityPanel(height: picture.height, width: picture.width)
    if !panel.omitted.isEmpty {
      observer.warn(
        "maps of \(picture.height) x \(picture.width) are too small for the windows of "
          + panel.omitted.joined(separator: ", "))
    }
    if let note = rule.windowNote { observer.warn(note) }
    let scores = try run.scores(by: panel, threads: session.request.threads)
    session.times.end("similarity")
    let network = session.network
    let assembly = RandomizationAssembly(
      run, checkpoint: network.checkpoint,
      record: try .init(
        network.checkpoint, path: network.path, sha256: try network.digest.value()),
      configuration: testConfiguration, samples: configuration.images.sentence)
    let results = try assembly.results(
      panel, scores: scores, health: records, convergence: convergence, rule: rule)
    session.times.end("verdicts")
    try store.requireFolder()
    return Outcome(
      results: results, maps: run, pictures: test.subjects.map(\.image.picture),
      margin: rule.margin)
  }

  /// Makes sure that the folder is still there.
  /// - Throws: `FileFailure` where it was removed or renamed meanwhile.
  public func requireFolder() throws { try store?.requireFolder() }

  private func computeUnits(_ run: RandomizationRun) throws {
    let observer = session.observer
    observer.begin("testing", total: wholeNumber(try run.estimate().walks), unit: "walks")
    defer { observer.end() }
    try run.computeUnits()
  }

  /// Looks at every network.
  private func measure(_ run: RandomizationRun) throws -> [HealthRecord] {
    let observer = session.observer
    observer.begin("health", total: run.networkCount, unit: "networks")
    defer { observer.end() }
    var count = 0
    return try run.health(on: health.images, labels: health.labels) { networks in
      count += networks
      observer.advance(to: count, "")
    }
  }
}
