import XAIKernels
public import XAIStatistics
import XAITensor

/// What a unit of a layer detects, with its null.
public struct UnitDetector: Sendable, Equatable, Codable {
  /// The unit.
  public let unit: Int
  /// The concept of the largest IoU.
  public let concept: Int
  /// The IoU; nil where neither unit nor concept has a pixel.
  public let iou: Double?
  /// The share of the unit's pixels that show the concept.
  public let precision: Double?
  /// The share of the concept's pixels at which the unit is active.
  public let recall: Double?
  /// The median of the largest IoU with masks moved between images.
  public let nullMedian: Double
  /// The value that 95 % of these do not exceed.
  public let nullUpper: Double
  /// The rank of the largest IoU among them.
  public let rank: RankTest
  /// p, adjusted over the units that were judged together.
  public let adjustedP: Double
  /// Whether the unit is never active.
  public let isDead: Bool
  /// The largest IoU over concepts of each permutation.
  package let null: [Double]

  /// Whether it detects the concept: IoU above a bound, and above what moved masks give.
  /// - Parameters:
  ///   - bound: The least IoU (Bau et al. 2017: 0.04).
  ///   - level: The level of the test.
  /// - Returns: Whether it does.
  public func isDetector(above bound: Double = 0.04, level: Double = 0.05) -> Bool {
    (iou ?? 0) > bound && adjustedP <= level
  }
}

/// Finds what units detect, and compares with masks that belong to other images.
public enum UnitDetectors {
  /// The default number of permutations.
  public static let defaultPermutations = 199

  /// Judges all units of a layer.
  /// - Parameters:
  ///   - units: Where each unit is active, `[image][unit]`.
  ///   - concepts: Where each concept is, `[image][concept]`.
  ///   - categories: The concepts of each category.
  ///   - permutations: How often the masks of all concepts of a category move between images as whole tuples.
  ///   - seed: The run's seed.
  /// - Returns: One for each unit.
  public static func all(
    units: [[PixelMask]], concepts: [[PixelMask]], categories: [[Int]],
    permutations: Int = defaultPermutations, seed: UInt64
  ) -> [UnitDetector] {
    precondition(units.count == concepts.count, "\(units.count) images, \(concepts.count) masks")
    let count = units.first?.count ?? 0
    @Sendable func overlap(_ masks: (Int) -> [PixelMask]) -> ConceptOverlap {
      var overlap = ConceptOverlap(units: count, categories: categories)
      for (image, active) in units.enumerated() {
        overlap.insert(units: active, concepts: masks(image))
      }
      return overlap
    }
    let observed = overlap { concepts[$0] }
    let null = BackgroundThread.map(permutations, threads: ThreadTeam.count) { number in
      let order = categories.indices.map { category in
        var stream = RandomStream(seed: seed, purpose: "dissection/null", number, category)
        var order = Array(units.indices)
        stream.shuffle(&order)
        return order
      }
      return largest(
        overlap { image in
          var moved = concepts[image]
          for (category, members) in categories.enumerated() {
            for concept in members { moved[concept] = concepts[order[category][image]][concept] }
          }
          return moved
        })
    }
    let tops = largest(observed)
    let ranks = (0..<count).map { unit in RankTest(tops[unit], among: null.map { $0[unit] }) }
    let adjusted = Self.adjusted(tops, null: null)
    let (best, iou) = (observed.best, observed.iou)
    return (0..<count).map { unit in
      let values = null.map { $0[unit] }
      return UnitDetector(
        unit: unit, concept: best[unit], iou: iou[unit][best[unit]],
        precision: observed.precision(unit: unit, concept: best[unit]),
        recall: observed.recall(unit: unit, concept: best[unit]), nullMedian: values.median,
        nullUpper: values.quantile(0.95), rank: ranks[unit], adjustedP: adjusted[unit],
        isDead: units.allSatisfy { $0[unit].area == 0 }, null: values)
    }
  }

  /// p of units that were judged in parts, adjusted over all of them.
  /// - Parameter detectors: All units of a layer, judged by the same permutations.
  /// - Returns: One for each.
  package static func adjusted(_ detectors: [UnitDetector]) -> [Double] {
    let permutations = detectors.first?.null.count ?? 0
    return adjusted(
      detectors.map(\.rank.statistic),
      null: (0..<permutations).map { number in detectors.map { $0.null[number] } })
  }

  /// The rank of each unit among the largest null of all units, permutation by permutation (Westfall and Young 1993).
  ///
  /// A permutation moves the masks of all units together, so that the chance that any unit of none is called a detector
  /// stays below the level.
  /// - Note: Deviation from Holm's adjustment, by which none of more than 10 units could ever pass 199 permutations.
  private static func adjusted(_ tops: [Double], null: [[Double]]) -> [Double] {
    let largest = null.map { $0.max() ?? 0 }
    return tops.map { RankTest($0, among: largest).p }
  }

  private static func largest(_ overlap: ConceptOverlap) -> [Double] {
    overlap.iou.map { row in row.compactMap(\.self).max() ?? 0 }
  }
}
