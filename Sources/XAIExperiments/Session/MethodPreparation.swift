import XAIAttribution
public import XAIClassifiers
public import XAINetworks
import XAITensor

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
    /// It cannot: a clause that says why.
    case obstructed(String)
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
  /// - Throws: `AttributionFailure` where a required method cannot explain; what reading baselines throws.
  public func prepared(
    _ candidate: Candidate, for images: [ExplainedImage], targets: [Int]
  ) throws -> Outcome {
    var method = candidate.method
    let obstacle = method.method.obstacle(on: network) ?? method.baseline.flatMap(requests.obstacle)
    if let obstacle {
      guard !candidate.isRequired else {
        throw AttributionFailure(.usage, "\(method.identifier) cannot be applied: \(obstacle)")
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
      guard let failure = error as? AttributionFailure else { throw error }
      guard candidate.isRequired else { return .obstructed(failure.description) }
      throw AttributionFailure(failure.kind, "\(method.identifier): \(failure.description)")
    }
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
}
