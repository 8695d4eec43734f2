#if canImport(Glibc)
  import Glibc
#endif

/// A median over images with an interval between order statistics: for measures with heavy tails, such as the
/// maximal sensitivity, whose mean is that of one image.
///
/// The interval asks nothing of the distribution: as many images lie below the median as heads fall of as many
/// coins (Conover 1999, Practical Nonparametric Statistics, 3.2). It is conservative.
public struct MedianScore: Sendable, Equatable {
  /// On how many images it stands.
  public let count: Int
  /// The median; between the two middle scores where their number is even.
  public let median: Double
  /// The ends of the interval; `nil` where so few images have none, fewer than 6 for 95 %.
  public let interval: ClosedRange<Double>?

  /// Summarizes scores of images; `nil` without scores.
  /// - Parameters:
  ///   - scores: One for each image.
  ///   - confidence: The least coverage of the interval.
  init?(_ scores: [Double], confidence: Double = 0.95) {
    guard !scores.isEmpty else { return nil }
    let sorted = scores.sorted()
    count = sorted.count
    median = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
    let cut = Self.cut(count, (1 - confidence) / 2)
    interval = cut > 0 ? sorted[cut - 1]...sorted[count - cut] : nil
  }

  /// The greatest k for which fewer than k heads of so many coins are as unlikely as a probability.
  private static func cut(_ count: Int, _ probability: Double) -> Int {
    // Logarithms: of a thousand coins the first term is no number any more.
    var term = Double(count) * log(0.5)
    var (sum, cut) = (0.0, 0)
    while cut <= count / 2 {
      sum += exp(term)
      if sum > probability { return cut }
      cut += 1
      term += log(Double(count - cut + 1)) - log(Double(cut))
    }
    return 0
  }
}

extension ScoreTable {
  /// The median over the images on which a score is defined, with its 95 % interval.
  /// - Parameters:
  ///   - method: The method.
  ///   - measure: The measure.
  /// - Returns: The median; `nil` where no image has a score.
  public func median(_ method: Int, _ measure: Int) -> MedianScore? {
    MedianScore(defined(method, measure).map(\.score))
  }
}
