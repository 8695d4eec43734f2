import XAIAttribution
public import XAIClassifiers
public import XAIFiles
public import XAIKernels
import XAINetworks
import XAITensor

/// Explains pictures: some classes of each, by several methods.
///
/// Where a folder was opened, finished maps are kept in it, and another run finds them.
public final class AttributionExperiment {
  /// What is explained, and how.
  public struct Configuration: Sendable {
    /// The images.
    public var images: ImageChoice
    /// The classes of each that are explained.
    public var targets: [TargetChoice]
    /// The methods.
    public var methods: [MethodPreparation.Candidate]
    /// The most passes for each image of a method that nobody asked for; nil for no limit.
    public var limit: Double?
    /// How convolutions sum; nil as each method wants.
    public var algorithm: ConvolutionAlgorithm?

    /// Says what is explained.
    /// - Parameters:
    ///   - images: The images.
    ///   - targets: The classes of each that are explained.
    ///   - methods: The methods.
    public init(
      images: ImageChoice, targets: [TargetChoice] = [.predicted],
      methods: [MethodPreparation.Candidate]
    ) {
      (self.images, self.targets, self.methods) = (images, targets, methods)
    }
  }

  /// An image with one of its targets.
  public struct Subject: Sendable {
    /// The image.
    public let image: ExplainedImage
    /// Its position among the images: two of them may be equal, and have the same name.
    public let number: Int
    /// What the network says about it.
    public let prediction: Prediction
    /// The class that is explained.
    public let target: Int

    /// Chooses a target of an image.
    /// - Parameters:
    ///   - image: The image.
    ///   - number: Its position among the images.
    ///   - prediction: What the network says about it.
    ///   - target: The class that is explained.
    public init(
      _ image: ExplainedImage, number: Int, _ prediction: Prediction, target: Int
    ) {
      (self.image, self.number) = (image, number)
      (self.prediction, self.target) = (prediction, target)
    }
  }

  /// Images with their targets that are explained together, at most.
  private static let mostTogether = 16
  /// Bytes that their maps may take: they are kept until the last method is done with them.
  private static let mostMaps = 48_000_000

  private let configuration: Configuration
  private let session: Session
  private let requests: RequestMaker
  private let runner: AttributionRunner
  private let images: [ExplainedImage]
  /// Made when it is asked for, by predicting all images.
  private var plan: (subjects: [Subject], methods: [MethodUnderTest])?
  private var store: UnitStore?
  private let names = UnitNames()

  /// Reads the images.
  /// - Parameters:
  ///   - configuration: What is explained.
  ///   - session: The network and the data, which were opened.
  /// - Throws: What reading throws.
  public init(_ configuration: Configuration, in session: Session) throws {
    (self.configuration, self.session) = (configuration, session)
    requests = try session.requests(for: session.network)
    runner = AttributionRunner(session, algorithm: configuration.algorithm)
    images = try session.images(configuration.images, requests)
  }

  /// Opens a folder for finished maps, making it where there is none.
  /// - Parameters:
  ///   - folder: The folder.
  ///   - shard: The part of several processes that is done here; nil where this one does everything.
  ///   - lock: That of a caller which has locked the folder, and looked at what it holds; nil where it is done here.
  /// - Throws: `ExperimentFailure` where it holds maps of another network or seed; `FileFailure` where it cannot be
  ///   used.
  public func open(_ folder: String, shard: Shard? = nil, lock: FolderLock? = nil) throws {
    store = try UnitStore(
      folder,
      origin: StudyOrigin<AttributionExperiment>(
        version: Toolkit.version, checkpoint: try session.identity(), seed: session.request.seed),
      shard: shard, lock: lock)
  }

  /// What a method takes.
  public struct Cost: Sendable {
    /// The method's name.
    public let method: String
    /// Walks through the network for each map.
    public let walks: Double
  }

  /// What the work takes, before it is done.
  /// - Returns: The cost of each method that can explain, and the number of maps that each makes.
  /// - Throws: `ExperimentFailure` where no method or no target is left; what reading baselines throws.
  public func cost() throws -> (methods: [Cost], maps: Int) {
    let (subjects, methods) = try prepare()
    let costs = try methods.map {
      Cost(
        method: $0.identifier, walks: runner.walks(of: $0, try request([subjects[0]], for: $0)))
    }
    return (costs, subjects.count)
  }

