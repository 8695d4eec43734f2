import XAIMetrics

#if canImport(Glibc)
  import Glibc
#endif

/// How scores of images become one.
public enum ScoreStatistic: String, Codable, Sendable {
  /// The mean, with its interval by Student's t.
  case mean
  /// The median, with an interval between order statistics: for measures with heavy tails, such as the maximal
  /// sensitivity, whose mean is that of one image.
  case median
}

/// The center of scores over images, with the interval that other images would give.
public struct CentralScore: Sendable, Equatable {
  /// On how many images it stands.
  public let count: Int
  /// The mean or the median; the latter lies between the two middle scores where their number is even.
  public let value: Double
  /// The ends of the 95 % interval; `nil` where so few images have none: one for a mean, fewer than 6 for a median.
  public let interval: ClosedRange<Double>?

  /// Summarizes scores of images; `nil` without scores.
  init?(_ scores: [(image: Int, score: Double)], by statistic: ScoreStatistic) {
    switch statistic {
    case .mean: self.init(meanOf: scores)
    case .median: self.init(medianOf: scores.map(\.score))
    }
  }

  private init?(meanOf scores: [(image: Int, score: Double)], confidence: Double = 0.95) {
    guard !scores.isEmpty else { return nil }
    let mean = CrossedMean(
      scores.map { CrossedMean.Value(image: $0.image, draw: 0, value: $0.score) },
      confidence: confidence, scale: -.infinity...(.infinity))
    (count, value) = (mean.count, mean.mean)
    interval = scores.count > 1 ? mean.lower...mean.upper : nil
  }

  /// The median, with an interval that asks nothing of the distribution.
  ///
  /// As many images lie below the median as heads fall of as many coins (Conover 1999, Practical Nonparametric
  /// Statistics, 3.2). It is conservative.
  private init?(medianOf scores: [Double], confidence: Double = 0.95) {
    guard !scores.isEmpty else { return nil }
    let sorted = scores.sorted()
    count = sorted.count
    value = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
    let cut = Self.cut(count, (1 - confidence) / 2)
    interval = cut > 0 ? sorted[cut - 1]...sorted[count - cut] : nil
  }

  /// Whether the interval holds 0: a gain that may be none.
  public var mayBeZero: Bool { interval?.contains(0) ?? true }

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
