public import XAINetworks
import XAITensor

/// The gradient at a random point between a random baseline and the noisy image, times their
/// difference, in the mean (Lundberg and Lee 2017; GradientExplainer of the authors' package).
///
/// `mean_s (z_s - b_s) grad f(l_s z_s + (1 - l_s) b_s)`, `z_s` the image and its noise, `b_s` drawn
/// from the baselines with replacement, `l_s` uniform. It is complete in the mean only: the error of
/// few samples is large, and so is the law's tolerance of 50 %, of the difference or of a tenth of the
/// map's mass. A draw that equals the image
/// contributes exactly 0. The thesis compares with two baselines, the blurred image and the image
/// itself, so that half of the samples say nothing.
///
/// - Note: Deviation from Captum 0.9, which draws 5 samples by default: with the two baselines of
///   the thesis one map in 32 would be 0 altogether. 50 samples.
public struct GradientSHAP: FamilyMethod {
  /// Lines for each image, unless `index`, `position` or the noise says how many.
  public var samples: Int
  /// Of the noise, in units of the normalised image.
  public var standardDeviation: Double
  /// For each sample and image `[S, N]`, which baseline; drawn where it is not given.
  public var index: TensorReference?
  /// For each sample and image `[S, N]`, where on the line; drawn where it is not given.
  public var position: TensorReference?
  /// Standard-normal `[S, N, C, H, W]`; the request's, or drawn, where it is not given.
  public var noise: TensorReference?

  /// Describes the method.
  /// - Parameters:
  ///   - samples: Lines for each image.
  ///   - standardDeviation: Of the noise, in units of the normalised image.
  ///   - index: For each sample and image, which baseline.
  ///   - position: For each sample and image, where on the line.
  ///   - noise: Standard-normal noise.
  public init(
    samples: Int = 50, standardDeviation: Double = 0, index: TensorReference? = nil,
    position: TensorReference? = nil, noise: TensorReference? = nil
  ) {
    (self.samples, self.standardDeviation) = (samples, standardDeviation)
    (self.index, self.position, self.noise) = (index, position, noise)
  }

  /// A distribution.
  public var baselineNeed: BaselineNeed { .several }
  /// The image and the image blurred, as in the thesis.
  public var defaultBaseline: BaselineKind? { .blurAndImage }
  /// It draws lines.
  public var isStochastic: Bool { true }
  /// It adds noise where there is a deviation, and no noise of its own.
  public var takesNoise: Bool { standardDeviation > 0 && noise == nil }

  /// A forward and a backward walk for each sample, one more where there is noise, and the logits of
  /// images and baselines.
  public func cost(of request: AttributionRequest, on network: Network) -> AttributionCost {
    let ends = standardDeviation > 0 ? Double(samples) : 1
    let baselines = Double(min(samples, request.baselines?.count ?? 1))
    return AttributionCost(
      walks: Double(request.count) * (2 * Double(samples) + ends + baselines))
  }

  /// As many samples as there are given lines or noise.
  public func prepared(for request: AttributionRequest, on network: Network) throws -> Self {
    try request.validate(for: network)
    var prepared = self
    prepared.samples = try lines(of: request).draws.count(samples)
    return prepared
  }

  /// Computes the maps of all members.
  public func attributions(
    _ request: AttributionRequest, on family: NetworkFamily, in context: AttributionContext
  ) throws -> [Attribution] {
    let (baselines, draws) = try lines(of: request)
    return try PathSum(
      request: request, baselines: baselines, points: draws.points(samples),
      deviation: standardDeviation, tolerance: 0.5
    ).attributions(on: family, in: context)
  }

  private func lines(
    of request: AttributionRequest
  ) throws -> (baselines: Baselines, draws: PathDraws) {
    try NoisyCopies.requirePossible(standardDeviation, of: "gradient SHAP")
    let baselines = try request.fittingBaselines(for: "gradient SHAP", .several)
    let given = standardDeviation > 0 ? try noise?.tensor() ?? request.noise : nil
    let draws = PathDraws(
      request: request, baselines: baselines, purpose: "gradient-shap", index: index,
      position: position, noise: given)
    return (baselines, draws)
  }
}

/// Integrated gradients in the mean over baselines, one random point of each line.
///
/// Erion et al. 2021, Improving Performance of Deep Learning Models with Axiomatic Attribution Priors
/// and Expected Gradients, equation 3:
/// `mean_k (x - b_k) grad f(a_k x + (1 - a_k) b_k)`: gradient SHAP without noise, of more samples. It
/// is complete in the mean only; the law's tolerance is that of gradient SHAP.
///
/// - Note: Deviation from the authors' attributionpriors, which draws baselines of one map without
///   replacement: they are drawn with replacement, as in the shap package.
public struct ExpectedGradients: FamilyMethod {
  /// Lines for each image, unless `index` or `alpha` says how many.
  public var draws: Int
  /// For each draw and image `[K, N]`, which baseline; drawn where it is not given.
  public var index: TensorReference?
  /// For each draw and image `[K, N]`, where on the line; drawn where it is not given.
  public var alpha: TensorReference?

  /// Describes the method.
  /// - Parameters:
  ///   - draws: Lines for each image.
  ///   - index: For each draw and image, which baseline.
  ///   - alpha: For each draw and image, where on the line.
  public init(draws: Int = 200, index: TensorReference? = nil, alpha: TensorReference? = nil) {
    (self.draws, self.index, self.alpha) = (draws, index, alpha)
  }

  /// A distribution.
  public var baselineNeed: BaselineNeed { .several }
  /// It draws lines.
  public var isStochastic: Bool { true }

  /// A forward and a backward walk for each draw, and the logits of images and baselines.
  public func cost(of request: AttributionRequest, on network: Network) -> AttributionCost {
    let baselines = Double(min(draws, request.baselines?.count ?? 1))
    return AttributionCost(walks: Double(request.count) * (2 * Double(draws) + 1 + baselines))
  }

  /// As many draws as there are given lines.
  public func prepared(for request: AttributionRequest, on network: Network) throws -> Self {
    try request.validate(for: network)
    var prepared = self
    prepared.draws = try lines(of: request).lines.count(draws)
    return prepared
  }

  /// Computes the maps of all members.
  public func attributions(
    _ request: AttributionRequest, on family: NetworkFamily, in context: AttributionContext
  ) throws -> [Attribution] {
    let (baselines, lines) = try lines(of: request)
    return try PathSum(
      request: request, baselines: baselines, points: lines.points(draws), tolerance: 0.5
    ).attributions(on: family, in: context)
  }

  private func lines(
    of request: AttributionRequest
  ) throws -> (baselines: Baselines, lines: PathDraws) {
    let baselines = try request.fittingBaselines(
      for: "expected gradients", .several)
    let lines = PathDraws(
      request: request, baselines: baselines, purpose: "expected-gradients", index: index,
      position: alpha)
    return (baselines, lines)
  }
}

extension GradientSHAP: BackpropagatingMethod {
  /// The gradient, which is taken at many points.
  public func backpropagation(on network: ExplainedNetwork) -> Backpropagation? {
    .gradient(on: network)
  }
}
