public import XAINetworks
import XAITensor

/// What is made of the maps of noisy copies of an image.
public enum NoiseSummary: String, Sendable, Codable, CaseIterable {
  /// Their mean (Smilkov et al. 2017, SmoothGrad).
  case smoothGrad = "smooth-grad"
  /// The mean of their squares (Hooker et al. 2019, A Benchmark for Interpretability Methods).
  case smoothGradSquared = "smooth-grad-squared"
  /// Their variance (Adebayo et al. 2018, Local Explanation Methods, section 2).
  case varGrad = "var-grad"
}

/// Explains noisy copies of an image by any method, and summarises their maps element by element.
///
/// Sample s of image x is `x + standardDeviation * z_s`, z standard normal and independent for every
/// element. Baselines are not noised; every sample is compared with the same.
///
/// - Note: Deviation from Captum 0.9, which computes the variance as the difference of two large
///   numbers and can return negative ones: here it is summed up around the running mean (Welford
///   1962), in Double. It is the population variance, as there.
/// - Note: Deviation from Captum 0.9, which draws 5 samples of standard deviation 1 by default: 50
///   samples (Smilkov et al. 2017) and 0.7 as in the thesis.
public struct NoiseTunnel<Inner: AttributionMethod>: FamilyMethod {
  /// What explains each noisy copy.
  public var inner: Inner
  /// What is made of their maps.
  public var kind: NoiseSummary
  /// The number of noisy copies; that of the request's noise where it brings its own.
  public var samples: Int
  /// Of the noise, in units of the normalised image.
  public var standardDeviation: Double

  /// Describes the method.
  /// - Parameters:
  ///   - inner: What explains each noisy copy.
  ///   - kind: What is made of their maps.
  ///   - samples: The number of noisy copies.
  ///   - standardDeviation: Of the noise, in units of the normalised image.
  public init(
    _ inner: Inner, kind: NoiseSummary = .smoothGrad, samples: Int = 50,
    standardDeviation: Double = 0.7
  ) {
    (self.inner, self.kind) = (inner, kind)
    (self.samples, self.standardDeviation) = (samples, standardDeviation)
  }

  /// What the inner method compares with.
  public var baselineNeed: BaselineNeed { inner.baselineNeed }
  /// What the inner method would compare with.
  public var usefulBaseline: BaselineNeed { inner.usefulBaseline }
  /// What the inner method compares with where nobody chose.
  public var defaultBaseline: BaselineKind? { inner.defaultBaseline }
  /// Whether the inner method's maps have the sign of the logit.
  public var takesLogit: Bool { inner.takesLogit }
  /// A mean is what its terms are; squares and variances are amounts.
  public var meaning: MapMeaning {
    kind == .smoothGrad || inner.meaning == .none ? inner.meaning : .magnitude
  }
  /// As the inner method's.
  public var isEnlarged: Bool { inner.isEnlarged }
  /// It draws noise.
  public var isStochastic: Bool { true }
  /// It adds noise.
  public var takesNoise: Bool { true }

  /// The inner method's obstacle.
  public func obstacle(on network: Network) -> String? { inner.obstacle(on: network) }

  /// As many samples as the request has noise.
  public func prepared(for request: AttributionRequest, on network: Network) throws -> Self {
    try request.validate(for: network)
    var prepared = self
    prepared.samples = try copies(of: request).samples
    // What noise there is goes to the copies.
    var noiseless = request
    noiseless.noise = nil
    prepared.inner = try inner.prepared(for: noiseless, on: network)
    return prepared
  }

  private func copies(of request: AttributionRequest) throws -> NoisyCopies {
    let copies = try NoisyCopies(of: request, samples: samples, deviation: standardDeviation)
    guard kind != .varGrad || copies.samples > 1 else {
      throw AttributionFailure(
        .usage,
        "\(kind.rawValue) of 1 sample is 0 everywhere, as one map does not vary; take at least 2 "
          + "samples")
    }
    return copies
  }

