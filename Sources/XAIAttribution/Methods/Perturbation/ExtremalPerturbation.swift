import XAIKernels
public import XAINetworks
import XAITensor
#if canImport(Glibc)
  import Glibc
#endif

/// The mask of a given area that keeps the logit highest.
///
/// Source: Fong, Patrick and Vedaldi 2019, Understanding Deep Networks via Extremal Perturbations and Smooth Masks.
///
///     max over m   f(z(m)) - w mean (sort(m) - r)^2,   r: round(a H W) ones, the rest zeros
///
/// m is a `SmoothMask`; z(m) lies between the two nearest of some blurred images (`blur`), or between the baseline
/// and the image (`fade`). The answer is the smallest area with `f(z) >= 0.9 f(x)`; where none has it, the one that
/// keeps most, and a note says so.
///
/// - Note: Deviation from TorchRay, which counts the area over the mask with its margin, so that an image of 64 x 64
///   was covered by a third where a tenth was asked for: only pixels of the image count. The grid starts at ones, and
///   equal values are sorted by position.
public struct ExtremalPerturbation: AttributionMethod {
  /// What a mask shows where it is not 1.
  public enum Variant: String, Sendable, Codable, CaseIterable {
    /// The image, more and more blurred.
    case blur
    /// The baseline.
    case fade
  }

  /// The shares of the image that are asked, smallest first.
  public var areas: [Double]
  /// Steps of gradient ascent for each area.
  public var steps: Int
  /// Pixels from one grid point to the next.
  public var step: Int
  /// The width of a bump, in pixels.
  public var sigma: Double
  /// What a mask shows where it is not 1.
  public var variant: Variant
  /// How many levels of blur there are, the image itself among them.
  public var levels: Int
  /// Sigma of the largest blur, in pixels.
  public var largestBlur: Double
  /// The share of the image's logit that an area must keep to be the answer.
  public var kept: Double
  /// Size, momentum and weights of the steps.
  package var ascent = AreaAscent()

  private enum CodingKeys: String, CodingKey {
    case areas, steps, step, sigma, variant, levels, largestBlur, kept
  }

  /// Describes the method.
  /// - Parameters:
  ///   - areas: The shares of the image that are asked.
  ///   - steps: Steps of gradient ascent for each area.
  ///   - step: Pixels from one grid point to the next.
  ///   - sigma: The width of a bump, in pixels.
  ///   - variant: What a mask shows where it is not 1.
  ///   - levels: How many levels of blur there are.
  ///   - largestBlur: Sigma of the largest blur, in pixels.
  ///   - kept: The share of the image's logit that an area must keep.
  public init(
    areas: [Double] = [0.05, 0.1, 0.2, 0.4], steps: Int = 800, step: Int = 2, sigma: Double = 6,
    variant: Variant = .blur, levels: Int = 8, largestBlur: Double = 5.7, kept: Double = 0.9
  ) {
    (self.areas, self.steps, self.step, self.sigma) = (areas, steps, step, sigma)
    (self.variant, self.levels, self.largestBlur, self.kept) = (variant, levels, largestBlur, kept)
  }

  /// `fade` shows a baseline.
  public var baselineNeed: BaselineNeed { variant == .fade ? .one : .none }
  /// How much is kept: amounts.
  public var meaning: MapMeaning { .magnitude }

  /// Numbers must be possible.
  public func prepared(for request: AttributionRequest, on network: Network) throws -> Self {
    try request.validate(for: network)
    if variant == .fade { _ = try request.fittingBaselines(for: "extremal perturbation", .one) }
    let (height, width) = request.extent
    let sound = areas.allSatisfy { 0...1 ~= $0 } && 1...100 ~= areas.count
    guard sound, 1...mostSamples ~= steps, 1...max(height, width) ~= step, sigma > 0,
      sigma <= 1e6, 2...64 ~= levels, 0...1e3 ~= largestBlur, -1e6...1e6 ~= kept
    else {
      throw AttributionFailure(
        .usage,
        "extremal perturbation cannot work with the areas \(areas), \(steps) steps, grid points every \(step) "
          + "pixels of width \(sigma), \(levels) levels of blur up to \(largestBlur) and the share \(kept); areas "
          + "are from 0 to 1, there are 2 to 64 levels, and the grid fits into the image")
    }
    return self
  }

