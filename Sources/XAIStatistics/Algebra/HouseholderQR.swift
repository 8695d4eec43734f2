/// A tall matrix as Q R by Householder reflections (Golub and Van Loan 2013, algorithm 5.2.1).
public struct HouseholderQR: Sendable {
  /// Mirrors below the diagonal, column by column.
  private var columns: [[Double]]
  /// The first element of each mirror, and what its square length is.
  private var mirrors: [(first: Double, square: Double)] = []
  /// The diagonal of R.
  private var diagonal: [Double] = []
  private let rowCount: Int

  /// Factors a matrix.
  /// - Parameters:
  ///   - matrix: `[n, k]`, n at least k, of independent columns.
  ///   - tolerance: A column of which less than this share of its length is left counts as dependent.
  ///   - task: What it is for, in the words of a failure.
  /// - Throws: `StatisticsFailure` where a column depends on those before it.
  public init(
    _ matrix: Matrix, tolerance: Double = 1e-10, for task: String = "least squares"
  ) throws(StatisticsFailure) {
    guard matrix.rows >= matrix.columns else {
      throw StatisticsFailure(.tooFewRows(found: matrix.rows, needed: matrix.columns), task)
    }
    rowCount = matrix.rows
    columns = (0..<matrix.columns).map(matrix.column)
    for pivot in columns.indices {
      let whole = Self.length(matrix.column(pivot))
      let length = Self.length(Array(columns[pivot][pivot...]))
      guard length > tolerance * whole, length.isFinite else {
        throw StatisticsFailure(.dependentColumn(pivot), task)
      }
      let head = columns[pivot][pivot]
      let value = head > 0 ? -length : length
      columns[pivot][pivot] = head - value
      let tail = Array(columns[pivot][pivot...])
      mirrors.append((head - value, dot(tail, tail)))
      diagonal.append(value)
      for column in pivot + 1..<max(columns.count, pivot + 1) {
        reflect(&columns[column], by: pivot)
      }
    }
  }

  private static func length(_ values: [Double]) -> Double { dot(values, values).squareRoot() }

  private func reflect(_ vector: inout [Double], by pivot: Int) {
    var product = 0.0
    for row in pivot..<rowCount { product += columns[pivot][row] * vector[row] }
    let factor = 2 * product / mirrors[pivot].square
    for row in pivot..<rowCount { vector[row] -= factor * columns[pivot][row] }
  }

  /// Minimizes |A x - b|.
  /// - Parameter values: b, n numbers.
  /// - Returns: x, k numbers.
  public func solve(_ values: [Double]) -> [Double] {
    var target = values
    for pivot in columns.indices { reflect(&target, by: pivot) }
    var solution = Array(target[..<columns.count])
    for row in solution.indices.reversed() {
      for column in row + 1..<max(columns.count, row + 1) {
        solution[row] -= columns[column][row] * solution[column]
      }
      solution[row] /= diagonal[row]
    }
    return solution
  }

  /// The diagonal of (A^T A)^-1, which variances of coefficients are made of.
  public var inverseDiagonal: [Double] {
    // Row i of R^-1 solves R^T y = e_i.
    let size = columns.count
    var sums = Array(repeating: 0.0, count: size)
    for unit in 0..<size {
      var solution = Array(repeating: 0.0, count: size)
      for row in unit..<size {
        var sum = row == unit ? 1.0 : 0
        for column in unit..<row { sum -= columns[row][column] * solution[column] }
        solution[row] = sum / diagonal[row]
      }
      sums[unit] = dot(solution, solution)
    }
    return sums
  }

  /// The orthonormal columns of Q, `[n, k]`.
  public var orthonormal: Matrix {
    var result = Matrix(rows: rowCount, columns: columns.count)
    for column in columns.indices {
      var vector = Array(repeating: 0.0, count: rowCount)
      vector[column] = 1
      for pivot in columns.indices.reversed() { reflect(&vector, by: pivot) }
      // Signs of R's diagonal belong to Q, so that it is unique.
      let sign = diagonal[column] < 0 ? -1.0 : 1
      for row in 0..<rowCount { result[row, column] = sign * vector[row] }
    }
    return result
  }
}