  /// The inner method's cost for each sample.
  public func cost(of request: AttributionRequest, on network: Network) -> AttributionCost {
    let count = request.noise?.rows ?? samples
    return AttributionCost(walks: Double(count) * inner.cost(of: request, on: network).walks)
  }

  /// The inner method's cost for each sample.
  public func cost(of request: AttributionRequest, on family: NetworkFamily) -> AttributionCost {
    let count = request.noise?.rows ?? samples
    return AttributionCost(walks: Double(count) * inner.cost(of: request, on: family).walks)
  }

  /// Computes the maps of all members.
  public func attributions(
    _ request: AttributionRequest, on family: NetworkFamily, in context: AttributionContext
  ) throws -> [Attribution] {
    let copies = try copies(of: request)
    var summaries = family.members.map { _ in CopySummaries(kind) }
    for first in stride(from: 0, to: copies.count, by: copies.chunk(in: context)) {
      if context.isStopped() { throw AttributionStopped() }
      let pairs = first..<min(first + copies.chunk(in: context), copies.count)
      let parts = try inner.attribute(
        copies.request(pairs), on: family.rows(at: pairs.map(copies.image)), in: context)
      for (index, part) in parts.enumerated() {
        try summaries[index].add(part, of: pairs, in: copies)
      }
    }
    return summaries.map(\.attribution)
  }
}

/// What becomes of the maps of noisy copies on one network.
private struct CopySummaries {
  private let kind: NoiseSummary
  private var maps: [Tensor] = []
  private var laws: [LawCheck] = []
  private var notes: [Attribution.Note] = []
  private var summary: SampleSummary
  private var checks: [LawCheck] = []

  init(_ kind: NoiseSummary) { (self.kind, summary) = (kind, SampleSummary(kind)) }

  var attribution: Attribution {
    Attribution(maps: Tensor(stacking: maps), laws: laws, notes: notes)
  }

  mutating func add(
    _ part: Attribution, of pairs: Range<Int>, in copies: NoisyCopies
  ) throws(AttributionFailure) {
    for note in part.notes {
      let note =
        note.image.map {
          Attribution.Note(
            "in noisy copies: \(note.text)", image: copies.image(of: pairs.lowerBound + $0))
        } ?? note
      // Numbers in a note are those of one copy: it is told once.
      let isKnown = notes.contains {
        $0.image == note.image && $0.text.differsInDigitsOnly(from: note.text)
      }
      if !isKnown { notes.append(note) }
    }
    for (index, pair) in pairs.enumerated() {
      try summary.add(part.maps.row(index))
      if !part.laws.isEmpty { checks.append(part.laws[index]) }
      guard copies.isLastOfItsImage(pair) else { continue }
      maps.append(summary.result)
      if kind == .smoothGrad, let law = LawCheck(meanOf: checks) { laws.append(law) }
      (summary, checks) = (SampleSummary(kind), [])
    }
  }
}

/// A method behind a noise tunnel, whatever its type.
/// - Parameters:
///   - method: What explains each noisy copy.
///   - kind: What is made of their maps.
///   - samples: The number of noisy copies.
///   - standardDeviation: Of the noise, in units of the normalised image.
/// - Returns: A `NoiseTunnel`.
public func noised(
  _ method: any AttributionMethod, kind: NoiseSummary = .smoothGrad, samples: Int = 50,
  standardDeviation: Double = 0.7
) -> any AttributionMethod {
  func wrap(_ inner: some AttributionMethod) -> any AttributionMethod {
    NoiseTunnel(inner, kind: kind, samples: samples, standardDeviation: standardDeviation)
  }
  return wrap(method)
}

extension String {
  fileprivate func differsInDigitsOnly(from other: String) -> Bool {
    filter { !$0.isNumber } == other.filter { !$0.isNumber }
  }
}

extension NoiseTunnel: BackpropagatingMethod where Inner: BackpropagatingMethod {
  /// That of the inner method.
  public func backpropagation(on network: ExplainedNetwork) -> Backpropagation? {
    inner.backpropagation(on: network)
  }
}
