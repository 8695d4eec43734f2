import XAIStatistics
public import XAITensor

/// Relative TCAV: a concept against the union of the other named ones.
///
/// Kim et al. 2018, section 3.6.
///
/// There is no random null for such a comparison, so no verdict either.
/// - Note: Deviation from the authors' program, which pairs single concepts.
public enum RelativeConcepts {
  /// Draws the negatives of a concept from the other concepts.
  /// - Parameters:
  ///   - concepts: Rows of all concepts, m each.
  ///   - concept: The one that is compared.
  ///   - runs: How many sets are drawn.
  ///   - seed: The run's seed.
  /// - Returns: As many sets of m rows, each without repetition.
  /// - Throws: `RepresentationFailure` where there is no other concept.
  public static func negatives(
    _ concepts: [Tensor], of concept: Int, runs: Int, seed: UInt64
  ) throws(RepresentationFailure) -> [Tensor] {
    let others = concepts.indices.filter { $0 != concept }.map { concepts[$0] }
    guard !others.isEmpty else {
      throw RepresentationFailure(.tooFew("concepts", found: concepts.count, needed: 2))
    }
    let union = Tensor(stacking: others)
    return (0..<runs).map { run in
      var stream = RandomStream(seed: seed, purpose: "concepts/relative", concept, run)
      var order = Array(0..<union.rows)
      stream.shuffle(&order)
      return union.rows(at: order.prefix(concepts[concept].rows))
    }
  }
}

/// Refuses sets of images that share images.
public enum ConceptSets {
  /// Checks that no image occurs twice.
  /// - Parameter sets: Digests of the pixels of each set's images, by the set's name, in order.
  /// - Throws: `RepresentationFailure` with the first that does.
  public static func requireDisjoint(
    _ sets: [(name: String, digests: [String])]
  ) throws(RepresentationFailure) {
    var owners: [String: String] = [:]
    for set in sets {
      for digest in set.digests {
        if let other = owners.updateValue(set.name, forKey: digest) {
          throw RepresentationFailure(.shared(set.name, with: other))
        }
      }
    }
  }

  /// The fewest images of a set.
  public static let fewestImages = 5
  /// With fewer images than this a set is told to be small.
  public static let smallSet = 30
  /// With fewer class images than this the command tells so.
  public static let fewClassImages = 20
}
