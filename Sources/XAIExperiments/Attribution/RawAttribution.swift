import XAIAttribution
public import XAIKernels
import XAINetworks
public import XAITensor

/// Explains normalized tensors, and keeps raw maps.
public final class RawAttribution {
  /// A tensor, and where it is from, for messages.
  public struct Source: Sendable {
    /// Its numbers.
    public var tensor: Tensor
    /// Such as `file.safetensors:name`.
    public var name: String

    /// Names a tensor.
    /// - Parameters:
    ///   - tensor: Its numbers.
    ///   - name: Where it is from.
    public init(_ tensor: Tensor, name: String) { (self.tensor, self.name) = (tensor, name) }
  }

  /// What is explained, and how.
  public struct Configuration: Sendable {
    /// `[N, C, H, W]`, normalized.
    public var images: Source
    /// A class for each image, or one for all.
    public var targets: [Int]
    /// The methods; what they compare with is in `baselines`.
    public var methods: [MethodPreparation.Candidate]
    /// `[N, C, H, W]` or `[1, C, H, W]`; a distribution `[B, C, H, W]` or `[N, B, C, H, W]` where a method wants
    /// one.
    public var baselines: Source?
    /// Standard-normal noise `[S, N, C, H, W]`; nil where it is drawn.
    public var noise: Source?
    /// How convolutions sum; nil as each method wants.
    public var algorithm: ConvolutionAlgorithm?
    /// How often each method is computed; the maps are those of the last time.
    public var repetitions = 1

    /// Says what is explained.
    /// - Parameters:
    ///   - images: `[N, C, H, W]`, normalized.
    ///   - targets: A class for each image, or one for all.
    ///   - methods: The methods.
    public init(images: Source, targets: [Int], methods: [MethodPreparation.Candidate]) {
      (self.images, self.targets, self.methods) = (images, targets, methods)
    }
  }

  /// What was finished by a method.
  public struct Finding: Sendable {
    /// The method with the parameters that it used.
    public let method: MethodUnderTest
    /// `[N, C | 1, H, W]`.
    public let maps: Tensor
    /// What each repetition took.
    public let seconds: [Double]
  }

  private typealias Work = (method: MethodUnderTest, request: AttributionRequest)

  /// What was finished, also where `run` throws.
  public private(set) var findings: [Finding] = []
  private let configuration: Configuration
  private let session: Session
  private let runner: AttributionRunner
  private var work: [Work] = []

  /// Checks everything.
  /// - Parameters:
  ///   - configuration: What is explained.
  ///   - session: The network; data are not needed.
  /// - Throws: `ExperimentFailure` where a tensor does not fit, or no method is left.
  public init(_ configuration: Configuration, in session: Session) throws {
    (self.configuration, self.session) = (configuration, session)
    runner = AttributionRunner(session, algorithm: configuration.algorithm)
    work = try makeWork()
  }

  /// The number of methods that will explain.
  public var methodCount: Int { work.count }

  /// Walks through the network that the work takes.
  public var walks: Double {
    work.reduce(0) {
      $0 + runner.walks(of: $1.method, $1.request) * Double(configuration.repetitions)
    }
  }

  /// Computes all maps.
  /// - Parameter finished: Is told when a method is done.
  /// - Throws: `AttributionStopped` where the observer asked to stop; what a method throws. What was finished
  ///   is in `findings`.
  public func run(_ finished: (Finding) throws -> Void = { _ in }) throws {
    session.observer.becomesStoppable()
    runner.begin(walks: walks)
    defer { session.observer.end() }
    for (method, request) in work {
      let finding = try explain(method, request) { try finished($0) }
      findings.append(finding)
    }
  }

  private func explain(
    _ method: MethodUnderTest, _ request: AttributionRequest, _ finished: (Finding) throws -> Void
  ) throws -> Finding {
    var (result, seconds) = try runner.attribute(method, request)
    var timings = [seconds]
    for _ in 1..<configuration.repetitions {
      (result, seconds) = try runner.attribute(method, request)
      timings.append(seconds)
    }
    let finding = Finding(method: method, maps: result.maps, seconds: timings)
    try finished(finding)
    for image in 0..<result.maps.rows where !result.maps.row(image).isFinite {
      runner.warnOfInfinity(method, "image \(image + 1)")
    }
    for (image, law) in result.laws.enumerated() where result.maps.row(image).isFinite {
      runner.warn(of: law, method, "image \(image + 1)")
    }
    runner.tell(result.notes, of: method) { "image \($0 + 1)" }
    return finding
  }
}

