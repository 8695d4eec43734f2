/// Linear least squares of few unknowns, in Double.
///
/// By Householder reflections (Golub and Van Loan 2013, algorithm 5.2.1): the condition of the system is
/// not squared, as it is in normal equations.
package enum LeastSquares {
  /// Minimises `sum_r w_r (y_r - x_r c)^2 + penalty |c|^2`.
  /// - Parameters:
  ///   - rows: x, one array of M numbers for each row.
  ///   - values: y.
  ///   - weights: w, none negative.
  ///   - penalty: Of the coefficients.
  /// - Returns: M coefficients, or nothing where the rows do not determine them.
  package static func coefficients(
    _ rows: [[Double]], _ values: [Double], weights: [Double], penalty: Double = 0
  ) -> [Double]? {
    precondition(rows.count == values.count && rows.count == weights.count, "rows do not match")
    guard let unknowns = rows.first?.count else { return nil }
    // Column by column; the values are the last one.
    var columns = (0...unknowns).map { column in
      rows.indices.map { row in
        weights[row].squareRoot() * (column < unknowns ? rows[row][column] : values[row])
      } + (0..<unknowns).map { $0 == column ? penalty.squareRoot() : 0 }
    }
    guard rows.count >= unknowns || penalty > 0 else { return nil }
    for pivot in 0..<unknowns {
      guard reflect(&columns, pivot) else { return nil }
    }
    var solution = Array(repeating: 0.0, count: unknowns)
    for row in stride(from: unknowns - 1, through: 0, by: -1) {
      let known = (row + 1..<max(row + 1, unknowns)).reduce(0) {
        $0 + columns[$1][row] * solution[$1]
      }
      solution[row] = (columns[unknowns][row] - known) / columns[row][row]
    }
    return solution
  }

  /// Minimises `sum_r w_r (y_r - b - x_r c)^2 + penalty |c|^2`; the intercept b bears no penalty.
  /// - Parameters:
  ///   - rows: x.
  ///   - values: y.
  ///   - weights: w, not all 0.
  ///   - penalty: Of the coefficients.
  /// - Returns: Coefficients and intercept, or nothing where the rows do not determine them.
  package static func fit(
    _ rows: [[Double]], _ values: [Double], weights: [Double], penalty: Double = 0
  ) -> (coefficients: [Double], intercept: Double)? {
    let total = weights.reduce(0, +)
    guard let unknowns = rows.first?.count, total > 0 else { return nil }
    func mean(_ value: (Int) -> Double) -> Double {
      rows.indices.reduce(0) { $0 + weights[$1] * value($1) } / total
    }
    let centre = (0..<unknowns).map { column in mean { rows[$0][column] } }
    let level = mean { values[$0] }
    let centred = rows.map { row in zip(row, centre).map { $0 - $1 } }
    guard
      let coefficients = coefficients(
        centred, values.map { $0 - level }, weights: weights, penalty: penalty)
    else { return nil }
    return (coefficients, level - zip(centre, coefficients).reduce(0) { $0 + $1.0 * $1.1 })
  }

  /// Makes a column zero below its diagonal; whether it is independent of those before it.
  private static func reflect(_ columns: inout [[Double]], _ pivot: Int) -> Bool {
    let whole = norm(columns[pivot][...])
    let length = norm(columns[pivot][pivot...])
    guard length > 1e-10 * whole else { return false }
    var mirror = Array(columns[pivot][pivot...])
    mirror[0] += mirror[0] < 0 ? -length : length
    let square = mirror.reduce(0) { $0 + $1 * $1 }
    for column in pivot..<columns.count {
      var product = 0.0
      for index in mirror.indices { product += mirror[index] * columns[column][pivot + index] }
      let factor = 2 * product / square
      for index in mirror.indices { columns[column][pivot + index] -= factor * mirror[index] }
    }
    return true
  }

  private static func norm(_ values: ArraySlice<Double>) -> Double {
    values.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }
}
