import XAIKernels
public import XAINetworks
import XAITensor

/// Gradients along a path on which what has the smallest gradients moves first.
///
/// Source: Kapishnikov et al. 2021, Guided Integrated Gradients: An Adaptive Path Method for Removing Noise.
/// At each step the share of entries with the smallest |g| moves, within `reach` of the straight path, until the
/// distance that is left is that of the straight path; the map is the sum of gradients times what moved.
///
/// - Note: Deviation from the authors' program, whose test for the end of a step never holds in Float32: a step ends
///   where what is left exceeds what it wants by at most a millionth of the whole way.
public struct GuidedIntegratedGradients: AttributionMethod {
  /// Points on the path.
  public var steps: Int
  /// The share of entries that move at a time.
  public var fraction: Double
  /// How far from the straight path an entry may be, as a share of its way.
  public var reach: Double

  /// Describes the method.
  /// - Parameters:
  ///   - steps: Points on the path.
  ///   - fraction: The share of entries that move at a time.
  ///   - reach: How far from the straight path an entry may be, as a share of its way.
  public init(steps: Int = 200, fraction: Double = 0.25, reach: Double = 0.02) {
    (self.steps, self.fraction, self.reach) = (steps, fraction, reach)
  }

  /// One baseline for each image.
  public var baselineNeed: BaselineNeed { .one }

  /// Numbers must be possible.
  public func prepared(for request: AttributionRequest, on network: Network) throws -> Self {
    try request.validate(for: network)
    _ = try request.fittingBaselines(for: "guided integrated gradients", .one)
    guard 1...mostSamples ~= steps, 0...1 ~= fraction, 0...1 ~= reach else {
      throw AttributionFailure(
        .usage,
        "guided integrated gradients cannot take \(steps) steps with the fraction \(fraction) and the reach "
          + "\(reach); take at least 1 and at most \(mostSamples) steps, and shares from 0 to 1")
    }
    return self
  }

  /// A forward and a backward pass for each step, and the logits of both ends.
  public func cost(of request: AttributionRequest, on network: Network) -> AttributionCost {
    AttributionCost(walks: Double(request.count) * (2 * Double(steps) + 2))
  }

  /// Computes maps `[N, C, H, W]`.
  public func attribute(
    _ request: AttributionRequest, on network: ExplainedNetwork, in context: AttributionContext
  ) throws -> Attribution {
    try request.validate(for: network)
    _ = try prepared(for: request, on: network.network)
    let baselines = try request.fittingBaselines(for: "guided integrated gradients", .one)
    let form = network.merged()
    let shape = [1] + Array(request.images.shape.dropFirst())
    var (maps, laws) = ([Tensor](), [LawCheck]())
    try context.forEachPart(
      of: request.count, bytesEach: form.bytesPerImage(keeping: .winners), walksEach: 0
    ) { range in
      var paths = range.map {
        GuidedPath(
          from: baselines.of($0).doubles(ofRow: 0), to: request.images.doubles(ofRow: $0),
          fraction: fraction, reach: reach)
      }
      let targets = Array(request.targets[range])
      for step in 0..<steps {
        if context.isStopped() { throw AttributionStopped() }
        let points = Tensor(
          stacking: paths.map { Tensor(shape: shape, $0.point.map { Float($0) }) })
        let found = try form.inputSignals(
          images: points, targets: targets, composite: Composite(), algorithm: context.algorithm,
          in: context)
        for index in paths.indices {
          paths[index].step(
            to: Double(step + 1) / Double(steps), found.signals.doubles(ofRow: index))
        }
      }
      let ends = Tensor(stacking: range.map { baselines.of($0) } + [request.images.rows(range)])
      let recording = try form.record(
        try form.backend.upload(ends), keeping: .logits, algorithm: context.algorithm ?? .fastest)
      context.advance(2 * Double(range.count))
      let logits = form.backend.download(recording.output)
      for (index, target) in targets.enumerated() {
        let (start, end) = (
          Double(logits[index, target]), Double(logits[index + targets.count, target])
        )
        let map = Tensor(shape: shape, paths[index].sum.map { Float($0) })
        maps.append(map)
        laws.append(
          LawCheck(
            sampledSum: map, expected: end - start, magnitude: abs(end) + abs(start),
            tolerance: 0.05))
      }
    }
    return Attribution(maps: Tensor(stacking: maps), laws: laws)
  }
}

extension GuidedIntegratedGradients: BackpropagatingMethod {
  /// The gradient, which is taken at many points.
  public func backpropagation(on network: ExplainedNetwork) -> Backpropagation? {
    .gradient(on: network)
  }
}

/// The way of one image.
private struct GuidedPath {
  private let start: [Double]
  private let ways: [Double]
  private let fraction: Double
  private let reach: Double
  /// The whole way: the sum of magnitudes.
  private let length: Double
  /// How far each entry has come, from 0 to 1; one without a way has come as far as it may.
  private var positions: [Double]
  /// Gradients times what moved.
  private(set) var sum: [Double]

  init(from start: [Double], to end: [Double], fraction: Double, reach: Double) {
    self.start = start
    ways = zip(start, end).map { $1 - $0 }
    (self.fraction, self.reach) = (fraction, reach)
    length = ways.reduce(0) { $0 + abs($1) }
    positions = Array(repeating: 0, count: start.count)
    sum = positions
  }

  var point: [Double] { start.indices.map { start[$0] + positions[$0] * ways[$0] } }

  /// Moves until no more is left than on the straight path.
  mutating func step(to position: Double, _ gradient: [Double]) {
    guard length > 0 else { return }
    let (least, most) = (max(position - reach, 0), min(position + reach, 1))
    let wanted = length * (1 - position)
    for index in positions.indices where positions[index] < least && ways[index] != 0 {
      move(index, to: least, gradient)
    }
    var left = rest
    // Each time around some entries come as far as they may, so that it ends.
    while left - wanted > 1e-6 * length {
      let free = positions.indices.filter { ways[$0] != 0 && positions[$0] < most }
      guard !free.isEmpty else { return }
      let place = Int(fraction * Double(positions.count - 1))
      let sizes = free.map { abs(gradient[$0]) }.sorted()
      // What cannot move counts as having an infinite gradient.
      let limit = place < sizes.count ? sizes[place] : .infinity
      let chosen = free.filter { abs(gradient[$0]) <= limit }
      let possible = chosen.reduce(0.0) { $0 + (most - positions[$1]) * abs(ways[$1]) }
      guard possible > 0 else { return }
      let share = (left - wanted) / possible
      for index in chosen {
        move(
          index,
          to: share >= 1 ? most : positions[index] + share * (most - positions[index]), gradient)
      }
      if share <= 1 { return }
      left = rest
    }
  }

  private var rest: Double {
    positions.indices.reduce(0.0) { $0 + (1 - positions[$1]) * abs(ways[$1]) }
  }

  private mutating func move(_ index: Int, to position: Double, _ gradient: [Double]) {
    sum[index] += gradient[index] * (position - positions[index]) * ways[index]
    positions[index] = position
  }
}
