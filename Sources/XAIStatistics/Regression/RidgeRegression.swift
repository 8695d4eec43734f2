/// Ridge regression in the span of the rows:
/// `min over w, b   (1/n) |y - X w - b|^2 + lambda |w|^2`, b free, columns of X with the mean 0.
public struct RidgeRegression: Sendable {
  /// a: the weights are sum a_i x_i.
  public let coefficients: [Double]
  /// The mean of the values.
  public let intercept: Double

  /// Solves (G + n lambda I) a = y - mean y.
  /// - Parameters:
  ///   - gram: Products of rows whose mean is 0, `[n, n]`.
  ///   - values: y.
  ///   - penalty: lambda, positive.
  ///   - task: What it is for, in the words of a failure.
  /// - Throws: `StatisticsFailure` where a number is not finite.
  public init(
    gram: Matrix, values: [Double], penalty: Double = BinaryLogistic.defaultPenalty,
    for task: String = "ridge regression"
  ) throws(StatisticsFailure) {
    precondition(penalty > 0, "ridge regression with the penalty \(penalty)")
    guard (gram.elements + values).allSatisfy(\.isFinite) else {
      throw StatisticsFailure(.notFinite, task)
    }
    let mean = values.mean
    var system = gram
    for row in 0..<gram.rows { system[row, row] += Double(gram.rows) * penalty }
    coefficients = try Cholesky(system, for: task).solve(values.map { $0 - mean })
    intercept = mean
  }
}
