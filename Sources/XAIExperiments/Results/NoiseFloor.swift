public import XAIMetrics

/// How alike maps of one method are that have nothing in common.
///
/// Similarity does not start at 0: maps of a method have a grain, a sign and a centre in common, whatever
/// they show. The floor is the similarity of the original maps of different images; for the control
/// `random` it is that of independent noise. A randomized network's map that stays above the floor still
/// has something of the original one, be it only the image's own structure.
public struct NoiseFloor: Sendable, Equatable {
  /// Mean over pairs of images; nothing where there is no pair.
  public var mean: Double?
  /// The 95th percentile over pairs; nothing where there is no pair.
  public var upper: Double?
  /// The number of pairs.
  public var pairs: Int
  /// How many original maps have equal values only, such as zero; they are in no pair.
  public var constant: Int
  /// How many original maps are missing, such as those with NaN; they are in no pair.
  public var missing: Int

  /// Describes a floor.
  /// - Parameters:
  ///   - similarities: Of pairs of maps, in whatever order.
  ///   - constant: How many original maps have equal values only.
  ///   - missing: How many original maps are missing.
  public init(similarities: [Double], constant: Int = 0, missing: Int = 0) {
    let sorted = similarities.sorted()
    pairs = sorted.count
    mean = sorted.isEmpty ? nil : sorted.reduce(0, +) / Double(sorted.count)
    upper = sorted.isEmpty ? nil : PercentileClip.percentile(95, of: sorted)
    (self.constant, self.missing) = (constant, missing)
  }

  /// Compares the original maps of a method pair by pair.
  /// - Parameters:
  ///   - method: The method's name in the test.
  ///   - images: The number of images.
  ///   - maps: Where the maps are.
  ///   - measure: The measure that verdicts use.
  /// - Returns: The floor; without mean where fewer than two maps of sufficient size have content.
  /// - Throws: Where a map cannot be read.
  public static func measure(
    _ method: String, images: Int, maps: some MapSource,
    by measure: any SimilarityMeasure = SSIM()
  ) throws -> NoiseFloor {
    try Self.measure(
      (0..<images).map { try maps.map(MapKey(image: $0, method: method, step: nil)) }, by: measure)
  }

  /// Compares maps of different images pair by pair.
  /// - Parameters:
  ///   - maps: A map of each image, or nothing where it is missing.
  ///   - measure: The measure.
  /// - Returns: The floor; without mean where fewer than two maps of sufficient size have content.
  static func measure(
    _ maps: [RelevanceMap?], by measure: any SimilarityMeasure = SSIM()
  ) -> NoiseFloor {
    var (compared, constant, missing): ([ComparedMap], Int, Int) = ([], 0, 0)
    for map in maps {
      guard let map else {
        missing += 1
        continue
      }
      if map.isConstant {
        constant += 1
      } else if min(map.height, map.width) >= measure.smallestExtent {
        compared.append(ComparedMap(map))
      }
    }
    let similarities = compared.indices.flatMap { first in
      compared[(first + 1)...].map { other in
        measure.similarity(of: ComparedPair(compared[first], other)).value
      }
    }
    return NoiseFloor(similarities: similarities, constant: constant, missing: missing)
  }
}