  /// Explains everything.
  /// - Parameter recorder: Receives maps as they come; also what was finished before a failure.
  /// - Returns: The numbers of subjects and methods.
  /// - Throws: `AttributionStopped` where the observer asked to stop; what a method, reading and the recorder
  ///   throw. The recorder has everything that was finished.
  @discardableResult
  public func run(
    into recorder: inout some AttributionRecorder
  ) throws -> (subjects: Int, methods: Int) {
    let (subjects, methods) = try prepare()
    session.observer.becomesStoppable()
    runner.begin(walks: try missingWalks(subjects, methods))
    defer { session.observer.end() }
    // Whatever ends the program now, the record says that it is not complete.
    try recorder.save(complete: false, failure: nil, digest: "")
    let parts = parts(subjects)
    for (number, part) in parts.enumerated() {
      do {
        for subject in part { try recorder.begin(subject) }
        for method in methods { try explain(part, by: method, into: &recorder) }
        for subject in part { try recorder.finish(subject) }
        try recorder.save(
          complete: number + 1 == parts.count, failure: nil,
          digest: try session.network.digest.value())
      } catch {
        try save(&recorder, part, after: error)
      }
    }
    return (subjects.count, methods.count)
  }

  /// Makes the maps of a shard's part, and records nothing: other processes have the rest.
  /// - Parameter shard: The shard, for which a folder was opened.
  /// - Throws: As `run`; `ExperimentFailure` where no folder was opened.
  public func finishPart(of shard: Shard) throws {
    guard let store else { throw ExperimentFailure(.noFolder) }
    let methods = try prepare().methods
    let (pieces, partition) = try partition(among: shard.count)
    let own = pieces.indices.filter { partition.shards[$0] == shard.number - 1 }
      .map { pieces[$0] }
    session.observer.becomesStoppable()
    try store.begin()
    runner.begin(
      walks: try own.reduce(0) { try $0 + missingWalks($1.subjects, [methods[$1.method]]) })
    defer { session.observer.end() }
    for piece in own { _ = try finish(piece.subjects, by: methods[piece.method]) }
    try store.requireFolder()
    try store.end()
  }

  /// What a shard has to do.
  /// - Parameter shard: The shard.
  /// - Returns: Its walks, and those of all shards.
  /// - Throws: As `cost`.
  public func load(of shard: Shard) throws -> ShardLoad {
    let (_, partition) = try partition(among: shard.count)
    return ShardLoad(of: shard, partition.loads, imbalance: partition.imbalance)
  }

  /// What is explained together by a method, and which shard does it.
  private func partition(
    among count: Int
  ) throws -> (pieces: [(subjects: [Subject], method: Int)], ShardPartition) {
    let (subjects, methods) = try prepare()
    let pieces = parts(subjects).flatMap { part in
      methods.indices.map { (subjects: part, method: $0) }
    }
    // Pieces share nothing.
    let partition = ShardPartition(
      try pieces.enumerated().map { position, piece in
        let method = methods[piece.method]
        let each = runner.walks(of: method, try request([piece.subjects[0]], for: method))
        return .init(cost: each * Double(piece.subjects.count), group: position)
      }, among: count)
    return (pieces, partition)
  }

  /// Saves what was finished before a failure or an interruption, and throws it.
  private func save(
    _ recorder: inout some AttributionRecorder, _ part: [Subject], after error: any Error
  ) throws {
    let isStopped = error is AttributionStopped
    do {
      for subject in part { try recorder.finish(subject) }
      try recorder.save(
        complete: false, failure: isStopped ? "interrupted" : "\(error)",
        digest: try session.network.digest.value())
    } catch let second {
      // The first failure is the one to tell; an interruption is none.
      throw isStopped ? second : error
    }
    throw error
  }

  // MARK: Preparation

  private func prepare() throws -> (subjects: [Subject], methods: [MethodUnderTest]) {
    if let plan { return plan }
    let subjects = try subjects()
    let first = subjects.prefix(together(for: configuration.methods.count))
    let methods = try MethodPreparation(
      session.network.checkpoint.network, requests, limit: configuration.limit
    ).ready(
      configuration.methods, for: first.map(\.image), targets: first.map(\.target),
      observer: session.observer)
    guard !methods.isEmpty else { throw ExperimentFailure(.noMethodLeft) }
    plan = (subjects, methods)
    return (subjects, methods)
  }

  /// What is explained together, in the order of the record.
  private func parts(_ subjects: [Subject]) -> [[Subject]] {
    let together = together(for: configuration.methods.count)
    return stride(from: 0, to: subjects.count, by: together).map {
      Array(subjects[$0..<min($0 + together, subjects.count)])
    }
  }

  /// How many images with their targets are explained together by so many methods.
  private func together(for methods: Int) -> Int {
    let input = session.network.checkpoint.network.architecture.input
    let maps = methods * MemoryLayout<Float>.stride * input.reduce(1, *)
    return min(Self.mostTogether, max(1, Self.mostMaps / max(1, maps)))
  }

  /// Each image with each of its targets once.
  private func subjects() throws -> [Subject] {
    let predictions = try session.predictions(of: images, by: session.network, requests)
    let isOfData = if case .samples = configuration.images { true } else { false }
    return try images.indices.flatMap { number in
      let (image, prediction) = (images[number], predictions[number])
      var chosen: [Int] = []
      for target in configuration.targets {
        let index = try target.index(of: image, prediction, for: .explanation(ofData: isOfData))
        if !chosen.contains(index) { chosen.append(index) }
      }
      return chosen.map { Subject(image, number: number, prediction, target: $0) }
    }
  }

