import XAIAttribution
public import XAIClassifiers
public import XAINetworks
public import XAITensor

/// Makes methods ready for a network: with the parameters that they really use, and without those that
/// cannot explain it.
public struct MethodPreparation {
  /// A method, and whether it may be left out.
  public struct Candidate: Sendable {
    /// The method.
    public var method: MethodUnderTest
    /// Whether it was asked for by its own name, so that leaving it out is a failure.
    public var isRequired: Bool

    /// Names a method.
    /// - Parameters:
    ///   - method: The method.
    ///   - isRequired: Whether leaving it out is a failure.
    public init(_ method: MethodUnderTest, isRequired: Bool) {
      (self.method, self.isRequired) = (method, isRequired)
    }
  }

  /// What became of a method.
  public enum Outcome: Sendable {
    /// It can explain, with these parameters.
    case ready(MethodUnderTest)
    /// It cannot, for this reason.
    case obstructed(any Failure)
    /// It takes more passes than the limit.
    case long
  }

  /// The most passes through a network for each image of a method that nobody asked for.
  public static let standardLimit = 500.0

  private let network: Network
  private let requests: RequestMaker
  private let limit: Double?

  /// Prepares for a network.
  /// - Parameters:
  ///   - network: The network.
  ///   - requests: Makes requests of images.
  ///   - limit: The most passes for each image; nil where methods or their groups were asked for by name,
  ///     so that all of them are computed.
  public init(_ network: Network, _ requests: RequestMaker, limit: Double?) {
    (self.network, self.requests, self.limit) = (network, requests, limit)
  }

  /// Prepares a method.
  /// - Parameters:
  ///   - candidate: The method.
  ///   - images: What it will explain, or the first of it.
  ///   - targets: A class for each.
  /// - Returns: What became of it.
  /// - Throws: `ExperimentFailure` where a required method cannot explain; what reading baselines throws.
  public func prepared(
    _ candidate: Candidate, for images: [ExplainedImage], targets: [Int]
  ) throws -> Outcome {
    var method = candidate.method
    let obstacle =
      method.method.obstacle(on: network).map { ExperimentFailure(.obstacle($0)) }
      ?? method.baseline.flatMap(requests.obstacle)
    if let obstacle {
      guard !candidate.isRequired else {
        throw ExperimentFailure(.notApplicable(method: method.identifier), cause: obstacle)
      }
      return .obstructed(obstacle)
    }
    func request(_ count: Int) throws -> AttributionRequest {
      try requests.request(
        Array(images.prefix(count)), targets: Array(targets.prefix(count)), for: method.method,
        baseline: method.baseline)
    }
    do {
      method.method = try method.method.prepared(for: request(images.count), on: network)
      guard let limit else { return .ready(method) }
      let passes = method.method.cost(of: try request(1), on: network).walks
      return passes > limit ? .long : .ready(method)
    } catch {
      guard let failure = error as? any Failure,
        failure is AttributionFailure || failure is ExperimentFailure
      else { throw error }
      guard candidate.isRequired else { return .obstructed(failure) }
      throw ExperimentFailure(.method(method.identifier), cause: failure)
    }
  }

  /// Prepares methods, and tells which are left out.
  /// - Parameters:
  ///   - candidates: The methods.
  ///   - images: What they will explain, or the first of it.
  ///   - targets: A class for each.
  ///   - observer: Who is told.
  /// - Returns: Those that can explain, in their order.
  /// - Throws: `ExperimentFailure` where a required method cannot explain; what reading baselines throws.
  public func ready(
    _ candidates: [Candidate], for images: [ExplainedImage], targets: [Int],
    observer: any WorkObserver
  ) throws -> [MethodUnderTest] {
    var ready: [MethodUnderTest] = []
    var long: [String] = []
    for candidate in candidates {
      let identifier = candidate.method.identifier
      switch try prepared(candidate, for: images, targets: targets) {
      case .ready(let method): ready.append(method)
      case .obstructed(let failure):
        observer.tell(ExperimentRemark.leftOut(method: identifier, because: failure))
      case .long: long.append(identifier)
      }
    }
    if !long.isEmpty { observer.tell(ExperimentRemark.long(methods: long)) }
    return ready
  }
}

extension [MethodPreparation.Candidate] {
  /// These methods, and the controls that are not among them.
  /// - Returns: The methods.
  public func withControls() -> Self {
    let known = Set(map(\.method.identifier))
    return self
      + MethodCatalog.entries.filter { $0.group == .control && !known.contains($0.identifier) }
      .map { .init(MethodUnderTest($0, baseline: nil), isRequired: false) }
  }

  /// The methods that can explain a network; others are left out, which is told.
  /// - Parameters:
  ///   - network: The network.
  ///   - observer: Who is told.
  /// - Returns: The methods.
  /// - Throws: `ExperimentFailure` where a required method cannot, or where none is left.
  public func leavingOutObstructed(
    on network: Network, observer: any WorkObserver
  ) throws(ExperimentFailure) -> Self {
    var kept: Self = []
    for candidate in self {
      let (method, name) = (candidate.method.method, candidate.method.identifier)
      guard let clause = method.obstacle(on: network) else {
        kept.append(candidate)
        continue
      }
      let obstacle = ExperimentFailure(.obstacle(clause))
      guard !candidate.isRequired else {
        throw ExperimentFailure(.notApplicable(method: name), cause: obstacle)
      }
      observer.tell(ExperimentRemark.leftOut(method: name, because: obstacle))
    }
    guard !kept.isEmpty else {
      throw ExperimentFailure(.obstacle("no method is left that can explain this network"))
    }
    return kept
  }
}
