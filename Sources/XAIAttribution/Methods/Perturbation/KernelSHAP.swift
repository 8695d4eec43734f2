public import XAINetworks
import XAITensor

/// Shapley values of segments by least squares over sampled coalitions.
///
/// Source: Lundberg and Lee 2017, A Unified Approach to Interpreting Model Predictions, theorem 2. Each pixel
/// of a map carries its segment's value.
/// - Note: Deviation from shap and Captum: where there are no more coalitions than samples all of them are
///   evaluated, so that the result is exact; drawn coalitions come with their complements.
public struct KernelSHAP: AttributionMethod {
  /// How the sum of the values is tied to `f(x) - f(all absent)`.
  public enum Variant: String, Sendable, Codable {
    /// Exactly: one value is eliminated, and the intercept is `f(all absent)`.
    case constrained
    /// As in Captum: an intercept, and weights of 1e6 for the two coalitions of all and of none.
    case weighted
  }

  /// How the sum of the values is tied.
  public var variant: Variant
  /// How the image is cut.
  public var segmentation: Segmentation
  /// What is shown where a segment is absent.
  public var fill: AbsentFill
  /// What is read at the output.
  public var score: TargetScore
  /// Coalitions, all and none not counted; nothing stands for 2 M + 2048 as in shap.
  public var samples: Int?
  /// Coalitions `[rows, M]` to use instead.
  ///
  /// They are weighted with the Shapley kernel where the variant is
  /// `constrained`, each with weight 1 where it is `weighted`. All and none are always added.
  public var design: TensorReference?

  /// Describes the method.
  /// - Parameters:
  ///   - variant: How the sum of the values is tied.
  ///   - segmentation: How the image is cut.
  ///   - fill: What is shown where a segment is absent.
  ///   - score: What is read at the output.
  ///   - samples: Coalitions; nothing stands for 2 M + 2048.
  ///   - design: Coalitions to use instead.
  public init(
    variant: Variant = .constrained, segmentation: Segmentation = Segmentation(),
    fill: AbsentFill = .baselineOrZero, score: TargetScore = .logit, samples: Int? = nil,
    design: TensorReference? = nil
  ) {
    (self.variant, self.segmentation, self.fill) = (variant, segmentation, fill)
    (self.score, self.samples, self.design) = (score, samples, design)
  }

  /// What the fill needs.
  public var baselineNeed: BaselineNeed { fill.baselineNeed }
  /// What the fill would show.
  public var usefulBaseline: BaselineNeed { fill.usefulBaseline }
  /// Coalitions are drawn.
  public var isStochastic: Bool { design == nil }

  /// A probability that never changes.
  public func obstacle(on network: Network) -> String? { score.obstacle(on: network) }

  /// As many samples as a design has rows.
  public func prepared(for request: AttributionRequest, on network: Network) throws -> Self {
    try request.validate(for: network)
    let map = try segmentation.fixedMap(for: request)
    if fill == .baseline { _ = try fill.picture(for: 0, of: request) }
    var prepared = self
    if let design {
      prepared.samples = try Coalition.rows(of: design, segments: map?.count)
    } else {
      try requireSamples(sampleCount(for: map?.count ?? segmentation.segments))
    }
    return prepared
  }

  private func requireSamples(_ samples: Int) throws(AttributionFailure) {
    guard 1...Coalition.most ~= samples else {
      throw AttributionFailure(
        .usage,
        "kernel-shap cannot work with \(samples) samples; give a positive number of at most "
          + "\(Coalition.most)")
    }
  }

  /// A forward walk for each coalition.
  public func cost(of request: AttributionRequest, on network: Network) -> AttributionCost {
    let count = segmentation.expectedCount
    let every = count < 40 ? Double(1 << max(count, 0)) : .infinity
    let drawn = samples.map(Double.init) ?? 2 * Double(count) + 2048
    return AttributionCost(walks: Double(request.count) * min(every, drawn + 2))
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
      let design = try design(
        of: game.segments.count, seed: request.seed, key: request.keys[image])
      let values = try game.values(of: design.coalitions, on: form, in: context)
      return (game.segments, try shares(design, values))
    }
  }

  private func sampleCount(for count: Int) -> Int {
    samples ?? (count <= mostSamples ? 2 * count + 2048 : .max)
  }
}

