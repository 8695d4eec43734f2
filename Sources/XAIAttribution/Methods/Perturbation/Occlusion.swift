import XAIKernels
public import XAINetworks
import XAITensor

/// How much the logit falls when a window of the image is covered, averaged over the windows that cover
/// a pixel.
///
/// Source: Zeiler and Fergus 2014, Visualizing and Understanding Convolutional Networks, section 4.2; windows as in
/// Captum's `Occlusion`. A window covers all channels, so that they carry the same value.
public struct Occlusion: AttributionMethod {
  /// The window.
  public var window: PixelExtent
  /// From one window to the next.
  public var stride: PixelExtent
  /// What a window shows.
  public var fill: AbsentFill
  /// What is read at the output.
  public var score: TargetScore

  /// Describes the method.
  /// - Parameters:
  ///   - window: The window.
  ///   - stride: From one window to the next.
  ///   - fill: What a window shows; `mean` is none of it.
  ///   - score: What is read at the output.
  public init(
    window: PixelExtent = PixelExtent(8, 8), stride: PixelExtent = PixelExtent(4, 4),
    fill: AbsentFill = .baselineOrZero, score: TargetScore = .logit
  ) {
    (self.window, self.stride, self.fill, self.score) = (window, stride, fill, score)
  }

  /// What the fill needs.
  public var baselineNeed: BaselineNeed { fill.baselineNeed }
  /// What the fill would show.
  public var usefulBaseline: BaselineNeed { fill.usefulBaseline }

  /// A probability that never changes.
  public func obstacle(on network: Network) -> String? { score.obstacle(on: network) }

  /// Windows must fit into the images, and leave no pixel out.
  public func prepared(for request: AttributionRequest, on network: Network) throws -> Self {
    try request.validate(for: network)
    _ = try windows(over: request.images)
    _ = try fill.picture(for: 0, of: request)
    return self
  }

  /// A forward walk for each window, and one for the whole image.
  public func cost(of request: AttributionRequest, on network: Network) -> AttributionCost {
    let (height, width) = request.extent
    let windows = OcclusionWindows.count(window, stride: stride, height: height, width: width)
    return AttributionCost(walks: Double(request.count) * Double(windows + 1))
  }

  /// Computes maps `[N, C, H, W]`.
  public func attribute(
    _ request: AttributionRequest, on network: ExplainedNetwork, in context: AttributionContext
  ) throws -> Attribution {
    try request.validate(for: network)
    let windows = try windows(over: request.images)
    let form = network.merged()
    let maps = try (0..<request.count).map { image in
      let scores = try scores(of: image, in: request, under: windows, on: form, context)
      let means = windows.means(of: scores.dropFirst().map { scores[0] - $0 })
      return Tensor(
        shape: [1] + request.images.shape.dropFirst(),
        (0..<request.images.shape[1]).flatMap { _ in means })
    }
    return Attribution(maps: Tensor(stacking: maps))
  }

  private func windows(over images: Tensor) throws(AttributionFailure) -> OcclusionWindows {
    let (height, width) = (images.shape[2], images.shape[3])
    guard 1...height ~= window.height, 1...width ~= window.width else {
      throw AttributionFailure(
        .usage,
        "an occlusion window of \(window) does not fit into an image of "
          + "\(height) x \(width) pixels")
    }
    guard 1...window.height ~= stride.height, 1...window.width ~= stride.width else {
      throw AttributionFailure(
        .usage,
        "an occlusion stride of \(stride) does not fit the window of \(window); use at "
          + "least 1 and at most the window, so that no pixel is left out")
    }
    return OcclusionWindows(window, stride: stride, height: height, width: width)
  }

  /// The score of the whole image, then one for each window.
  private func scores(
    of image: Int, in request: AttributionRequest, under windows: OcclusionWindows,
    on form: NetworkForm, _ context: AttributionContext
  ) throws -> [Double] {
    let original = request.images.row(image)
    let cover = try fill.picture(for: image, of: request)
    let walk = try PatchWalk(form, around: original, algorithm: context.algorithm ?? .fastest)
    let target = request.targets[image]
    var scores: [Double] = []
    try context.forEachPart(
      of: windows.rectangles.count, bytesEach: form.bytesPerImage(keeping: .logits), walksEach: 1
    ) { range in
      let logits = try walk.logits(
        of: original, showing: cover, in: windows.rectangles, at: range)
      scores += score.values(of: logits, target)
    }
    context.advance(1)
    return score.values(of: walk.cleanLogits, target) + scores
  }
}
