public import XAINetworks
import XAITensor

#if canImport(Glibc)
  import Glibc
#endif

/// A linear model of the network around one image, in terms of which segments are present.
///
/// Source: Ribeiro et al. 2016, "Why Should I Trust You?", and its authors' `lime_image.py`: rows of zeros and ones
/// drawn with probability 1/2, the first all ones; weights `sqrt(exp(-d^2 / width^2))` with the cosine
/// distance d to all ones; ridge regression with an intercept that bears no penalty. Each pixel of a map
/// carries its segment's coefficient.
/// - Note: Deviation: superpixels are SLIC's instead of quickshift's, and the mean colour of a segment is
///   that of the normalised image.
public struct LIME: AttributionMethod {
  /// How the image is cut.
  public var segmentation: Segmentation
  /// What is shown where a segment is absent.
  public var fill: AbsentFill
  /// What is read at the output.
  public var score: TargetScore
  /// Rows.
  public var samples: Int
  /// Of the kernel, in units of the cosine distance.
  public var width: Double
  /// Of the squared coefficients.
  public var penalty: Double
  /// Rows `[rows, M]` to use instead of drawn ones.
  public var design: TensorReference?

  /// Describes the method.
  /// - Parameters:
  ///   - segmentation: How the image is cut.
  ///   - fill: What is shown where a segment is absent.
  ///   - score: What is read at the output.
  ///   - samples: Rows.
  ///   - width: Of the kernel.
  ///   - penalty: Of the squared coefficients.
  ///   - design: Rows to use instead of drawn ones.
  public init(
    segmentation: Segmentation = Segmentation(), fill: AbsentFill = .mean,
    score: TargetScore = .probability, samples: Int = 1000, width: Double = 0.25,
    penalty: Double = 1, design: TensorReference? = nil
  ) {
    (self.segmentation, self.fill, self.score) = (segmentation, fill, score)
    (self.samples, self.width, self.penalty, self.design) = (samples, width, penalty, design)
  }

  /// What the fill needs.
  public var baselineNeed: BaselineNeed { fill.baselineNeed }
  /// What the fill would show.
  public var usefulBaseline: BaselineNeed { fill.usefulBaseline }
  /// Rows are drawn.
  public var isStochastic: Bool { design == nil }

  /// A probability that never changes.
  public func obstacle(on network: Network) -> String? { score.obstacle(on: network) }

  /// As many samples as a design has rows.
  public func prepared(for request: AttributionRequest, on network: Network) throws -> Self {
    try request.validate(for: network)
    let map = try segmentation.fixedMap(for: request)
    if fill == .baseline { _ = try fill.picture(for: 0, of: request) }
    try requireModel()
    var prepared = self
    if let design {
      prepared.samples = try Coalition.rows(of: design, segments: map?.count)
    } else {
      try requireSamples()
    }
    return prepared
  }

  private func requireSamples() throws(AttributionFailure) {
    guard 1...Coalition.most ~= samples else {
      throw AttributionFailure(
        .usage,
        "lime cannot work with \(samples) samples; give a positive number of at most "
          + "\(Coalition.most)")
    }
  }

  private func requireModel() throws(AttributionFailure) {
    guard width > 0, width.isFinite, penalty >= 0, penalty.isFinite else {
      throw AttributionFailure(
        .usage,
        "lime cannot work with the width \(width) and the penalty \(penalty); the width "
          + "must be positive and the penalty not negative")
    }
  }

  /// A forward walk for each row.
  public func cost(of request: AttributionRequest, on network: Network) -> AttributionCost {
    AttributionCost(walks: Double(request.count) * Double(samples))
  }

  /// Computes maps `[N, 1, H, W]`.
  public func attribute(
    _ request: AttributionRequest, on network: ExplainedNetwork, in context: AttributionContext
  ) throws -> Attribution {
    try request.validate(for: network)
    let form = network.merged()
    return try .ofSegments(request) { image in
      let game = try SegmentGame(
        image: image, of: request, segmentation: segmentation, fill: fill, score: score)
      let rows = try rows(of: game.segments.count, seed: request.seed, key: request.keys[image])
      let fit = try fit(rows, try game.values(of: rows, on: form, in: context))
      return (game.segments, SegmentShares(values: fit.coefficients))
    }
  }
}

extension LIME {
  /// The rows of one image.
  package func rows(of count: Int, seed: UInt64, key: Int) throws -> [Coalition] {
    if let design { return try Coalition.design(design, of: count) }
    try requireSamples()
    return (0..<samples).map { row in
      if row == 0 { return .uniform(count, true) }
      var stream = RandomStream(seed: seed, purpose: "lime/row", key, row)
      return .drawn(count, from: &stream)
    }
  }

  /// `sqrt(exp(-d^2 / width^2))`, d the cosine distance of a row to all ones; 1 for a row of zeros.
  package func weight(of row: Coalition) -> Double {
    let distance = 1 - (Double(row.size) / Double(row.members.count)).squareRoot()
    return exp(-distance * distance / (width * width)).squareRoot()
  }

  /// The linear model.
  package func fit(
    _ rows: [Coalition], _ values: [Double]
  ) throws(AttributionFailure) -> (coefficients: [Double], intercept: Double) {
    try requireModel()
    guard
      let fit = LeastSquares.fit(
        rows.map(\.row), values, weights: rows.map(weight), penalty: penalty)
    else {
      throw AttributionFailure(
        .usage,
        "\(rows.count) rows do not determine \(rows[0].members.count) coefficients without "
          + "a penalty; give lime more samples or a positive penalty")
    }
    return fit
  }
}
