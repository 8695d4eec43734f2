/// Least squares with an intercept, and how sure its coefficients are.
public struct LinearRegression: Sendable {
  /// What is known of one coefficient.
  public struct Coefficient: Sendable, Equatable {
    /// Its value.
    public let value: Double
    /// Its standard error, the root of s^2 (X^T X)^-1; nil where there are no more rows than coefficients.
    public let standardError: Double?
    /// Value / standard error; nil where that is undefined.
    public let t: Double?
    /// The two-sided probability of such a t if the coefficient were 0.
    public let p: Double?
  }

  /// The intercept, then one for each column.
  public let coefficients: [Coefficient]

  /// Fits values.
  /// - Parameters:
  ///   - rows: One array of k numbers for each row.
  ///   - values: What is explained.
  ///   - task: What it is for, in the words of a failure.
  /// - Throws: `StatisticsFailure`; a dependent column is numbered from 0, without the intercept.
  public init(
    _ rows: [[Double]], _ values: [Double], for task: String = "linear regression"
  ) throws(StatisticsFailure) {
    precondition(rows.count == values.count, "\(rows.count) rows, \(values.count) values")
    let width = rows.first?.count ?? 0
    guard (rows.joined() + values).allSatisfy(\.isFinite) else {
      throw StatisticsFailure(.notFinite, task)
    }
    let design = Matrix(rows: rows.count, columns: width + 1) {
      $1 == 0 ? 1 : rows[$0][$1 - 1]
    }
    let factors: HouseholderQR
    do {
      factors = try HouseholderQR(design, for: task)
    } catch {
      guard case .dependentColumn(let column) = error.code, column > 0 else { throw error }
      throw StatisticsFailure(.dependentColumn(column - 1), task)
    }
    let solution = factors.solve(values)
    let residual = zip(rows, values).reduce(0) { sum, row in
      let error = row.1 - Self.value(row.0, solution)
      return sum + error * error
    }
    let degrees = Double(rows.count - width - 1)
    let variances = factors.inverseDiagonal
    coefficients = solution.indices.map { index in
      guard degrees > 0 else {
        return Coefficient(value: solution[index], standardError: nil, t: nil, p: nil)
      }
      let error = (residual / degrees * variances[index]).squareRoot()
      let t = error > 0 ? solution[index] / error : nil
      return Coefficient(
        value: solution[index], standardError: error, t: t,
        p: t.map { StudentDistribution(degreesOfFreedom: degrees).exceedance(abs($0)) })
    }
  }

  /// The value that a row is given.
  /// - Parameter row: k numbers.
  /// - Returns: Intercept and products.
  public func predict(_ row: [Double]) -> Double {
    Self.value(row, coefficients.map(\.value))
  }

  /// What each column is worth in the rows at hand: its coefficient times its standard deviation.
  /// - Parameter rows: Arrays of k numbers.
  /// - Returns: One number for each column.
  public func effects(in rows: [[Double]]) -> [Double] {
    coefficients.dropFirst().enumerated().map { column, coefficient in
      let values = rows.map { $0[column] }
      return coefficient.value
        * (values.squaredDeviations / Double(max(values.count, 1))).squareRoot()
    }
  }

  private static func value(_ row: [Double], _ coefficients: [Double]) -> Double {
    zip(row, coefficients.dropFirst()).reduce(coefficients[0]) { $0 + $1.0 * $1.1 }
  }
}

/// The share of variance that predictions explain: R^2 = 1 - sum (g - f)^2 / sum (f - mean f)^2.
/// - Parameters:
///   - predicted: g.
///   - values: f.
/// - Returns: At most 1, and negative where the mean would do better; nil where all values are equal.
public func shareOfVarianceExplained(_ predicted: [Double], _ values: [Double]) -> Double? {
  precondition(predicted.count == values.count, "\(predicted.count) of \(values.count) values")
  let total = values.squaredDeviations
  guard total > 0 else { return nil }
  return 1 - zip(predicted, values).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / total
}
