import XAIAttribution
import XAIClassifiers
import XAIDatasets
public import XAIImages
import XAIMetrics
import XAINetworks
import XAITensor

/// Compares pairs of maps of the same images: of two classes on one network, or of one class on two networks.
///
/// Where a folder was opened, finished maps are kept in it, and another run of the same comparison finds them.
public final class ContrastExperiment {
  /// What the two maps of a pair differ in.
  public enum Question: Sendable {
    /// The class.
    case classes(ClassContrasts)
    /// The network: the first or the second of the session. The classes of each image that are explained;
    /// nil for the true one where that is known, and else the one that the first network predicts.
    case networks(targets: [TargetChoice]?)

    var kind: ContrastResults.Kind {
      switch self {
      case .classes: .classSensitivity
      case .networks: .compare
      }
    }
  }

  /// What is compared, and how.
  public struct Configuration: Sendable {
    /// What the two maps of a pair differ in.
    public var question: Question
    /// The images.
    public var images: ImageChoice
    /// The methods.
    public var methods: [MethodPreparation.Candidate]
    /// The most passes for each image of a method that nobody asked for; nil for no limit.
    public var limit: Double?
    /// Whether the controls are compared besides.
    public var addsControls = true
    /// The maps of so many images, from the first, are kept.
    public var keptImages = 12

    /// Says what is compared.
    /// - Parameters:
    ///   - question: What the two maps of a pair differ in.
    ///   - images: The images.
    ///   - methods: The methods.
    public init(
      _ question: Question, images: ImageChoice, methods: [MethodPreparation.Candidate]
    ) {
      (self.question, self.images, self.methods) = (question, images, methods)
    }
  }

  /// What was found.
  public struct Outcome: Sendable {
    /// All numbers.
    public let results: ContrastResults
    /// The maps that were kept.
    public let maps: ContrastMaps
    /// The images, of the size that the networks see.
    public let pictures: [RGBImage]
  }

  private struct Plan {
    let contrast: MapContrast
    let records: [ContrastRecord]
    let predictions: [[Prediction]]
  }

  private let configuration: Configuration
  private let session: Session
  private let requests: [RequestMaker]
  /// Made when it is asked for, by predicting all images.
  private var plan: Plan?
  private var store: UnitStore?
  /// The part of several processes that is done here.
  private var shard: Shard?

  /// Prepares for the networks of a session.
  /// - Parameters:
  ///   - configuration: What is compared.
  ///   - session: The networks and the data, which were opened.
  /// - Throws: `ExperimentFailure` where a network takes no pictures.
  public init(_ configuration: Configuration, in session: Session) throws {
    (self.configuration, self.session) = (configuration, session)
    requests = try session.networks.map(session.requests)
  }

  /// Opens a folder for finished maps, making it where there is none.
  /// - Parameters:
  ///   - folder: The folder.
  ///   - shard: The part of several processes that is done here; nil where this one does everything.
  /// - Throws: `ExperimentFailure` where it holds another comparison; `FileFailure` where it cannot be used.
  public func open(_ folder: String, shard: Shard? = nil) throws {
    self.shard = shard
    store = try UnitStore(
      folder,
      origin: ContrastOrigin(
        configuration.question.kind,
        networks: try session.networks.map { try session.identity(of: $0) },
        seed: session.request.seed), shard: shard)
  }

  /// What the work takes, before it is done.
  public struct Cost: Sendable {
    /// The number of methods.
    public let methods: Int
    /// The number of images.
    public let images: Int
    /// The number of maps.
    public let maps: Int
    /// Walks through a network that the maps take which are not finished.
    public let walks: Double
  }

  /// What the work takes; where a folder was opened, without what is finished in it.
  /// - Returns: The numbers.
  /// - Throws: What reading throws; `ExperimentFailure` where pairs cannot be made, or no method is left.
  public func cost() throws -> Cost {
    let contrast = try prepare().contrast
    return Cost(
      methods: contrast.methods.count, images: contrast.images.count,
      maps: contrast.methods.count * contrast.mapCount,
      walks: try contrast.walks(of: try parts(contrast), unless: shelf.contains))
  }

