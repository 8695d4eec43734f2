public import XAIStatistics

/// The curvature of a dense layer, factored: EK-FAC.
///
/// Sources: George et al. 2018; Grosse et al. 2023.
/// A = E[a a'] with a 1 appended to a, S = E[delta delta'] under the network's own label distribution; the
/// eigenvalues of their product are fitted again, `E[(U_S' delta a' U_A)^2]`, and damped.
///
/// - Note: The empirical Fisher, with the true labels, is another thing and vanishes where the loss is small.
public struct EKFAC: Sendable {
  private let left: Matrix
  private let right: Matrix
  private let values: Matrix
  /// What is added to every eigenvalue.
  public let damping: Double

  /// The last layer, in closed form: `S = E[diag p - p p']`.
  /// - Parameters:
  ///   - features: `[n, d + 1]`, the last column 1.
  ///   - probabilities: `[n, classes]`.
  ///   - damping: What is added to eigenvalues; a tenth of their mean where it is nil.
  /// - Throws: `StatisticsFailure` where a number is not finite.
  public init(
    features: Matrix, probabilities: Matrix, damping: Double? = nil
  ) throws(StatisticsFailure) {
    let (count, classes) = (Double(features.rows), probabilities.columns)
    var covariance = Matrix(rows: classes, columns: classes)
    for row in 0..<probabilities.rows {
      let shares = probabilities.row(row)
      for first in 0..<classes {
        covariance[first, first] += shares[first] / count
        for second in 0..<classes {
          covariance[first, second] -= shares[first] * shares[second] / count
        }
      }
    }
    let rotation = try SymmetricEigen(covariance, for: "EK-FAC of errors").vectors
    let squares = Matrix(rows: probabilities.rows, columns: classes) { row, column in
      var (mean, square) = (0.0, 0.0)
      for index in 0..<classes {
        let (share, entry) = (probabilities[row, index], rotation[index, column])
        mean += share * entry
        square += share * entry * entry
      }
      return square - mean * mean
    }
    try self.init(features, rotation: rotation, squares: squares, damping)
  }

  /// Any dense layer.
  /// - Parameters:
  ///   - features: `[n, d + 1]`, the last column 1.
  ///   - errors: `[n, outputs]`: derivatives of the loss by the layer's outputs, of labels drawn from the network's
  ///     own answers.
  ///   - damping: What is added to eigenvalues; a tenth of their mean where it is nil.
  /// - Throws: `StatisticsFailure` where a number is not finite.
  public init(
    features: Matrix, errors: Matrix, damping: Double? = nil
  ) throws(StatisticsFailure) {
    let covariance = Self.secondMoments(errors)
    let rotation = try SymmetricEigen(covariance, for: "EK-FAC of errors").vectors
    var squares = errors * rotation
    for index in squares.elements.indices { squares.elements[index] *= squares.elements[index] }
    try self.init(features, rotation: rotation, squares: squares, damping)
  }

  private init(
    _ features: Matrix, rotation: Matrix, squares: Matrix, _ damping: Double?
  ) throws(StatisticsFailure) {
    left = rotation
    right = try SymmetricEigen(Self.secondMoments(features), for: "EK-FAC of inputs").vectors
    var rotated = features * right
    for index in rotated.elements.indices { rotated.elements[index] *= rotated.elements[index] }
    var values = squares.transposed * rotated
    for index in values.elements.indices { values.elements[index] /= Double(features.rows) }
    let mean = values.elements.reduce(0, +) / Double(max(values.elements.count, 1))
    self.damping = damping ?? mean / 10
    for index in values.elements.indices { values.elements[index] += self.damping }
    self.values = values
  }

  private static func secondMoments(_ rows: Matrix) -> Matrix {
    var moments = rows.transposed * rows
    for index in moments.elements.indices { moments.elements[index] /= Double(rows.rows) }
    return moments
  }

  /// The inverse of the curvature times a gradient: rotate, divide, rotate back.
  /// - Parameter gradient: `[outputs, d + 1]`.
  /// - Returns: The same shape.
  public func inverse(_ gradient: Matrix) -> Matrix {
    var rotated = left.transposed * gradient * right
    for index in rotated.elements.indices { rotated.elements[index] /= values.elements[index] }
    return left * rotated * right.transposed
  }

  /// `g . H^-1 g` of a gradient that is one product, `g = e h'`: no matrix of its size is made.
  /// - Parameters:
  ///   - errors: e, one for each output.
  ///   - features: h, its 1 last.
  /// - Returns: At least 0.
  public func square(errors: [Double], features: [Double]) -> Double {
    let rows = left.transposed * errors
    let columns = right.transposed * features
    var sum = 0.0
    for (row, error) in rows.enumerated() {
      var part = 0.0
      for (column, feature) in columns.enumerated() {
        part += feature * feature / values[row, column]
      }
      sum += error * error * part
    }
    return sum
  }
}
