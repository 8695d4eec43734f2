/// The rank correlation of the histograms of oriented gradients of two maps.
///
/// It compares edges and their directions, not places of single pixels (Adebayo et al. 2018, "HOGs
/// similarity"). Maps are scaled by min-max first.
public struct HOGCorrelation: SimilarityMeasure {
  /// `hog-spearman.min-max`.
  public let identifier = "hog-spearman.min-max"

  /// The only variant.
  public init() {}

  /// How the number is made.
  public var summary: String {
    "Spearman's rank correlation of histograms of oriented gradients (\(HOGDescriptor.orientations) "
      + "directions, cells of \(HOGDescriptor.cell)x\(HOGDescriptor.cell) pixels, blocks of "
      + "\(HOGDescriptor.block)x\(HOGDescriptor.block) cells, L2-Hys) of maps scaled by min-max"
  }

  /// Rows and columns of a block.
  public var smallestExtent: Int { HOGDescriptor.cell * HOGDescriptor.block }

  /// Compares two maps.
  /// - Parameter pair: The maps.
  /// - Returns: -1 to 1; 0 where one descriptor has equal values only, 1 where both have.
  public func similarity(of pair: ComparedPair) -> Similarity {
    pair.left[.gradientRanks].correlation(with: pair.right[.gradientRanks])
  }
}

extension MapPreparation where Value == Deviations {
  /// The ranks of the histograms of oriented gradients of the map scaled by min-max.
  static var gradientRanks: Self {
    Self("gradient-ranks") { map in
      // Rounding must not decide between magnitudes that are equal on paper: ranks see 40 bits.
      let values = HOGDescriptor.values(of: MapScaling.minMax.scaled(map))
      return Deviations(Deviations.averageRanks(values.map { ($0 * 0x1p40).rounded() }))
    }
  }
}
