#if canImport(Glibc)
  import Glibc
#endif

/// A symmetric positive definite matrix as L L^T (Golub and Van Loan 2013, algorithm 4.2.1).
public struct Cholesky: Sendable {
  private let lower: Matrix

  /// Factors a matrix.
  /// - Parameters:
  ///   - matrix: Symmetric; its lower triangle is read.
  ///   - task: What it is for, in the words of a failure.
  /// - Throws: `StatisticsFailure` where it is not positive definite.
  public init(_ matrix: Matrix, for task: String = "a system of equations")
    throws(StatisticsFailure)
  {
    precondition(matrix.rows == matrix.columns, "\(matrix.rows) x \(matrix.columns) has no root")
    var lower = matrix
    let size = matrix.rows
    var failed: Int?
    lower.elements.withUnsafeMutableBufferPointer { elements in
      for row in 0..<size {
        for column in 0...row {
          var sum = elements[row * size + column]
          for index in 0..<column {
            sum -= elements[row * size + index] * elements[column * size + index]
          }
          if row == column {
            guard sum > 0, sum.isFinite else {
              failed = row
              return
            }
            elements[row * size + row] = sum.squareRoot()
          } else {
            elements[row * size + column] = sum / elements[column * size + column]
          }
        }
      }
    }
    if let failed { throw StatisticsFailure(.notPositiveDefinite(row: failed), task) }
    self.lower = lower
  }

  /// The logarithm of the matrix's determinant.
  public var logDeterminant: Double { 2 * lower.diagonal.reduce(0) { $0 + log($1) } }

  /// Solves A x = b.
  /// - Parameter values: b.
  /// - Returns: x.
  public func solve(_ values: [Double]) -> [Double] {
    let size = lower.rows
    var solution = values
    lower.elements.withUnsafeBufferPointer { lower in
      for row in 0..<size {
        var sum = solution[row]
        for index in 0..<row { sum -= lower[row * size + index] * solution[index] }
        solution[row] = sum / lower[row * size + row]
      }
      for row in stride(from: size - 1, through: 0, by: -1) {
        let value = solution[row] / lower[row * size + row]
        solution[row] = value
        for index in 0..<row { solution[index] -= lower[row * size + index] * value }
      }
    }
    return solution
  }
}