extension KernelSHAP {
  /// Coalitions with their weights; the first two are all and none.
  package struct Design {
    package var coalitions: [Coalition]
    /// Of the mixed ones; those of all and none follow from the variant.
    package var weights: [Double]

    /// Groups coalitions and weights.
    /// - Parameters:
    ///   - coalitions: The first two are all and none.
    ///   - weights: One for each; those of the first two do not count.
    package init(coalitions: [Coalition], weights: [Double]) {
      (self.coalitions, self.weights) = (coalitions, weights)
    }
  }

  /// The Shapley kernel `(M - 1) / (C(M, k) k (M - k))`, 0 < k < M.
  package static func kernel(_ size: Int, of count: Int) -> Double {
    var choices = 1.0
    for step in 0..<size { choices *= Double(count - step) / Double(step + 1) }
    return Double(count - 1) / (choices * Double(size * (count - size)))
  }

  /// All and none, and then coalitions from the file, every one there is, or drawn ones.
  package func design(of count: Int, seed: UInt64, key: Int) throws -> Design {
    let ends = [Coalition.uniform(count, true), Coalition.uniform(count, false)]
    func weighted(_ coalitions: [Coalition]) -> Design {
      Design(
        coalitions: ends + coalitions,
        weights: [0, 0] + coalitions.map { Self.kernel($0.size, of: count) })
    }
    func counted(_ coalitions: [Coalition]) -> Design {
      Design(
        coalitions: ends + coalitions,
        weights: [0, 0] + Array(repeating: 1, count: coalitions.count))
    }
    if let design {
      let coalitions = try Coalition.design(design, of: count).filter(\.isMixed)
      return variant == .constrained ? weighted(coalitions) : counted(coalitions)
    }
    let samples = sampleCount(for: count)
    try requireSamples(samples)
    if count < 40 && 1 << count - 2 <= samples {
      return weighted(Coalition.all(of: count).filter(\.isMixed))
    }
    // The draws follow the kernel, so that each counts once.
    return counted(drawn(samples, of: count, seed: seed, key: key))
  }

  private func drawn(_ samples: Int, of count: Int, seed: UInt64, key: Int) -> [Coalition] {
    (0..<samples).map { row in
      var stream = RandomStream(seed: seed, purpose: "kernel-shap/coalition", key, row / 2)
      let coalition = Coalition.kernelDrawn(count, from: &stream)
      return row % 2 == 0 ? coalition : coalition.complement
    }
  }

  /// Values of segments from values of coalitions.
  /// - Parameters:
  ///   - design: Coalitions; the first two are all and none.
  ///   - values: One for each coalition.
  /// - Returns: One value for each segment.
  /// - Throws: Where the coalitions do not determine them.
  package func shares(_ design: Design, _ values: [Double]) throws(AttributionFailure)
    -> SegmentShares
  {
    let count = design.coalitions[0].members.count
    let solution =
      switch variant {
      case .constrained: Self.constrained(design, values)
      case .weighted: Self.weighted(design, values)
      }
    guard let solution else {
      throw AttributionFailure(
        .usage,
        "\(design.coalitions.count) coalitions do not determine the values of \(count) "
          + "segments; give kernel-shap more samples or fewer segments")
    }
    return SegmentShares(
      values: solution, expected: variant == .constrained ? values[0] - values[1] : nil)
  }

  private static func constrained(_ design: Design, _ values: [Double]) -> [Double]? {
    let (total, last) = (values[0] - values[1], design.coalitions[0].members.count - 1)
    guard last > 0 else { return [total] }
    let rows = design.coalitions.dropFirst(2).map(\.row)
    guard
      let others = LeastSquares.coefficients(
        rows.map { row in row.dropLast().map { $0 - row[last] } },
        rows.indices.map { values[$0 + 2] - values[1] - rows[$0][last] * total },
        weights: Array(design.weights.dropFirst(2)))
    else { return nil }
    return others + [total - others.reduce(0, +)]
  }

  /// Captum's weights: 1e6 at the ends; those of mixed coalitions are scaled to a mean of 1.
  private static func weighted(_ design: Design, _ values: [Double]) -> [Double]? {
    let mixed = design.weights.dropFirst(2)
    let scale = Double(mixed.count) / mixed.reduce(0, +)
    let weights = [1e6, 1e6] + mixed.map { $0 * scale }
    return LeastSquares.fit(design.coalitions.map(\.row), values, weights: weights)?.coefficients
  }
}
