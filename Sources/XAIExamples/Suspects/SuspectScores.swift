public import XAIStatistics
public import XAITensor

/// Numbers that single out training images that are hard or mislabeled; larger is more suspicious.
public enum SuspectScores {
  /// The cross-entropy of each image.
  /// - Parameters:
  ///   - logits: `[n, classes]`.
  ///   - labels: The class of each image.
  /// - Returns: One for each image.
  public static func losses(_ logits: Tensor, _ labels: [Int]) -> [Double] {
    labels.enumerated().map { logits.logits($0).crossEntropy($1) }
  }

  /// The logit of the label less the largest other one; small is suspicious.
  /// - Parameters:
  ///   - logits: `[n, classes]`.
  ///   - labels: The class of each image.
  /// - Returns: One for each image.
  public static func margins(_ logits: Tensor, _ labels: [Int]) -> [Double] {
    labels.enumerated().map { logits.logits($0).margin(of: $1) }
  }

  /// The share of an image's nearest others that have another label.
  /// - Parameters:
  ///   - features: `[n, ...]`.
  ///   - labels: The class of each image.
  ///   - count: k; 10 of the semantics.
  ///   - distance: How distance is measured.
  /// - Returns: From 0 to 1; nil where there is no other image.
  /// - Throws: `ExampleFailure` where there are other labels than images.
  public static func disagreement(
    _ features: Tensor, _ labels: [Int], count: Int = 10,
    _ distance: FeatureNeighbors.Distance = .cosine
  ) throws(ExampleFailure) -> [Double?] {
    guard features.rows == labels.count else {
      throw ExampleFailure(
        .shape(of: "the labels", found: [labels.count], expected: "[\(features.rows)]"))
    }
    let found = try FeatureNeighbors(
      of: features, among: features, distance, count: count,
      excluding: labels.indices.map { [$0] })
    return found.neighbors.enumerated().map { row, neighbors in
      guard !neighbors.isEmpty else { return nil }
      let others = neighbors.count { labels[$0] != labels[row] }
      return Double(others) / Double(neighbors.count)
    }
  }

  /// The mean margin over epochs, AUM; small is suspicious.
  ///
  /// Source: Pleiss et al. 2020.
  /// - Parameter margins: `[epochs][images]`.
  /// - Returns: One for each image.
  public static func areaUnderMargin(_ margins: [[Double]]) -> [Double] {
    guard let first = margins.first else { return [] }
    return first.indices.map { image in
      margins.reduce(0.0) { $0 + $1[image] } / Double(margins.count)
    }
  }

  /// How often an image that was right became wrong from one epoch to the next.
  ///
  /// Source: Toneva et al. 2019.
  /// - Parameter margins: `[epochs][images]`; an image is right where its margin is positive.
  /// - Returns: One for each image; nil where it was never right.
  public static func forgettingEvents(_ margins: [[Double]]) -> [Int?] {
    guard let first = margins.first else { return [] }
    return first.indices.map { image in
      let isRight = margins.map { $0[image] > 0 }
      guard isRight.contains(true) else { return nil }
      return zip(isRight, isRight.dropFirst()).count { $0 && !$1 }
    }
  }

  /// Shares proportional to the exponentials of logits.
  /// - Parameter logits: One for each class.
  /// - Returns: Probabilities.
  public static func probabilities(_ logits: [Double]) -> [Double] { logits.softmax }

  /// Counts of labels and confident answers: off the diagonal are suspects.
  ///
  /// Source: Northcutt et al. 2021.
  /// The threshold of class j is the mean probability of j over its images.
  /// - Parameters:
  ///   - probabilities: `[n, classes]`.
  ///   - labels: The class of each image.
  /// - Returns: `[label][confident answer]`, and the confident answer of each image, nil where none is.
  public static func confidentJoint(
    _ probabilities: Matrix, _ labels: [Int]
  ) -> (counts: [[Int]], answers: [Int?]) {
    let classes = probabilities.columns
    let thresholds = (0..<classes).map { index -> Double in
      let own = labels.indices.filter { labels[$0] == index }
      guard !own.isEmpty else { return .infinity }
      return own.reduce(0.0) { $0 + probabilities[$1, index] } / Double(own.count)
    }
    var counts = Array(repeating: Array(repeating: 0, count: classes), count: classes)
    let answers = labels.indices.map { row -> Int? in
      let above = (0..<classes).filter { probabilities[row, $0] >= thresholds[$0] }
      let answer = above.max {
        (probabilities[row, $0], $1) < (probabilities[row, $1], $0)
      }
      if let answer { counts[labels[row]][answer] += 1 }
      return answer
    }
    return (counts, answers)
  }
}
