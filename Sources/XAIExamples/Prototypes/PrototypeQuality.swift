import XAIStatistics
import XAITensor

/// Whether prototypes represent: against random picks of the same size, and as a classifier.
public enum PrototypeQuality {
  /// MMD^2 after each prototype, and of random choices of the same size.
  /// - Parameters:
  ///   - critic: The kernel.
  ///   - picks: Prototypes in the order chosen.
  ///   - draws: Random choices of each size; 20 of the semantics.
  ///   - seed: Where draws come from.
  /// - Returns: For each size, that of the prototypes and those of the draws.
  public static func curve(
    _ critic: MMDCritic, _ picks: [Int], draws: Int = 20, seed: UInt64 = 0
  ) -> [(chosen: Double, random: [Double])] {
    picks.indices.map { last in
      let random = (0..<draws).map { draw in
        var stream = RandomStream(seed: seed, purpose: "prototypes/random", draw)
        var order = Array(critic.means.indices)
        stream.shuffle(&order)
        return critic.squaredDiscrepancy(Array(order.prefix(last + 1)))
      }
      return (critic.squaredDiscrepancy(Array(picks[...last])), random)
    }
  }

  /// The share of images whose nearest prototype has their class.
  /// - Parameters:
  ///   - critic: The distances.
  ///   - picks: Prototypes.
  ///   - labels: The class of each image.
  /// - Returns: From 0 to 1 over all images that are no prototypes; nil where there are none.
  public static func accuracy(_ critic: MMDCritic, _ picks: [Int], _ labels: [Int]) -> Double? {
    let others = labels.indices.filter { !picks.contains($0) }
    guard !others.isEmpty, !picks.isEmpty else { return nil }
    let right = others.count { image in
      let nearest = picks.min {
        (critic.squares[image, $0], $0) < (critic.squares[image, $1], $1)
      }
      return nearest.map { labels[$0] == labels[image] } ?? false
    }
    return Double(right) / Double(others.count)
  }
}
