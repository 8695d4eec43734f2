/// What a network says while more and more of an image goes, over the share of pixels gone.
///
/// * `morf` curve (most relevant first): its area is the **deletion** score (Petsiuk et al. 2018, RISE),
///   lower is better. Taken by cells or segments it is `selectivity` (Montavon et al. 2018) and IROF
///   (Rieger and Hansen 2020).
/// * `lerf` curve (least relevant first): its area is the **insertion** score, higher is better: putting the
///   most relevant pixels first into the baseline is this curve read backwards, identically.
/// * insertion - deletion is one number under three names: area between perturbation curves, symmetric
///   relevance gain (Blücher et al. 2024), and their difference; 0 is the expectation of a random order.
///
/// Areas of the probability lie in [0, 1]; those of the logit have no scale.
/// - Note: Deviation: RISE subtracts nothing, as its two curves end in two different baselines; we give each
///   area for each baseline. Xplique averages uneven steps evenly; pnpxai's last step is twice as wide.
public struct RemovalCurve: Sendable, Equatable {
  /// How many pixels are gone at each point, from 0 to all.
  public let sizes: [Int]
  /// What the network says at each point.
  public let values: [TargetValue]

  /// Groups the points of a curve.
  /// - Parameters:
  ///   - sizes: How many pixels are gone, ascending from 0 to all.
  ///   - values: As many values.
  public init(sizes: [Int], values: [TargetValue]) {
    precondition(sizes.count == values.count, "\(sizes.count) sizes, \(values.count) values")
    (self.sizes, self.values) = (sizes, values)
  }

  /// Follows a path; the removals cost nothing where the evaluator knows them.
  /// - Parameters:
  ///   - path: The pixels that go.
  ///   - removal: The image.
  /// - Throws: What the network throws, or `AttributionStopped`.
  public init(_ path: RemovalPath, _ removal: RemovalEvaluator) throws {
    self.init(sizes: path.sizes, values: try removal.values(without: path.masks))
  }

  /// The number of pixels.
  public var pixels: Int { sizes.last ?? 0 }

  /// The area under the curve, by the trapezoid rule over the share of pixels gone.
  /// - Parameter quantity: Logit or probability.
  /// - Returns: The area.
  public func area(_ quantity: TargetQuantity) -> Double {
    zip(sizes.indices, sizes.indices.dropFirst()).reduce(0) { sum, step in
      let width = Double(sizes[step.1] - sizes[step.0]) / Double(pixels)
      return sum + width * (values[step.0][quantity] + values[step.1][quantity]) / 2
    }
  }

  /// The mean loss over all points, the first included: AOPC.
  ///
  /// Source: Samek et al. 2017, equation 12.
  ///
  /// Higher is better for `morf`, lower for `lerf`.
  /// - Parameter quantity: Logit or probability.
  /// - Returns: The mean of `v(x) - v(x_k)`.
  public func meanDrop(_ quantity: TargetQuantity) -> Double {
    values.reduce(0) { $0 + (values[0][quantity] - $1[quantity]) } / Double(values.count)
  }

  /// The share of steps at which the value does not rise by more than a tolerance: monotonicity of a `morf`
  /// curve, whose Boolean is a share of 1.
  ///
  /// In [0, 1], higher is better.
  ///
  /// Source: Arya et al. 2019; Luss et al. 2021.
  /// - Parameters:
  ///   - quantity: Logit or probability.
  ///   - tolerance: How much a value may rise, 1e-6 by default.
  /// - Returns: The share; `nil` where there is no step.
  /// - Note: Deviation: Quantus starts from the baseline and replaces baseline by baseline; it is always true.
  public func fallingShare(_ quantity: TargetQuantity, tolerance: Double = 1e-6) -> Double? {
    guard values.count > 1 else { return nil }
    let falling = zip(values, values.dropFirst()).count { $1[quantity] <= $0[quantity] + tolerance }
    return Double(falling) / Double(values.count - 1)
  }

  /// The least share of the pixels, most relevant ones, that keeps most of the probability: effective
  /// complexity of a `lerf` curve, which is the insertion curve backwards.
  ///
  /// In [0, 1]; it describes.
  ///
  /// Source: Nguyen and Martinez 2020.
  /// - Parameter kept: The share of the probability of the image, 0.9 by default.
  /// - Returns: The share of pixels at the first point of the insertion curve that keeps so much.
  /// - Note: Deviation: Quantus's measure of this name counts pixels above 1e-5 of a map scaled by its batch.
  public func effectiveComplexity(keeping kept: Double = 0.9) -> Double? {
    let least = kept * values[0].probability
    guard let point = values.lastIndex(where: { $0.probability >= least }) else { return nil }
    return Double(pixels - sizes[point]) / Double(pixels)
  }
}

/// The curves of a map in both directions, against one baseline.
public struct CurvePair: Sendable, Equatable {
  /// Most relevant first.
  public let morf: RemovalCurve
  /// Least relevant first.
  public let lerf: RemovalCurve

  /// Groups two curves.
  /// - Parameters:
  ///   - morf: Most relevant first.
  ///   - lerf: Least relevant first.
  public init(morf: RemovalCurve, lerf: RemovalCurve) { (self.morf, self.lerf) = (morf, lerf) }

  /// Insertion - deletion: the symmetric relevance gain.
  ///
  /// Higher is better; in [-1, 1] for the probability.
  /// - Parameter quantity: Logit or probability.
  /// - Returns: The gain.
  public func gain(_ quantity: TargetQuantity) -> Double {
    lerf.area(quantity) - morf.area(quantity)
  }
}
