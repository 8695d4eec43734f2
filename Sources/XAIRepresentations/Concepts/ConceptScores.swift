public import XAIStatistics

/// What one run says about one class: how its images respond to a step along the concept's vector.
public struct ConceptScores: Sendable, Equatable, Codable {
  /// Gradient times vector, one for each class image.
  public let sensitivities: [Double]
  /// The share of class images with a positive sensitivity.
  ///
  /// Kim et al. 2018, equation 2.
  public let score: Double
  /// The sum of positive sensitivities / the sum of magnitudes (Captum's magnitude); nil where all are 0.
  public let magnitude: Double?
  /// The mean cosine of gradient and vector; a gradient of 0 counts 0.
  ///
  /// It tells concepts apart where the score saturates: gradients within a class are nearly parallel.
  public let cosine: Double
  /// The share of class images with a sensitivity of exactly 0: dead paths, which count as not positive.
  public let zeroShare: Double

  /// Summarizes sensitivities.
  /// - Parameters:
  ///   - sensitivities: One for each class image, at least one.
  ///   - lengths: The length of each gradient.
  public init(_ sensitivities: [Double], gradientLengths lengths: [Double]) {
    precondition(
      !sensitivities.isEmpty && sensitivities.count == lengths.count, "no gradient for a number")
    self.sensitivities = sensitivities
    let count = Double(sensitivities.count)
    score = Double(sensitivities.count { $0 > 0 }) / count
    let total = sensitivities.reduce(0) { $0 + abs($1) }
    magnitude = total > 0 ? sensitivities.reduce(0) { $0 + max($1, 0) } / total : nil
    cosine =
      zip(sensitivities, lengths).reduce(0) { $0 + ($1.1 > 0 ? $1.0 / $1.1 : 0) } / count
    zeroShare = Double(sensitivities.count { $0 == 0 }) / count
  }
}

extension ConceptProducts {
  /// What every run says about classes.
  /// - Parameters:
  ///   - classes: The gradients of each class among those of the negatives.
  ///   - kind: How vectors are found.
  ///   - penalty: Of their weights.
  /// - Returns: For each class, one for each run.
  /// - Throws: `StatisticsFailure` where the rows of a run do not differ.
  public func scores(
    of classes: [Range<Int>], kind: ConceptVector.Kind = .logistic,
    penalty: Double = BinaryLogistic.defaultPenalty
  ) throws(StatisticsFailure) -> [[ConceptScores]] {
    var scores = classes.map { _ in [ConceptScores]() }
    for run in 0..<runs {
      let vector = try vector(run: run, kind: kind, penalty: penalty)
      let all = sensitivities(of: vector, run: run)
      for (index, range) in classes.enumerated() {
        scores[index].append(
          ConceptScores(
            Array(all[range]), gradientLengths: Array(gradientLengths[range])))
      }
    }
    return scores
  }
}
