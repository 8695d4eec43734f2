public import XAIStatistics

/// A linear model of a layer that predicts a class: softmax regression at its optimum (Alain and Bengio 2016).
public struct ClassProbe: Sendable {
  /// The optimum, in the span of the training rows.
  public let regression: SoftmaxRegression
  /// Probabilities of each test row, `[m, classes]`.
  public let probabilities: Matrix
  /// The class of each test row: the most probable, the first one where equal.
  public let predicted: [Int]

  /// Fits a probe.
  /// - Parameters:
  ///   - features: Training and test rows.
  ///   - labels: A class for each training row.
  ///   - classes: The number of classes.
  ///   - penalty: lambda.
  ///   - task: What it is for, in the words of a failure.
  /// - Throws: `StatisticsFailure` where training has one class only.
  public init(
    _ features: ProbeFeatures, labels: [Int], classes: Int,
    penalty: Double = BinaryLogistic.defaultPenalty, for task: String = "a probe"
  ) throws(StatisticsFailure) {
    guard Set(labels).count > 1 else { throw StatisticsFailure(.oneValue, task) }
    regression = try SoftmaxRegression(
      gram: features.gram, labels: labels, classes: classes, penalty: penalty, for: task)
    let outputs = features.cross * regression.coefficients
    var elements: [Double] = []
    for row in 0..<outputs.rows {
      elements += SoftmaxRegression.probabilities(
        zip(outputs.row(row), regression.biases).map { $0 + $1 })
    }
    probabilities = Matrix(rows: outputs.rows, columns: classes, elements)
    predicted = (0..<outputs.rows).map { [probabilities] in
      probabilities.row($0).firstIndexOfLargest
    }
  }

  /// With fewer training rows of a label than this a probe is refused.
  public static let fewestRows = 10

  /// Refuses labels of which there are too few rows to learn from.
  /// - Parameters:
  ///   - labels: A class for each training row.
  ///   - property: What is probed, in the words of the failure.
  /// - Throws: `RepresentationFailure` with the first such label.
  public static func requireRows(
    _ labels: [Int], of property: String
  ) throws(RepresentationFailure) {
    let counts = Dictionary(grouping: labels) { $0 }.mapValues(\.count)
    for (label, count) in counts.sorted(by: { $0.key < $1.key }) where count < fewestRows {
      throw RepresentationFailure(
        .tooFew("training rows of \(property) \(label)", found: count, needed: fewestRows))
    }
  }

  /// The share of test rows that are answered rightly.
  /// - Parameter labels: Their classes.
  /// - Returns: From 0 to 1; nil without rows.
  public func accuracy(_ labels: [Int]) -> Double? { shareEqual(predicted, labels) }
}

/// A linear model of a layer that predicts a number: ridge regression.
public struct ValueProbe: Sendable {
  /// The optimum, in the span of the training rows.
  public let regression: RidgeRegression
  /// The number of each test row.
  public let predicted: [Double]

  /// Fits a probe.
  /// - Parameters:
  ///   - features: Training and test rows.
  ///   - values: A number for each training row.
  ///   - penalty: lambda.
  ///   - task: What it is for, in the words of a failure.
  /// - Throws: `StatisticsFailure` where all values are equal.
  public init(
    _ features: ProbeFeatures, values: [Double], penalty: Double = BinaryLogistic.defaultPenalty,
    for task: String = "a probe"
  ) throws(StatisticsFailure) {
    guard Set(values).count > 1 else { throw StatisticsFailure(.oneValue, task) }
    let regression = try RidgeRegression(
      gram: features.gram, values: values, penalty: penalty, for: task)
    self.regression = regression
    predicted = (features.cross * regression.coefficients).map { $0 + regression.intercept }
  }
}

/// The share of positions at which two lists agree; nil where they are empty.
package func shareEqual(_ left: [Int], _ right: [Int]) -> Double? {
  precondition(left.count == right.count, "\(left.count) with \(right.count)")
  guard !left.isEmpty else { return nil }
  return Double(zip(left, right).count { $0 == $1 }) / Double(left.count)
}

extension [Double] {
  /// The index of the largest element, the first one where equal; NaN is never the largest.
  var firstIndexOfLargest: Int {
    indices.dropFirst().reduce(0) { best, index in
      self[index] > self[best] || self[best].isNaN && !self[index].isNaN ? index : best
    }
  }
}
