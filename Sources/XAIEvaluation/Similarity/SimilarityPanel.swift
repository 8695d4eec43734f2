/// All measures of similarity, computed for a pair of maps.
///
/// No single number is to be trusted alone: window, scaling and dynamic range move SSIM as much as a
/// randomization does, so every table says which it shows.
public struct SimilarityPanel: Sendable {
  /// Every measure, in the order of tables.
  public static let allMeasures: [any SimilarityMeasure] = {
    var measures: [any SimilarityMeasure] = []
    for scaling in MapScaling.allCases {
      for window in [SimilarityWindow.gaussian, .uniform, .global] {
        for range in [1, 2] {
          measures.append(SSIM(window: window, scaling: scaling, dynamicRange: range))
        }
      }
    }
    for direction in FlipInvariantSSIM.Direction.allCases {
      for range in [2, 1] {
        measures.append(FlipInvariantSSIM(direction: direction, dynamicRange: range))
      }
    }
    measures += SignTreatment.allCases.map { SpearmanCorrelation($0) }
    measures += [PearsonCorrelation(), CosineSimilarity(), HOGCorrelation()]
    measures += SignTreatment.allCases.map { TopOverlap($0) }
    return measures
  }()

  /// The identifier of the number that verdicts and curves show unless asked for another: SSIM with the
  /// Gaussian window, min-max, dynamic range 1.
  public static let headline = SSIM().identifier

  /// The measures of this panel.
  public let measures: [any SimilarityMeasure]
  /// The identifiers of measures that were asked for, but whose window is larger than the maps.
  public let omitted: [String]

  /// Chooses the measures that suit maps of a size.
  /// - Parameters:
  ///   - height: Rows of the maps.
  ///   - width: Columns of the maps.
  ///   - measures: What is asked for.
  public init(
    height: Int, width: Int, measures: [any SimilarityMeasure] = SimilarityPanel.allMeasures
  ) {
    self.measures = measures.filter { $0.smallestExtent <= min(height, width) }
    omitted = measures.filter { $0.smallestExtent > min(height, width) }.map(\.identifier)
  }

  /// The measure of an identifier.
  /// - Parameter identifier: Such as `ssim.gaussian.min-max.L1`.
  /// - Returns: The measure, or nothing where there is none.
  public static func measure(_ identifier: String) -> (any SimilarityMeasure)? {
    allMeasures.first { $0.identifier == identifier }
  }

  /// Compares two maps by every measure.
  /// - Parameters:
  ///   - left: A map, such as the one of the original network.
  ///   - right: A map of the same extents.
  /// - Returns: One score for each measure, in their order.
  public func scores(of left: ComparedMap, and right: ComparedMap) -> [Score] {
    let pair = ComparedPair(left, right)
    return measures.map { measure in
      Score(measure: measure.identifier, similarity: measure.similarity(of: pair))
    }
  }

  /// What a measure says of a pair.
  public struct Score: Sendable, Equatable, Codable {
    /// The identifier of the measure.
    public var measure: String
    /// What it says.
    public var similarity: Similarity

    /// Groups a score.
    /// - Parameters:
    ///   - measure: The identifier of the measure.
    ///   - similarity: What it says.
    public init(measure: String, similarity: Similarity) {
      (self.measure, self.similarity) = (measure, similarity)
    }
  }
}

extension [SimilarityPanel.Score] {
  /// The outcome of a measure.
  /// - Parameter measure: Its identifier.
  public subscript(measure: String) -> Similarity? {
    first { $0.measure == measure }?.similarity
  }
}