extension RawAttribution {
  private var input: [Int] { session.network.checkpoint.network.architecture.input }

  /// Which method with which request; methods that cannot are left out, or a failure where required.
  private func makeWork() throws -> [Work] {
    let images = try images()
    try checkFinite(configuration.baselines, .baselines)
    var request = AttributionRequest(
      images: images, targets: try targets(for: images.rows), seed: session.request.seed)
    request.noise = try noise(for: images)
    let checkpoint = session.network.checkpoint
    if checkpoint.saysHowImagesAreNormalised {
      request.bounds = try PixelBaselines(
        mean: checkpoint.mean, standardDeviation: checkpoint.standardDeviation, shape: input
      ).bounds
    }
    var work: [Work] = []
    for candidate in configuration.methods {
      var method = candidate.method
      request.baselines = try baselines(for: candidate, images)
      guard request.baselines != nil || method.method.baselineNeed == .none else {
        session.observer.tell(ExperimentRemark.withoutBaselines(method: method.identifier))
        continue
      }
      do {
        method.method = try method.method.prepared(
          for: request, on: session.network.explained.network)
      } catch {
        guard let failure = error as? any Failure else { throw error }
        throw ExperimentFailure(.method(method.identifier), cause: failure)
      }
      method.baseline = nil
      work.append((method, request))
    }
    guard !work.isEmpty else { throw ExperimentFailure(.everyBaselineMissing) }
    return work
  }

  private func checkFinite(_ source: Source?, _ role: ExperimentFailure.TensorRole)
    throws(ExperimentFailure)
  {
    guard let source, !source.tensor.isFinite else { return }
    throw ExperimentFailure(.tensorNotFinite(role, source: source.name))
  }

  private func wrongShape(
    _ source: Source, _ role: ExperimentFailure.TensorRole, _ expected: String
  ) -> ExperimentFailure {
    ExperimentFailure(
      .tensorShape(role, source: source.name, found: source.tensor.shape, expected: expected))
  }

  private func images() throws(ExperimentFailure) -> Tensor {
    let source = configuration.images
    try checkFinite(source, .images)
    let shape = source.tensor.shape
    guard shape.count == 4, Array(shape.dropFirst()) == input, source.tensor.rows > 0 else {
      throw wrongShape(source, .images, "[N] + \(input)")
    }
    return source.tensor
  }

  private func targets(for count: Int) throws(ExperimentFailure) -> [Int] {
    let targets = configuration.targets
    guard targets.count == count || targets.count == 1 else {
      throw ExperimentFailure(.targetCount(targets: targets.count, images: count))
    }
    return targets.count == count ? targets : Array(repeating: targets[0], count: count)
  }

  private func noise(for images: Tensor) throws(ExperimentFailure) -> Tensor? {
    guard let source = configuration.noise else { return nil }
    try checkFinite(source, .noise)
    let shape = source.tensor.shape
    guard shape.count == 5, Array(shape.dropFirst()) == images.shape, source.tensor.rows > 0 else {
      throw wrongShape(source, .noise, "[S] + \(images.shape)")
    }
    return source.tensor
  }

  /// The baselines of a method; nil where it needs none, or may be left out for want of them.
  private func baselines(
    for candidate: MethodPreparation.Candidate, _ images: Tensor
  ) throws(ExperimentFailure) -> Baselines? {
    let (method, name) = (candidate.method.method, candidate.method.identifier)
    let need = method.usefulBaseline
    if need == .none { return nil }
    guard let source = configuration.baselines else {
      if candidate.isRequired && method.baselineNeed != .none {
        throw ExperimentFailure(.baselinesMissing(method: name))
      }
      return nil
    }
    let tensor = source.tensor
    if tensor.shape.count == 5, Array(tensor.shape.dropFirst(2)) == input,
      tensor.rows == images.rows, tensor.shape[1] > 0
    {
      return .perImage(tensor)
    }
    guard tensor.shape.count == 4, Array(tensor.shape.dropFirst()) == input, tensor.rows > 0 else {
      throw wrongShape(source, .baselines, "[N] + \(input)")
    }
    if need == .several { return .shared(tensor) }
    guard tensor.rows == images.rows || tensor.rows == 1 else {
      throw ExperimentFailure(
        .baselineCount(
          source: source.name, baselines: tensor.rows, images: images.rows, method: name))
    }
    return .one(
      tensor.rows == 1
        ? tensor.rows(at: Array(repeating: 0, count: images.rows)) : tensor)
  }
}