  /// A forward and a backward pass for each step of each area, and the logits of image and answers.
  public func cost(of request: AttributionRequest, on network: Network) -> AttributionCost {
    AttributionCost(
      walks: Double(request.count) * (Double(areas.count) * (2 * Double(steps) + 1) + 1))
  }

  /// Computes maps `[N, 1, H, W]`.
  public func attribute(
    _ request: AttributionRequest, on network: ExplainedNetwork, in context: AttributionContext
  ) throws -> Attribution {
    try request.validate(for: network)
    _ = try prepared(for: request, on: network.network)
    let smooth = SmoothMask(Array(request.images.shape.dropFirst(2)), step: step, sigma: sigma)
    var (maps, notes) = ([Tensor](), [Attribution.Note]())
    for image in 0..<request.count {
      let answer = try answer(image, of: request, smooth, on: network, in: context)
      let extent = Array(request.images.shape.dropFirst(2))
      maps.append(Tensor(shape: [1, 1] + extent, answer.mask.map { Float($0) }))
      let area = Float(areas[answer.index])
      let share = Float((100 * answer.share).rounded() / 100)
      notes.append(
        Attribution.Note(
          answer.reached
            ? "the smallest area that keeps \(Float(kept)) of the logit is \(area); it keeps \(share)"
            : "no area keeps \(Float(kept)) of the logit; \(area) keeps most, \(share)",
          image: image))
    }
    return Attribution(maps: Tensor(stacking: maps), notes: notes)
  }

  private struct Answer {
    var index: Int
    var mask: [Double]
    var share: Double
    var reached: Bool
  }

  private func answer(
    _ image: Int, of request: AttributionRequest, _ smooth: SmoothMask,
    on network: ExplainedNetwork, in context: AttributionContext
  ) throws -> Answer {
    let original = request.images.row(image)
    let blend = MaskBlend(try pyramid(of: original, image, request))
    let whole = try network.merged().scores(
      .logit, of: request.targets[image], count: 1, in: context
    ) { _, pixels in
      original.withUnsafeElements { _ = pixels.initialize(from: $0) }
    }[0]
    var best: Answer?
    for (index, area) in areas.enumerated().sorted(by: { ($0.1, $0.0) < ($1.1, $1.0) }) {
      var values = Array(repeating: 1.0, count: smooth.size[0] * smooth.size[1])
      try ascent.run(
        &values, area: area, steps: steps, smooth, blend, target: request.targets[image],
        on: network, in: context)
      let mask = smooth.mask(values)
      let shown = blend.image(under: mask)
      let logit = try network.merged().scores(
        .logit, of: request.targets[image], count: 1, in: context
      ) { _, pixels in
        shown.withUnsafeElements { _ = pixels.initialize(from: $0) }
      }[0]
      // A share of a logit that is not positive says nothing: what keeps the logit counts there.
      let share = whole > 0 ? logit / whole : logit >= whole ? 1 : -1
      let reached = share >= kept
      if reached || best.map({ share > $0.share }) ?? true {
        best = Answer(index: index, mask: mask, share: share, reached: reached)
      }
      if reached { break }
    }
    return best ?? Answer(index: 0, mask: [], share: 0, reached: false)
  }

  /// What shows from mask 0 to mask 1, `[levels, C, H, W]`.
  private func pyramid(
    of original: Tensor, _ image: Int, _ request: AttributionRequest
  ) throws -> Tensor {
    if variant == .fade {
      let baselines = try request.fittingBaselines(for: "extremal perturbation", .one)
      return Tensor(stacking: [baselines.of(image), original])
    }
    return Tensor(
      stacking: try (0..<levels).map { level in
        let sigma = largestBlur * (1 - Double(level) / Double(levels - 1))
        guard sigma > 0 else { return original }
        return try GaussianBlur(size: 2 * Int((4 * sigma).rounded(.up)) + 1, sigma: sigma)(original)
      })
  }
}
