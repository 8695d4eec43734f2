public import XAINetworks
import XAIKernels
import XAITensor

/// Deep Approximate Shapley Propagation (Ancona, Oztireli and Gross 2019).
///
/// Players are square windows of the image, all channels together. A player's Shapley value is the mean
/// over coalition sizes of what it adds to the logit of a random coalition of that size; instead of
/// sampling coalitions, their mean and variance after the first layer are computed and sent through the
/// network as Gaussians. Absent players show the baseline: 0 in normalised space, or the image's own.
///
/// Each pixel carries its player's value divided by the player's pixels, so that the map `[N, 1, H, W]`
/// sums to about f(x) - f(baseline).
///
/// - Note: Deviation: players of several inputs are defined for dense first layers too, where the
///   reference has players of one input; positions whose every input belongs to the player, where the
///   reference divides by zero, have no variance of their own but the floor of 1e-5.
public struct DASP: AttributionMethod {
  /// The law holds roughly: small networks whose maps resembled the exact values (correlation above
  /// 0.9) missed it by up to 0.48, one whose map did not (0.11) by 1.44.
  private static let tolerance = 0.5

  /// The side of a player's window, in pixels.
  public var window: Int
  /// How many coalition sizes are tried: the centres of that many equal parts of 0 ..< players.
  public var steps: Int

  /// Describes the method.
  /// - Parameters:
  ///   - window: The side of a player's window, in pixels.
  ///   - steps: How many coalition sizes are tried; all where there are no more players.
  public init(window: Int = 8, steps: Int = 8) {
    (self.window, self.steps) = (window, steps)
  }

  /// Absent players show a baseline, if there is one.
  public var usefulBaseline: BaselineNeed { .one }

  /// There must be windows and steps, and no distribution of baselines.
  public func prepared(for request: AttributionRequest, on network: Network) throws -> Self {
    try request.validate(for: network)
    guard 1...mostSamples ~= window, 1...mostSamples ~= steps else {
      throw AttributionFailure(
        .usage,
        "dasp has a window of \(window) and \(steps) steps; both must be at least 1 and at most "
          + "\(mostSamples)")
    }
    _ = try singleBaselines(of: request)
    return self
  }

  /// With and without each player, at each coalition size, a walk of means and one of variances; the
  /// image and its baseline once.
  public func cost(of request: AttributionRequest, on network: Network) -> AttributionCost {
    let (height, width) = request.extent
    let grid = grid(height, width)
    let pairs = grid.count * coalitionSizes(of: grid.count).count
    return AttributionCost(walks: Double(request.count) * (4 * Double(pairs) + 2))
  }

  /// Computes maps.
  public func attribute(
    _ request: AttributionRequest, on network: ExplainedNetwork, in context: AttributionContext
  ) throws -> Attribution {
    try request.validate(for: network)
    _ = try prepared(for: request, on: network.network)
    let baselines = try singleBaselines(of: request)
    let form = network.merged()
    var (maps, laws): ([Tensor], [LawCheck]) = ([], [])
    for image in 0..<request.count {
      let (pixels, baseline) = (request.images.row(image), baselines.row(image))
      let target = request.targets[image]
      let (values, change) = try explain(pixels, baseline, target, form, context)
      maps.append(grid(of: pixels).spread(values))
      laws.append(
        LawCheck(
          .completeness, expected: change, found: values.reduce(0, +), tolerance: Self.tolerance))
    }
    return Attribution(maps: Tensor(stacking: maps), laws: laws)
  }

  /// The centres of equal parts of `0 ..< players`; the first parts are longer by one where they must.
  func coalitionSizes(of players: Int) -> [Int] {
    let parts = max(1, min(steps, players))
    let (length, longer) = players.quotientAndRemainder(dividingBy: parts)
    return (0..<parts).map { part in
      part * length + min(part, longer) + (length + (part < longer ? 1 : 0)) / 2
    }
  }

  private func grid(of images: Tensor) -> WindowGrid { grid(images.shape[2], images.shape[3]) }

  private func grid(_ height: Int, _ width: Int) -> WindowGrid {
    WindowGrid(
      height: height, width: width, window: min(max(window, 1), max(height, width, 1)))
  }

  /// The value of each player, and how far the logit is from that of the baseline.
  private func explain(
    _ image: Tensor, _ baseline: Tensor, _ target: Int, _ form: NetworkForm,
    _ context: AttributionContext
  ) throws -> (values: [Double], change: Double) {
    let algorithm = context.algorithm ?? .direct
    if context.isStopped() { throw AttributionStopped() }
    let logits = form.backend.download(
      try form.record(
        try form.backend.upload(Tensor(stacking: [image, baseline])), keeping: .logits,
        algorithm: algorithm
      ).output)
    context.advance(2)

    let grid = grid(of: image)
    let layer = try CoalitionLayer(
      image: image, baseline: baseline, grid: grid, form: form, algorithm: algorithm)
    let sizes = coalitionSizes(of: grid.count)
    var values = Array(repeating: 0.0, count: grid.count)
    try context.forEachPart(
      of: grid.count * sizes.count, bytesEach: bytesPerCoalition(form), walksEach: 4
    ) { range in
      let players = range.lowerBound / sizes.count..<(range.upperBound - 1) / sizes.count + 1
      let coalitions = range.map {
        RandomCoalition(
          player: $0 / sizes.count - players.lowerBound,
          share: layer.share(of: sizes[$0 % sizes.count]))
      }
      let joined = try form.backend.coalitionMoments(try layer.sums(without: players), coalitions)
      let means = form.backend.download(
        try form.moments(
          of: joined, through: layer.index + 1..<form.nodes.count, algorithm: algorithm
        ).mean)
      for (row, pair) in range.enumerated() {
        let added = Double(means[range.count + row, target]) - Double(means[row, target])
        values[pair / sizes.count] += added / Double(sizes.count)
      }
    }
    return (values, Double(logits[0, target]) - Double(logits[1, target]))
  }

  /// Mean and variance, with and without the player, before and after a convolution and behind its
  /// rectifier: 12 of the largest; and the sums they are made of.
  private func bytesPerCoalition(_ form: NetworkForm) -> Int {
    let largest = form.nodes.map { $0.outputShape.reduce(1, *) }.max() ?? 0
    return 16 * largest * MemoryLayout<Float>.stride
  }

  private func singleBaselines(of request: AttributionRequest) throws -> Tensor {
    guard let baselines = request.baselines else { return Tensor(shape: request.images.shape) }
    guard baselines.count == 1 else {
      throw AttributionFailure(
        .usage,
        "dasp compares each image with one baseline, but there are \(baselines.count); "
          + "choose a single one such as zero")
    }
    return Tensor(stacking: (0..<request.count).map { baselines.of($0) })
  }
}
