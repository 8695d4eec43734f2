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

  /// The same for maps of a size: below 11 pixels, in the largest window that fits.
  /// - Parameters:
  ///   - height: Rows of the maps.
  ///   - width: Columns of the maps.
  /// - Returns: Such as `ssim.gaussian9.min-max.L1`.
  public static func headline(height: Int, width: Int) -> String {
    SSIM().fitted(height: height, width: width).identifier
  }

  /// What to say of maps that are smaller than the usual window.
  /// - Parameters:
  ///   - height: Rows of the maps.
  ///   - width: Columns of the maps.
  /// - Returns: A sentence, or nothing where the window of 11x11 fits.
  public static func windowNote(height: Int, width: Int) -> String? {
    let window = SimilarityWindow.largestGaussian(height: height, width: width)
    guard window != .gaussian else { return nil }
    return
      "Maps of \(height) x \(width) pixels are smaller than the usual window of 11x11, so that "
      + "\(headline(height: height, width: width)), SSIM with \(window.phrase), takes its place."
  }

  /// The measures of this panel.
  public let measures: [any SimilarityMeasure]
  /// The identifiers of measures that were asked for, but whose window is larger than the maps.
  public let omitted: [String]
  /// The identifier of the number that verdicts and curves show.
  public var headline: String { headlineMeasure.identifier }
  /// The measure that verdicts and curves show: SSIM as `headline(height:width:)` names it, or the first
  /// of the panel where it is not among them.
  public let headlineMeasure: any SimilarityMeasure

  /// Chooses the measures that suit maps of a size.
  ///
  /// In place of a measure there may be its variant for small maps, such as SSIM in a smaller window.
  /// - Parameters:
  ///   - height: Rows of the maps.
  ///   - width: Columns of the maps.
  ///   - measures: What is asked for.
  public init(
    height: Int, width: Int, measures: [any SimilarityMeasure] = SimilarityPanel.allMeasures
  ) {
    let extent = min(height, width)
    var chosen: [any SimilarityMeasure] = []
    for measure in measures {
      let fitted = measure.fitted(height: height, width: width)
      // The whole map as one window may be there in its own right.
      let isKnown =
        fitted.identifier != measure.identifier
        && measures.contains { $0.identifier == fitted.identifier }
      if fitted.smallestExtent <= extent, !isKnown { chosen.append(fitted) }
    }
    self.measures = chosen
    let headline = SSIM().fitted(height: height, width: width)
    headlineMeasure =
      chosen.first { $0.identifier == headline.identifier } ?? chosen.first ?? headline
    omitted = measures.filter { $0.smallestExtent > min(height, width) }.map(\.identifier)
  }

  /// The measure of an identifier.
  /// - Parameter identifier: Such as `ssim.gaussian.min-max.L1`.
  /// - Returns: The measure, or nothing where there is none.
  public static func measure(_ identifier: String) -> (any SimilarityMeasure)? {
    (allMeasures + smallerWindows).first { $0.identifier == identifier }
  }

  /// What takes the place of measures on maps that are too small for their window.
  private static let smallerWindows: [any SimilarityMeasure] = [3, 5, 7, 9].flatMap { extent in
    allMeasures.map { $0.fitted(height: extent, width: extent) }
      .filter { $0.smallestExtent == extent }
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
