public import XAIStatistics
public import XAITensor

/// Which penalty predicts best what was left out: folds over a grid, row i in fold i mod folds.
public enum ProbePenalty {
  /// Powers of ten from 10^-4 to 1.
  public static let grid = [1e-4, 1e-3, 1e-2, 1e-1, 1]

  /// Chooses a penalty for a class.
  /// - Parameters:
  ///   - rows: Training rows `[n, ...]`.
  ///   - labels: Their classes.
  ///   - classes: The number of classes.
  ///   - grid: What is tried.
  ///   - folds: The number of folds.
  /// - Returns: The penalty of most right answers, the largest one where equal.
  /// - Throws: `StatisticsFailure` where a fold cannot be fitted.
  public static func chosen(
    _ rows: Tensor, labels: [Int], classes: Int, from grid: [Double] = grid, folds: Int = 5
  ) throws(StatisticsFailure) -> Double {
    try best(grid, rows, folds) { (features, train, test, penalty) throws(StatisticsFailure) in
      let probe = try ClassProbe(
        features, labels: train.map { labels[$0] }, classes: classes, penalty: penalty)
      return Double(zip(probe.predicted, test).count { $0 == labels[$1] })
    }
  }

  /// Chooses a penalty for a number.
  /// - Parameters:
  ///   - rows: Training rows `[n, ...]`.
  ///   - values: Their numbers.
  ///   - grid: What is tried.
  ///   - folds: The number of folds.
  /// - Returns: The penalty of the least squared error, the largest one where equal.
  /// - Throws: `StatisticsFailure` where a fold cannot be fitted.
  public static func chosen(
    _ rows: Tensor, values: [Double], from grid: [Double] = grid, folds: Int = 5
  ) throws(StatisticsFailure) -> Double {
    try best(grid, rows, folds) { (features, train, test, penalty) throws(StatisticsFailure) in
      let probe = try ValueProbe(
        features, values: train.map { values[$0] }, penalty: penalty)
      return -zip(probe.predicted, test).reduce(0) {
        $0 + ($1.0 - values[$1.1]) * ($1.0 - values[$1.1])
      }
    }
  }

  private static func best(
    _ grid: [Double], _ rows: Tensor, _ folds: Int,
    _ score: (ProbeFeatures, [Int], [Int], Double) throws(StatisticsFailure) -> Double
  ) throws(StatisticsFailure) -> Double {
    precondition(!grid.isEmpty, "no penalty to choose from")
    var totals = grid.map { _ in 0.0 }
    for fold in 0..<folds {
      let train = (0..<rows.rows).filter { $0 % folds != fold }
      let test = (0..<rows.rows).filter { $0 % folds == fold }
      guard !train.isEmpty, !test.isEmpty else { continue }
      let features = try ProbeFeatures(training: rows.rows(at: train), test: rows.rows(at: test))
      for (index, penalty) in grid.enumerated() {
        totals[index] += try score(features, train, test, penalty)
      }
    }
    let most = totals.max() ?? 0
    return zip(grid, totals).filter { $0.1 == most }.map(\.0).max() ?? grid[0]
  }
}