  /// What a shard has to do.
  /// - Parameter shard: The shard.
  /// - Returns: Its walks, and those of all shards.
  /// - Throws: As `cost`.
  public func load(of shard: Shard) throws -> ShardLoad {
    let partition = try partition(try prepare().contrast, among: shard.count)
    return ShardLoad(of: shard, partition.loads, imbalance: partition.imbalance)
  }

  /// Makes the maps of a shard's part, and compares nothing: other processes have the rest.
  /// - Throws: As `run`; `ExperimentFailure` where no folder was opened.
  public func finishPart() throws {
    guard let store else { throw ExperimentFailure(.noFolder) }
    let contrast = try prepare().contrast
    session.observer.becomesStoppable()
    try store.begin()
    let shelf = shelf
    try working(on: contrast) { options in
      for part in try parts(contrast) { try contrast.finish(part, options, on: shelf) }
    }
    try store.requireFolder()
    try store.end()
  }

  /// Computes what is missing, and compares all maps.
  /// - Returns: What was found.
  /// - Throws: `AttributionStopped` where the observer asked to stop, so that another run goes on where a folder was
  ///   opened; what `cost` throws, and what methods throw.
  public func run() throws -> Outcome {
    let plan = try prepare()
    let assembly = try assembly(plan)
    let observer = session.observer
    for note in try assembly.notes() { observer.tell(ExperimentRemark.contrast(note)) }
    observer.becomesStoppable()
    let picture = requests[0].preprocessing
    let (height, width) = (picture.height, picture.width)
    let panel = SimilarityPanel(height: height, width: width)
    if let note = SimilarityPanel.windowNote(height: height, width: width) { observer.warn(note) }
    let shelf = shelf
    let (scores, maps) = try working(on: plan.contrast) { options in
      try plan.contrast.compute(by: panel, options, on: shelf)
    }
    try requireFolder()
    return Outcome(
      results: try assembly.results(panel, scores: scores, maps: maps), maps: maps,
      pictures: plan.contrast.images.map(\.picture))
  }

  /// Makes sure that the folder is still there, if one was opened.
  /// - Throws: `FileFailure` where it was removed or renamed meanwhile.
  public func requireFolder() throws { try store?.requireFolder() }

  // MARK: Preparation

  private func prepare() throws -> Plan {
    if let plan { return plan }
    let images = try session.images(configuration.images, requests[0])
    let predictions = try zip(session.networks, requests).map {
      try session.predictions(of: images, by: $0, $1)
    }
    let (records, pairs) = try pairs(of: images, predictions[0])
    let contrast = MapContrast(
      images: images, explainers: try explainers(images[0], pairs[0]), pairs: pairs)
    let made = Plan(contrast: contrast, records: records, predictions: predictions)
    plan = made
    return made
  }

  private func pairs(
    of images: [ExplainedImage], _ predictions: [Prediction]
  ) throws(ExperimentFailure) -> (records: [ContrastRecord], pairs: [MapContrast.Pair]) {
    switch configuration.question {
    case .classes(let contrasts):
      // What files say first, of two networks the same.
      let classes = session.network.checkpoint.classes
      return (
        contrasts.records(classes),
        try contrasts.pairs(of: images, predictions, seed: session.request.seed)
      )
    case .networks(let targets):
      let (first, second) = (session.networks[0], session.networks[1])
      return try ComparableCheckpoints(
        first.checkpoint, second.checkpoint, names: (first.path, second.path)
      ).pairs(of: targets, images, predictions)
    }
  }

