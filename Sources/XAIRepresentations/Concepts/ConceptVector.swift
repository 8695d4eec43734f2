public import XAIStatistics
public import XAITensor

/// A direction in a layer that tells a concept's images from others, in the span of its rows.
///
/// Kim et al. 2018.
///
/// Rows are centered by their mean and divided by one number s, the root of the mean square length of the
/// centered rows: the direction is not bent, and the penalty means the same in every layer.
/// - Note: Deviation from the authors' program and Captum, which stop stochastic descent of an unscaled hinge
///   loss after some steps: their vectors differ from run to run. This one is the optimum of a strictly convex
///   problem, one answer for every solver.
public struct ConceptVector: Sendable, Equatable {
  /// How the direction is found.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// Logistic regression at its optimum.
    case logistic
    /// The mean of the concept less that of the others (Pahde et al. 2022): distractors that both sets share are not
    /// cancelled by it, as a classifier's weights cancel them (Haufe et al. 2014).
    case meanDifference = "mean-difference"
    /// Ridge regression of +1 and -1.
    case ridge
  }

  /// a: the vector is sum a_i x'_i over the centered and scaled rows, the concept's first.
  public let coefficients: [Double]
  /// b in scaled features; nil for a mean difference, which decides nothing.
  public let intercept: Double?
  /// |w| in scaled features.
  public let norm: Double
  /// s, the root of the mean square length of the centered rows.
  public let scale: Double
  /// The minimum of the logistic problem; nil for other kinds.
  public let objective: Double?

  /// Finds the direction.
  /// - Parameters:
  ///   - gram: Products of all rows less any common vector, the concept's rows first.
  ///   - positives: The number of the concept's rows.
  ///   - kind: How it is found.
  ///   - penalty: Of its weights.
  /// - Throws: `StatisticsFailure` where all rows are equal or both sets have the same mean.
  public init(
    gram: Matrix, positives: Int, kind: Kind = .logistic,
    penalty: Double = BinaryLogistic.defaultPenalty
  ) throws(StatisticsFailure) {
    let scaled = try ScaledGram(gram, for: Self.task)
    scale = scaled.scale
    let isPositive = (0..<gram.rows).map { $0 < positives }
    switch kind {
    case .logistic:
      let fit = try BinaryLogistic(
        gram: scaled.gram, isPositive: isPositive, penalty: penalty, for: Self.task)
      (coefficients, intercept, objective) = (fit.coefficients, fit.intercept, fit.objective)
      norm = fit.norm
    case .meanDifference:
      let negatives = Double(gram.rows - positives)
      coefficients = isPositive.map { $0 ? 1 / Double(positives) : -1 / negatives }
      (intercept, objective) = (nil, nil)
      norm = max(0, dot(coefficients, scaled.gram * coefficients)).squareRoot()
    case .ridge:
      let fit = try RidgeRegression(
        gram: scaled.gram, values: isPositive.map { $0 ? 1 : -1 }, penalty: penalty,
        for: Self.task)
      (coefficients, intercept, objective) = (fit.coefficients, fit.intercept, nil)
      norm = max(0, dot(coefficients, scaled.gram * coefficients)).squareRoot()
    }
    guard norm > 0 else { throw StatisticsFailure(.constantRows, Self.task) }
  }

  private static let task = "a concept vector"

  /// The unit vector itself.
  /// - Parameter rows: All rows, the concept's first, `[n, ...]`.
  /// - Returns: One number for each feature, of length 1.
  public func direction(of rows: Tensor) -> [Double] {
    // The coefficients of any kind sum to 0, so that the rows' mean drops out; it is subtracted all the
    // same, because large equal parts would cost digits.
    let sums = GramProducts.combinations(
      Matrix(rows: rows.rows, columns: 1, coefficients), of: rows,
      minus: GramProducts.mean(rows)
    ).elements
    let length = dot(sums, sums).squareRoot()
    return sums.map { $0 / length }
  }

  /// The unit vector times other vectors.
  /// - Parameter products: Products of the rows, less any common vector, with those, `[n, K]`.
  /// - Returns: K numbers.
  func products(with products: Matrix) -> [Double] {
    let means = (0..<products.columns).map { products.column($0).mean }
    return (0..<products.columns).map { column in
      let sum = (0..<products.rows).reduce(0.0) {
        $0 + coefficients[$1] * (products[$1, column] - means[column])
      }
      return sum / (scale * norm)
    }
  }

  /// Margins of rows by vectors that did not see them: row i of a set is in fold i mod folds.
  /// - Parameters:
  ///   - gram: Products of all rows less any common vector, the concept's rows first.
  ///   - positives: The number of the concept's rows.
  ///   - folds: The number of folds.
  ///   - penalty: Of the weights.
  /// - Returns: w . x' + b of each row.
  /// - Throws: `StatisticsFailure` where the rows of a fold do not differ.
  static func crossFittedMargins(
    gram: Matrix, positives: Int, folds: Int, penalty: Double
  ) throws(StatisticsFailure) -> [Double] {
    var margins = [Double](repeating: 0, count: gram.rows)
    let fold = (0..<gram.rows).map { ($0 < positives ? $0 : $0 - positives) % folds }
    for left in 0..<folds {
      let train = gram.rowIndices.filter { fold[$0] != left }
      let test = gram.rowIndices.filter { fold[$0] == left }
      let scaled = try ScaledGram(gram.part(rows: train, columns: train), for: task)
      let fit = try BinaryLogistic(
        gram: scaled.gram, isPositive: train.map { $0 < positives }, penalty: penalty, for: task)
      let cross = scaled.scaled(gram.part(rows: test, columns: train))
      for (row, output) in zip(test, cross * fit.coefficients) {
        margins[row] = output + fit.intercept
      }
    }
    return margins
  }
}

extension Matrix {
  var rowIndices: Range<Int> { 0..<rows }
}
