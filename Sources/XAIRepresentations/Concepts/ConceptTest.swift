public import XAIStatistics

/// Whether a concept moves a class more than random images do.
///
/// The rank of |mean cosine over runs and class images| among those of random concepts in the concept's place. If
/// the concept were drawn like the random ones it would be exchangeable with them, so that p is exact for any
/// network, class and statistic. Two-sided; the sign is that of the mean cosine.
/// - Note: Deviation from the authors' program, whose t test of the runs' scores calls 36 to 61 % of random concepts
///   significant at 5 %: the runs share the concept's images, and its control scores count each pair twice. It
///   is kept for comparison.
public struct ConceptTest: Sendable, Equatable {
  /// One for each run.
  public let runs: [ConceptScores]
  /// The mean cosine over runs and class images.
  public let cosine: Double
  /// The mean score over runs.
  public let score: Double
  /// The test: by magnitude of the mean cosine.
  public let rank: RankTest
  /// For comparison: by distance of the mean score from 1/2, which saturates.
  public let rankOfScores: RankTest
  /// For comparison: Welch's test of scores and control scores; nil where nothing varies.
  public let welch: TTest?
  /// For comparison: the same with one variance.
  public let pooled: TTest?

  /// Ranks a concept.
  /// - Parameters:
  ///   - runs: What each run says of the concept.
  ///   - controls: The same of each random concept.
  ///   - controlScores: Scores of one random concept for each run, for the t tests.
  public init(
    _ runs: [ConceptScores], controls: [[ConceptScores]], controlScores: [Double] = []
  ) {
    self.runs = runs
    (cosine, score) = (Self.cosine(runs), Self.score(runs))
    rank = RankTest(abs(cosine), among: controls.map { abs(Self.cosine($0)) })
    rankOfScores = RankTest(
      abs(score - 0.5), among: controls.map { abs(Self.score($0) - 0.5) })
    welch = TTest.welch(runs.map(\.score), controlScores)
    pooled = TTest.pooled(runs.map(\.score), controlScores)
  }

  private static func cosine(_ runs: [ConceptScores]) -> Double { runs.map(\.cosine).mean }
  private static func score(_ runs: [ConceptScores]) -> Double { runs.map(\.score).mean }

  /// Refuses so few random concepts that nothing can be significant.
  /// - Parameters:
  ///   - controls: The number of random concepts.
  ///   - tests: The number of tests that are adjusted together.
  /// - Throws: `RepresentationFailure`, which says how many are needed.
  public static func require(controls: Int, tests: Int) throws(RepresentationFailure) {
    let needed = RankTest.fewestControls(tests: tests)
    guard controls >= needed else {
      throw RepresentationFailure(
        .neverSignificant(controls: controls, tests: tests, needed: needed))
    }
  }

  /// How many random concepts are drawn unless it is said: max(99, 20 tests - 1).
  /// - Parameter tests: The number of tests that are adjusted together.
  /// - Returns: The number.
  public static func defaultControls(tests: Int) -> Int {
    max(99, RankTest.fewestControls(tests: tests))
  }
}

/// What may be said of a concept and a class.
public enum ConceptVerdict: String, Sendable, Codable {
  /// The class depends on it more than on random images, and the layer tells it from them.
  case used
  /// It does not beat random images.
  case notShown = "not shown"
  /// The layer does not tell it from random images: the direction is noise, whatever its score.
  case notLearnable = "not learnable"

  /// Judges.
  /// - Parameters:
  ///   - adjustedP: p of the rank test, adjusted over all tests of the command.
  ///   - accuracy: Cross-fitted accuracy, averaged over runs.
  ///   - rows: The rows of a run, both sets together.
  ///   - level: The level of both tests.
  public init(adjustedP: Double, accuracy: Double, rows: Int, level: Double = 0.05) {
    let right = Int((accuracy * Double(rows) + 1e-9).rounded(.down))
    if CountTests.binomial(atLeast: right, of: rows, chance: 0.5) > level {
      self = .notLearnable
    } else {
      self = adjustedP <= level ? .used : .notShown
    }
  }
}
