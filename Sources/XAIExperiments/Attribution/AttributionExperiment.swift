import XAIAttribution
public import XAIClassifiers
public import XAIKernels
import XAINetworks
import XAITensor

/// Explains pictures: some classes of each, by several methods.
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
    let (costs, maps) = try cost()
    session.observer.becomesStoppable()
    runner.begin(walks: costs.reduce(0) { $0 + $1.walks } * Double(maps))
    defer { session.observer.end() }
    let together = together(for: configuration.methods.count)
    // Whatever ends the program now, the record says that it is not complete.
    try recorder.save(complete: false, failure: nil, digest: "")
    for first in stride(from: 0, to: subjects.count, by: together) {
      let part = Array(subjects[first..<min(first + together, subjects.count)])
      do {
        for subject in part { try recorder.begin(subject) }
        for method in methods { try explain(part, by: method, into: &recorder) }
        for subject in part { try recorder.finish(subject) }
        try recorder.save(
          complete: first + part.count == subjects.count, failure: nil,
          digest: try session.network.digest.value())
      } catch {
        try save(&recorder, part, after: error)
      }
    }
    return (subjects.count, methods.count)
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

  /// Explains some subjects.
  private func explain(
    _ subjects: [Subject], by method: MethodUnderTest, into recorder: inout some AttributionRecorder
  ) throws {
    let (attribution, seconds) = try runner.attribute(method, try request(subjects, for: method))
    let parameters = try MethodParameters(of: method.method)
    for (index, subject) in subjects.enumerated() {
      let map = attribution.maps.row(index)
      var notes = attribution.notes(of: index)
      // Of such a map there is no sum to be told.
      let law = attribution.laws.isEmpty || !map.isFinite ? nil : attribution.laws[index]
      if let law { runner.warn(of: law, method, subject.image.name) }
      if !map.isFinite {
        notes.append("the map holds NaN or infinity")
        runner.warnOfInfinity(method, subject.image.name)
      }
      try recorder.add(
        Finding(
          method: method.identifier, label: method.label, parameters: parameters,
          baseline: method.baseline, map: map, law: law, notes: notes,
          seconds: seconds / Double(subjects.count)),
        of: subject)
    }
    runner.tell(attribution.notes, of: method) { subjects[$0].image.name }
  }
}
