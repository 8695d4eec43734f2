public import XAINetworks
import XAITensor

/// The exact Shapley values of segments, from every coalition.
///
/// Source: Shapley 1953, A Value for n-Person Games; with the logit as the value of a coalition and absent
/// segments as `fill` shows them. Each pixel of a map carries its segment's value; the values, counted
/// once for each segment, sum to `f(x) - f(all absent)`.
public struct ShapleyValues: AttributionMethod {
  /// The most segments: 2^12 coalitions.
  static let mostSegments = 12

  /// How the image is cut.
  public var segmentation: Segmentation
  /// What is shown where a segment is absent.
  public var fill: AbsentFill
  /// What is read at the output.
  public var score: TargetScore

  /// Describes the method.
  /// - Parameters:
  ///   - segmentation: How the image is cut.
  ///   - fill: What is shown where a segment is absent.
  ///   - score: What is read at the output.
  public init(
    segmentation: Segmentation = Segmentation(.grid, grid: PixelExtent(3, 3)),
    fill: AbsentFill = .baselineOrZero, score: TargetScore = .logit
  ) {
    (self.segmentation, self.fill, self.score) = (segmentation, fill, score)
  }

  /// What the fill needs.
  public var baselineNeed: BaselineNeed { fill.baselineNeed }
  /// What the fill would show.
  public var usefulBaseline: BaselineNeed { fill.usefulBaseline }

  /// A probability that never changes.
  public func obstacle(on network: Network) -> String? { score.obstacle(on: network) }

  /// There must not be too many segments.
  public func prepared(for request: AttributionRequest, on network: Network) throws -> Self {
    try request.validate(for: network)
    if let map = try segmentation.fixedMap(for: request) { try requireFew(map.count) }
    if fill == .baseline { _ = try fill.picture(for: 0, of: request) }
    return self
  }

  /// A forward walk for each coalition.
  public func cost(of request: AttributionRequest, on network: Network) -> AttributionCost {
    let segments = min(max(segmentation.expectedCount, 0), Self.mostSegments)
    return AttributionCost(walks: Double(request.count) * Double(1 << segments))
  }

  /// Computes maps `[N, 1, H, W]`.
  public func attribute(
    _ request: AttributionRequest, on network: ExplainedNetwork, in context: AttributionContext
  ) throws -> Attribution {
    try request.validate(for: network)
    return try .ofSegments(request) { image in
      let game = try SegmentGame(
        image: image, of: request, segmentation: segmentation, fill: fill, score: score)
      return (game.segments, try shares(in: game, on: network.merged(), in: context))
    }
  }

  private func requireFew(_ count: Int) throws(AttributionFailure) {
    guard count <= Self.mostSegments else {
      throw AttributionFailure(
        .usage,
        "exact Shapley values of \(count) segments need 2^\(count) evaluations; use "
          + "\(Self.mostSegments) segments at most, or the method kernel-shap")
    }
  }

  /// The Shapley value of every segment, with what they sum to in theory.
  func shares(
    in game: SegmentGame, on form: NetworkForm, in context: AttributionContext
  ) throws -> SegmentShares {
    let count = game.segments.count
    try requireFew(count)
    let values = try game.values(of: Coalition.all(of: count), on: form, in: context)
    return SegmentShares(
      values: Self.exact(values, players: count),
      expected: values[values.count - 1] - values[0])
  }

  /// The Shapley values of a game.
  /// - Parameters:
  ///   - values: The value of every coalition; bit i of the index says whether player i takes part.
  ///   - players: M.
  /// - Returns: `sum_S |S|! (M - |S| - 1)! / M! (v(S + i) - v(S))` for each player i.
  package static func exact(_ values: [Double], players: Int) -> [Double] {
    // |S|! (M - |S| - 1)! / M! = 1 / (M C(M - 1, |S|)).
    var weights = [1 / Double(max(players, 1))]
    for size in 1..<max(players, 1) {
      weights.append(weights[size - 1] * Double(size) / Double(players - size))
    }
    return (0..<players).map { player in
      values.indices.reduce(0) { sum, coalition in
        guard coalition >> player & 1 == 0 else { return sum }
        let gain = values[coalition | 1 << player] - values[coalition]
        return sum + weights[coalition.nonzeroBitCount] * gain
      }
    }
  }
}

/// What each segment contributes.
package struct SegmentShares {
  /// One for each segment.
  package var values: [Double]
  /// What they should sum to, where the theory says so.
  package var expected: Double?
}
