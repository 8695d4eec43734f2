import XAIKernels
public import XAINetworks
import XAITensor

/// DeepSHAP (Lundberg and Lee 2017, A Unified Approach to Interpreting Model Predictions): the mean
/// of DeepLIFT's Rescale contributions over a distribution of baselines.
///
/// Contributions sum to `f(x) - mean f(x0)`. An image is recorded once, whatever the number of
/// baselines; baselines that several images share are recorded once for as many images as fit into a
/// quarter of the memory.
///
/// - Note: Deviation from Captum 0.9, which repeats the image for each baseline and runs all pairs at
///   once: memory grows there with the number of pairs, here it is bounded.
public struct DeepSHAP: AttributionMethod {
  /// How near to a maximum of a pooling window a value counts as equal, relative to it.
  public var tieTolerance: Float

  /// Describes the method.
  /// - Parameter tieTolerance: How near to a maximum a value counts as equal; see `RescaleMaxPool`.
  public init(tieTolerance: Float = 0) { self.tieTolerance = tieTolerance }

  /// There must be baselines, and a tolerance below which values are equal.
  public func prepared(for request: AttributionRequest, on network: Network) throws -> Self {
    try request.validate(for: network)
    _ = try request.fittingBaselines(for: "DeepSHAP", .several)
    guard 0...1 ~= tieTolerance else {
      throw AttributionFailure(
        .usage,
        "DeepSHAP has a tieTolerance of \(tieTolerance); it is a share of the maximum, from 0 to 1")
    }
    return self
  }

  /// A distribution.
  public var baselineNeed: BaselineNeed { .several }

  /// A forward walk of each image; a forward and a backward walk of each baseline.
  public func cost(of request: AttributionRequest, on network: Network) -> AttributionCost {
    AttributionCost(
      walks: Double(request.count) * (1 + 2 * Double(request.baselines?.count ?? 0)))
  }

  /// Computes maps.
  public func attribute(
    _ request: AttributionRequest, on network: ExplainedNetwork, in context: AttributionContext
  ) throws -> Attribution {
    try request.validate(for: network)
    _ = try prepared(for: request, on: network.network)
    let baselines = try request.fittingBaselines(for: "DeepSHAP", .several)
    let form = network.merged()
    let bytes = form.bytesPerImage(keeping: .everything)
    let fitting = max(1, context.memory / 4 / max(bytes, 1))
    let size = baselines.kind == .shared ? fitting : 1
    var maps: [Tensor] = []
    var laws: [LawCheck] = []
    for first in stride(from: 0, to: request.count, by: size) {
      let group = request.part(first..<min(first + size, request.count))
      var rest = context
      rest.memory -= group.count * bytes
      let means = try self.means(of: group, to: baselines.of(first), on: form, bytes, in: rest)
      maps += means.map(\.map)
      laws += means.map(\.law)
    }
    return Attribution(maps: Tensor(stacking: maps), laws: laws)
  }

  private func means(
    of group: AttributionRequest, to baselines: Tensor, on form: NetworkForm, _ bytes: Int,
    in context: AttributionContext
  ) throws -> [ContributionMean] {
    let algorithm = context.algorithm ?? .direct
    let walk = BackwardWalk(.rescale(tieTolerance: tieTolerance), algorithm: algorithm)
    let backend = form.backend
    func everything(_ tensor: Tensor) throws(KernelFailure) -> Recording {
      try form.record(try backend.upload(tensor), keeping: .everything, algorithm: algorithm)
    }
    if context.isStopped() { throw AttributionStopped() }
    let recordings = try (0..<group.count).map { try everything(group.images.row($0)) }
    context.advance(Double(group.count))
    var means = (0..<group.count).map { index in
      let logits = backend.download(recordings[index].output)
      return ContributionMean(
        of: group.images.row(index), logit: Double(logits[0, group.targets[index]]))
    }
    try context.forEachPart(
      of: baselines.rows, bytesEach: bytes, walksEach: 2 * Double(group.count)
    ) { range in
      let part = baselines.rows(range)
      let reference = try everything(part)
      let logits = backend.download(reference.output)
      for (index, recording) in recordings.enumerated() {
        if context.isStopped() { throw AttributionStopped() }
        let targets = Array(repeating: group.targets[index], count: part.rows)
        let multipliers = try walk.signal(
          from: try form.seed(at: targets), of: recording, reference: reference)
        means[index].add(
          backend.download(multipliers), baselines: part, logits: logits.logits(of: targets))
      }
    }
    return means
  }
}

/// The mean of contributions of one image over baselines, summed in Double.
private struct ContributionMean {
  private let image: Tensor
  private let logit: Double
  private var sums: [Double]
  private var logits: [Double] = []

  init(of image: Tensor, logit: Double) {
    (self.image, self.logit) = (image, logit)
    sums = Array(repeating: 0, count: image.count)
  }

  mutating func add(_ multipliers: Tensor, baselines: Tensor, logits: [Double]) {
    self.logits += logits
    multipliers.contributions(of: image, against: baselines).withUnsafeElements { elements in
      for (index, element) in elements.enumerated() { sums[index % sums.count] += Double(element) }
    }
  }

  var map: Tensor {
    Tensor(shape: image.shape, sums.map { Float($0 / Double(logits.count)) })
  }

  var law: LawCheck {
    let other = logits.reduce(0, +) / Double(logits.count)
    return LawCheck(
      .completeness, expected: logit - other, found: map.rowSums[0],
      tolerance: LawCheck.completenessTolerance,
      rounding: LawCheck.rounding(of: map, logits: logit, other))
  }
}

extension DeepSHAP: BackpropagatingMethod {
  /// Multipliers, which depend on a baseline.
  public func backpropagation(on network: ExplainedNetwork) -> Backpropagation? {
    Backpropagation(
      network.merged(), .rescale(tieTolerance: tieTolerance), algorithm: .direct,
      needsReference: true)
  }
}