  private func request(
    _ subjects: [Subject], for method: MethodUnderTest
  ) throws -> AttributionRequest {
    try requests.request(
      subjects.map(\.image), targets: subjects.map(\.target), for: method.method,
      baseline: method.baseline)
  }

  // MARK: Work

  /// What is known about a map besides its numbers.
  private struct Report: Codable {
    var law: LawCheck?
    var notes: [String]
  }

  /// The name of a map.
  private func key(_ subject: Subject, _ method: MethodUnderTest) throws -> UnitKey {
    let baseline = try method.baseline.map { kind in
      try names.baseline(kind, method.method.usefulBaseline, of: subject.number, on: 0) {
        try request([subject], for: method).baselines
      }
    }
    let sums = configuration.algorithm.map { "-\($0.rawValue)" } ?? ""
    return UnitKey(
      method: try UnitMethod(
        method.entry.identifier, method.method, baseline: method.baseline, keepsChannels: true),
      subject: "\(subject.image.keyText)-t\(subject.target)\(baseline ?? "")\(sums)", layers: nil,
      seed: 0)
  }

  /// The walks that maps take which are not finished.
  private func missingWalks(
    _ subjects: [Subject], _ methods: [MethodUnderTest]
  ) throws -> Double {
    try methods.reduce(0) { sum, method in
      let missing = try subjects.count { try store?.contains(key($0, method)) != true }
      guard missing > 0 else { return sum }
      let each = runner.walks(of: method, try request([subjects[0]], for: method))
      return sum + each * Double(missing)
    }
  }

  /// Explains some subjects, and records their maps.
  private func explain(
    _ subjects: [Subject], by method: MethodUnderTest, into recorder: inout some AttributionRecorder
  ) throws {
    let parameters = try MethodParameters(of: method.method)
    let (units, seconds) = try finish(subjects, by: method)
    for (index, (subject, unit)) in zip(subjects, units).enumerated() {
      let report = try unit.about.map {
        try JSONText.decode(Report.self, from: $0, name: "what is known about a map")
      }
      if let law = report?.law { runner.warn(of: law, method, subject.image.name) }
      if !unit.map.isFinite { runner.warnOfInfinity(method, subject.image.name) }
      try recorder.add(
        Finding(
          method: method.identifier, label: method.label, parameters: parameters,
          baseline: method.baseline, map: unit.map, law: report?.law, notes: report?.notes ?? [],
          seconds: seconds[index], meaning: method.method.meaning,
          isEnlarged: method.method.isEnlarged),
        of: subject)
    }
  }

  /// The maps of some subjects: those that are finished are read, the others made and kept, and what one of these took.
  private func finish(
    _ subjects: [Subject], by method: MethodUnderTest
  ) throws -> (units: [UnitStore.Unit], seconds: [Double?]) {
    let keys = try subjects.map { try key($0, method) }
    let missing = subjects.indices.filter { store?.contains(keys[$0]) != true }
    var made: [Int: UnitStore.Unit] = [:]
    var seconds = [Double?](repeating: nil, count: subjects.count)
    if !missing.isEmpty {
      let open = missing.map { subjects[$0] }
      let (units, length) = try compute(open, by: method)
      for (index, unit) in zip(missing, units) { (made[index], seconds[index]) = (unit, length) }
      try store?.add(
        zip(missing, units).map { (key: keys[$0], unit: $1) }, of: keys[0].method)
    }
    let units = try subjects.indices.map { index in
      guard let unit = try made[index] ?? store?.unit(keys[index]) else {
        throw ExperimentFailure(.noFolder)
      }
      return unit
    }
    return (units, seconds)
  }

  private func compute(
    _ subjects: [Subject], by method: MethodUnderTest
  ) throws -> (units: [UnitStore.Unit], secondsEach: Double) {
    let (attribution, seconds) = try runner.attribute(method, try request(subjects, for: method))
    runner.tell(attribution.notes, of: method) { subjects[$0].image.name }
    let units = try subjects.indices.map { index in
      let map = attribution.maps.row(index)
      var report = Report(
        // Of a map with NaN there is no sum to be told.
        law: attribution.laws.isEmpty || !map.isFinite ? nil : attribution.laws[index],
        notes: attribution.notes(of: index))
      if !map.isFinite { report.notes.append("the map holds NaN or infinity") }
      return UnitStore.Unit(
        map: map.reshaped(to: Array(map.shape.suffix(3))), target: subjects[index].target,
        about: try JSONText.encode(report))
    }
    return (units, seconds / Double(subjects.count))
  }
}

extension AttributionExperiment: StoredStudy {
  /// What `origin.json` calls it.
  public static let study = "attribute"
}
