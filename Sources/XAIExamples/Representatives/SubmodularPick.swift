public import XAIStatistics

/// A few explanations that cover what all of them rely on (Ribeiro, Singh and Guestrin 2016, section 4, SP-LIME).
///
///     I_j = sqrt(sum_i |W_ij|),   c(V) = sum_j I_j [some i in V has W_ij != 0]
///
/// Greedy, within 1 - 1/e of the best. Columns must mean the same in every row.
///
/// - Note: Deviation from lime, which adds the values of several labels with their signs, prefers the last of equal
///   rows and goes on picking when nothing is left to cover: equal rows by index, and it ends there.
public struct SubmodularPick: Sendable, Equatable {
  /// I.
  public let importance: [Double]
  /// Rows in the order picked.
  public let picks: [Int]
  /// c after every pick.
  public let values: [Double]
  /// How many columns the picks cover.
  public let covered: Int

  /// Picks rows.
  /// - Parameters:
  ///   - explanations: W, `[n, columns]`.
  ///   - count: The most rows.
  ///   - floor: Entries below this share of a row's largest are 0 first, else every row covers every column.
  public init(_ explanations: Matrix, count: Int, floor: Double = 0) {
    let (rows, columns) = (explanations.rows, explanations.columns)
    var magnitudes = explanations
    for row in 0..<rows {
      let limit = floor * (explanations.row(row).map(abs).max() ?? 0)
      for column in 0..<columns {
        let magnitude = abs(explanations[row, column])
        magnitudes[row, column] = magnitude < limit ? 0 : magnitude
      }
    }
    let importance = (0..<columns).map { magnitudes.column($0).reduce(0, +).squareRoot() }
    var isCovered = Array(repeating: false, count: columns)
    var (picks, values) = ([Int](), [Double]())
    var value = 0.0
    while picks.count < count {
      var best: (row: Int, gain: Double)?
      for row in 0..<rows where !picks.contains(row) {
        var gain = 0.0
        for column in 0..<columns where !isCovered[column] && magnitudes[row, column] > 0 {
          gain += importance[column]
        }
        if gain > (best?.gain ?? 0) { best = (row, gain) }
      }
      guard let best else { break }
      value += best.gain
      for column in 0..<columns where magnitudes[best.row, column] > 0 { isCovered[column] = true }
      picks.append(best.row)
      values.append(value)
    }
    (self.importance, self.picks, self.values) = (importance, picks, values)
    covered = isCovered.count { $0 }
  }

  /// c of any rows, such as random ones, under an importance.
  /// - Parameters:
  ///   - rows: Which rows.
  ///   - explanations: W.
  ///   - importance: I.
  /// - Returns: What they cover.
  public static func coverage(
    of rows: [Int], _ explanations: Matrix, importance: [Double]
  ) -> Double {
    importance.indices.reduce(0.0) { sum, column in
      rows.contains { explanations[$0, column] != 0 } ? sum + importance[column] : sum
    }
  }
}
