public import XAIMetrics

/// How much a map changes between an image and its neighbors.
///
/// Lower is better for all.
///
/// A constant map is perfectly robust: never rank by this alone.
public struct Stability: Sendable, Equatable {
  /// `max_d |R_d - R| / |R|`: maximal sensitivity.
  ///
  /// Source: Yeh et al. 2019, definition 2.3.
  public let maximalSensitivity: Double?
  /// The mean over the neighbors.
  ///
  /// Source: Bhatt et al. 2020.
  public let averageSensitivity: Double?
  /// `max_d |R_d / |R_d| - R / |R|| / |x_d - x|`: the local Lipschitz constant (Alvarez-Melis and Jaakkola
  /// 2018) of unit maps, so that methods compare.
  public let lipschitz: Double?
  /// Relative input stability **by norms**: `max_d (|R_d - R| / |R|) / (|x_d - x| / |x|)` over neighbors of
  /// the same predicted class.
  ///
  /// Source: Agarwal et al. 2022.
  public let relativeInput: Double?
  /// Relative output stability by norms: the same numerator over `|y_d - y|`, y all logits.
  public let relativeOutput: Double?
  /// Relative input stability with quotients element by element, as published.
  public let literalInput: Double?
  /// Relative output stability with quotients element by element, as published.
  public let literalOutput: Double?

  /// Compares maps.
  ///
  /// All are `nil` for a zero map, also where it stays zero; those of a class where no neighbor keeps it.
  /// - Parameters:
  ///   - map: The map of the image.
  ///   - neighbors: The maps of the neighbors, in their order.
  ///   - neighborhood: The image and its neighbors.
  ///   - least: What a denominator of a relative stability is at least, 1e-6 by default; it also stands where
  ///     an element is exactly 0.
  /// - Note: Deviation: the literal forms divide by the smallest pixels, so that a map with exact zeros
  ///   reaches 1e10; hence the norms. Captum divides by 1 where |R| is 0, and its result is off where the
  ///   explanation is a plain tensor; Quantus's maximum is NaN where one neighbor changes its class.
  public init(
    of map: RelevanceMap, at neighbors: [RelevanceMap], _ neighborhood: Neighborhood,
    least: Double = 1e-6
  ) {
    precondition(
      neighbors.count == neighborhood.disturbances.count,
      "\(neighbors.count) maps of \(neighborhood.disturbances.count) neighbors")
    let (relevance, size) = (map.values, Norm.of(map.values))
    guard size > 0, !neighbors.isEmpty else {
      (maximalSensitivity, averageSensitivity, lipschitz) = (nil, nil, nil)
      (relativeInput, relativeOutput, literalInput, literalOutput) = (nil, nil, nil, nil)
      return
    }
    let changes = neighbors.map { Norm.of(Norm.difference($0.values, relevance)) / size }
    maximalSensitivity = changes.max()
    averageSensitivity = changes.reduce(0, +) / Double(changes.count)
    let distances = neighborhood.disturbances.map { Norm.of($0) }
    // A neighbor's zero map has no direction.
    let slopes = zip(neighbors, distances).map { neighbor, distance -> Double? in
      let length = Norm.of(neighbor.values)
      guard length > 0, distance > 0 else { return nil }
      let turn = Norm.of(zip(neighbor.values, relevance).map { $0 / length - $1 / size })
      return turn / distance
    }
    lipschitz = slopes.compactMap(\.self).max()

    let kept = neighbors.indices.filter { neighborhood.keepsClass[$0] }
    func greatest(_ quotient: (Int) -> Double) -> Double? { kept.map(quotient).max() }
    let imageSize = Norm.of(neighborhood.image)
    relativeInput = greatest { changes[$0] / max(distances[$0] / imageSize, least) }
    relativeOutput = greatest { changes[$0] / max(neighborhood.outputDistances[$0], least) }
    func relative(_ change: [Double], _ base: [Double]) -> Double {
      Norm.of(zip(change, base).map { $0 / ($1 == 0 ? least : $1) })
    }
    let literal = neighbors.map { relative(Norm.difference($0.values, relevance), relevance) }
    literalInput = greatest {
      literal[$0] / max(relative(neighborhood.disturbances[$0], neighborhood.image), least)
    }
    literalOutput = greatest { literal[$0] / max(neighborhood.outputDistances[$0], least) }
  }
}
