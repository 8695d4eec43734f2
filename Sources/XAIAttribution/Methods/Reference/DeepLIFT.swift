import XAIKernels
public import XAINetworks
import XAITensor

/// DeepLIFT with the Rescale rule.
///
/// What each pixel's difference from a baseline contributes to the difference of the logit
/// (Shrikumar et al. 2017, Learning Important Features Through Propagating Activation Differences).
/// Contributions sum to `f(x) - f(x0)` up to rounding, through max pooling too (see `RescaleMaxPool`).
///
/// Convolutions are direct by default. The windows of a constant baseline are exact ties, and the
/// winner receives the contribution of the window: sums that are rounded differently at different
/// positions of a tile, as Winograd's are, would choose it by chance.
public struct DeepLIFT: AttributionMethod {
  /// How near to a maximum of a pooling window a value counts as equal, relative to it.
  public var tieTolerance: Float

  /// Describes the method.
  /// - Parameter tieTolerance: How near to a maximum a value counts as equal; see `RescaleMaxPool`.
  public init(tieTolerance: Float = 0) { self.tieTolerance = tieTolerance }

  /// There must be baselines, and a tolerance below which values are equal.
  public func prepared(for request: AttributionRequest, on network: Network) throws -> Self {
    try request.validate(for: network)
    _ = try request.fittingBaselines(for: "DeepLIFT", .one)
    guard 0...1 ~= tieTolerance else {
      throw AttributionFailure(
        .usage,
        "DeepLIFT has a tieTolerance of \(tieTolerance); it is a share of the maximum, from 0 to 1")
    }
    return self
  }

  /// One baseline for each image.
  public var baselineNeed: BaselineNeed { .one }

  /// A forward walk of image and baseline, and a backward walk.
  public func cost(of request: AttributionRequest, on network: Network) -> AttributionCost {
    AttributionCost(walks: 3 * Double(request.count))
  }

  /// Computes maps.
  public func attribute(
    _ request: AttributionRequest, on network: ExplainedNetwork, in context: AttributionContext
  ) throws -> Attribution {
    try request.validate(for: network)
    _ = try prepared(for: request, on: network.network)
    let algorithm = context.algorithm ?? .direct
    let walk = BackwardWalk(.rescale(tieTolerance: tieTolerance), algorithm: algorithm)
    return try network.merged().contributions(
      request, to: try request.fittingBaselines(for: "DeepLIFT", .one), walksEach: 3,
      algorithm: algorithm, in: context
    ) { seed, recording, reference throws(KernelFailure) in
      try walk.signal(from: seed, of: recording, reference: reference)
    }
  }
}

/// DeepLIFT with the RevealCancel rule.
///
/// It treats positive and negative contributions to a rectifier apart (Shrikumar et al. 2017, section
/// 3.5.3), so that the two cannot hide each other.
///
/// With the default rule for max pooling, that of the first authors' program, contributions sum to
/// `f(x) - f(x0)` only in networks without max pooling. With `MaxPoolRule.rescale` they always do.
/// Where they do not, there is no law to check: a note tells both sums.
public struct DeepLIFTRevealCancel: AttributionMethod {
  /// What becomes of multipliers at a max pooling.
  public var maxPool: MaxPoolRule

  /// Describes the method.
  /// - Parameter maxPool: What becomes of multipliers at a max pooling.
  public init(maxPool: MaxPoolRule = .gradient) { self.maxPool = maxPool }

  /// There must be baselines.
  public func prepared(for request: AttributionRequest, on network: Network) throws -> Self {
    try request.validate(for: network)
    _ = try request.fittingBaselines(for: "DeepLIFT RevealCancel", .one)
    return self
  }

  /// One baseline for each image.
  public var baselineNeed: BaselineNeed { .one }

  /// Forward walks of image, baseline and spread, and a backward walk with two sets of weights.
  public func cost(of request: AttributionRequest, on network: Network) -> AttributionCost {
    AttributionCost(walks: 5 * Double(request.count))
  }

  /// Computes maps.
  public func attribute(
    _ request: AttributionRequest, on network: ExplainedNetwork, in context: AttributionContext
  ) throws -> Attribution {
    try request.validate(for: network)
    let algorithm = context.algorithm ?? .direct
    let walk = RevealCancelWalk(maxPool: maxPool, algorithm: algorithm)
    var attribution = try network.merged().contributions(
      request, to: try request.fittingBaselines(for: "DeepLIFT RevealCancel", .one), walksEach: 5,
      algorithm: algorithm, in: context
    ) { seed, recording, reference throws(KernelFailure) in
      try walk.multipliers(from: seed, of: recording, reference: reference)
    }
    if maxPool == .gradient && network.network.nodes.contains(where: { $0.operation == .maxPool }) {
      attribution.notes += attribution.laws.enumerated().map { image, law in
        Attribution.Note(
          "RevealCancel with the gradient through max pooling is not complete: the map sums to "
            + "\(fixedPoint(law.found, digits: 3)), and f(x) - f(baseline) is "
            + "\(fixedPoint(law.expected, digits: 3)); "
            + "maxPool \"\(MaxPoolRule.rescale.rawValue)\" is complete", image: image)
      }
      attribution.laws = []
    }
    return attribution
  }
}

extension NetworkForm {
  /// `(x - x0) m` for each image and its one baseline, m being what a walk sends to the input.
  fileprivate func contributions(
    _ request: AttributionRequest, to baselines: Baselines, walksEach walks: Double,
    algorithm: ConvolutionAlgorithm, in context: AttributionContext,
    by walk: (DeviceTensor, Recording, Recording) throws(KernelFailure) -> DeviceTensor
  ) throws -> Attribution {
    var maps: [Tensor] = []
    var laws: [LawCheck] = []
    try context.forEachPart(
      of: request.count, bytesEach: 2 * bytesPerImage(keeping: .everything), walksEach: walks
    ) { range in
      let images = request.images.rows(range)
      let targets = Array(request.targets[range])
      let reference = request.oneBaseline(of: range, in: baselines)
      let (recording, other) = try recordTogether(images, reference, algorithm: algorithm)
      let multipliers = try walk(try seed(at: targets), recording, other)
      maps.append(
        backend.download(multipliers).contributions(of: images, against: reference))
      let logits = backend.download(recording.output).logits(of: targets)
      let others = backend.download(other.output).logits(of: targets)
      for (index, sum) in maps[maps.count - 1].rowSums.enumerated() {
        let map = maps[maps.count - 1].row(index)
        laws.append(
          LawCheck(
            .completeness, expected: logits[index] - others[index], found: sum,
            tolerance: LawCheck.completenessTolerance,
            rounding: LawCheck.rounding(of: map, logits: logits[index], others[index])))
      }
    }
    return Attribution(maps: Tensor(stacking: maps), laws: laws)
  }
}

extension DeepLIFT: BackpropagatingMethod {
  /// Multipliers, which depend on a baseline.
  public func backpropagation(on network: ExplainedNetwork) -> Backpropagation? {
    Backpropagation(
      network.merged(), .rescale(tieTolerance: tieTolerance), algorithm: .direct,
      needsReference: true)
  }
}