  /// Each network with the methods that can explain every one of them.
  private func explainers(
    _ image: ExplainedImage, _ pair: MapContrast.Pair
  ) throws -> [MapContrast.Explainer] {
    var candidates = configuration.methods
    if configuration.addsControls { candidates = candidates.withControls() }
    let preparations = zip(session.networks, requests).map {
      MethodPreparation($0.checkpoint.network, $1, limit: configuration.limit)
    }
    var prepared = session.networks.map { _ in [MethodUnderTest]() }
    var long: [String] = []
    var isAnyChosen = false
    for candidate in candidates {
      var ready: [MethodUnderTest] = []
      for (network, preparation) in zip(session.networks, preparations) {
        let outcome = try named(network) {
          try preparation.prepared(candidate, for: [image], targets: [pair.left.target])
        }
        let identifier = candidate.method.identifier
        switch outcome {
        case .ready(let method): ready.append(method)
        case .obstructed(let failure):
          session.observer.tell(ExperimentRemark.leftOut(method: identifier, because: failure))
        case .long: if long.last != identifier { long.append(identifier) }
        }
      }
      guard ready.count == preparations.count else { continue }
      for (index, method) in ready.enumerated() { prepared[index].append(method) }
      isAnyChosen = isAnyChosen || candidate.isRequired || ready[0].entry.group != .control
    }
    if !long.isEmpty { session.observer.tell(ExperimentRemark.long(methods: long)) }
    guard isAnyChosen else { throw ExperimentFailure(.noMethodLeft) }
    return zip(session.networks, zip(requests, prepared)).map { network, made in
      MapContrast.Explainer(network.explained, requests: made.0, methods: made.1)
    }
  }

  /// Says which of several networks a failure is from.
  private func named<Result>(
    _ network: Session.Network, _ body: () throws -> Result
  ) throws -> Result {
    do {
      return try body()
    } catch {
      guard let failure = error as? ExperimentFailure, session.networks.count > 1 else {
        throw error
      }
      throw ExperimentFailure(.network(path: network.path), cause: failure)
    }
  }

  private func assembly(_ plan: Plan) throws -> ContrastAssembly {
    ContrastAssembly(
      plan.contrast, kind: configuration.question.kind,
      sources: try session.networks.indices.map { index in
        let network = session.networks[index]
        return ContrastAssembly.Source(
          network.checkpoint,
          record: ContrastNetwork(
            name: ["A", "B"][index],
            checkpoint: try .init(
              network.checkpoint, path: network.path, sha256: try network.digest.value()),
            health: try health(of: index, plan.contrast.images)),
          predictions: plan.predictions[index])
      }, contrasts: plan.records, seed: session.request.seed)
  }

  /// What a network does with the images.
  private func health(of network: Int, _ images: [ExplainedImage]) throws -> NetworkHealth {
    let labels = images.compactMap(\.label)
    return try NetworkHealth.measure(
      session.networks[network].explained,
      on: ExplainedImage.normalised(images, requests[network].preprocessing),
      labels: labels.count == images.count ? labels : nil)
  }

  // MARK: Work

  private var shelf: ContrastShelf { ContrastShelf(store) }

  /// What is done here: everything, or the part of a shard.
  private func parts(_ contrast: MapContrast) throws -> [MapContrast.Part] {
    let all = try contrast.parts()
    guard let shard else { return all }
    let shards = try partition(contrast, among: shard.count).shards
    return all.indices.filter { shards[$0] == shard.number - 1 }.map { all[$0] }
  }

  private func partition(_ contrast: MapContrast, among count: Int) throws -> ShardPartition {
    // Parts share nothing.
    ShardPartition(
      try contrast.parts().enumerated().map { position, part in
        .init(cost: try contrast.walks(of: [part]), group: position)
      }, among: count)
  }

  /// Tells how far the walks are while something is done.
  private func working<Result>(
    on contrast: MapContrast, _ body: (MapContrast.Options) throws -> Result
  ) throws -> Result {
    let observer = session.observer
    let walks = try contrast.walks(of: try parts(contrast), unless: shelf.contains)
    observer.begin("comparing", total: wholeNumber(walks), unit: "walks")
    defer { observer.end() }
    var walked = 0.0
    return try body(
      MapContrast.Options(
        keptImages: configuration.keptImages, threads: session.request.threads,
        memory: session.memory.activations,
        events: .init(
          walked: { walks, name in
            walked += walks
            observer.advance(to: Int(walked), name)
          }, isStopped: { observer.isStopped })))
  }
}
