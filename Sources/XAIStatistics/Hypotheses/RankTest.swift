/// An exact test: the rank of a statistic among those of controls that would be exchangeable with it if it
/// were one of them.
///
/// p = (1 + number of controls at least as large) / (controls + 1), so that P(p <= a) <= a whatever the
/// statistic and its distribution (Phipson and Smyth 2010). Ties count against what is tested.
public struct RankTest: Sendable, Equatable, Codable {
  /// What is tested; larger is more extreme.
  public let statistic: Double
  /// Its rank as a probability, 1 / (controls + 1) at least.
  public let p: Double
  /// The number of controls.
  public let controls: Int

  /// How much smaller a control may be and still count as a tie: rounding must not decide.
  public static let tieTolerance = 1e-12

  /// Ranks a statistic.
  /// - Parameters:
  ///   - statistic: What is tested.
  ///   - controls: The same of each control.
  public init(_ statistic: Double, among controls: [Double]) {
    self.statistic = statistic
    self.controls = controls.count
    let larger = controls.count { $0 >= statistic - Self.tieTolerance || $0.isNaN }
    p = statistic.isNaN ? 1 : Double(1 + larger) / Double(controls.count + 1)
  }

  /// The fewest controls with which the best of several tests can be significant under Holm.
  /// - Parameters:
  ///   - tests: The number of tests that are adjusted together.
  ///   - level: The level of significance.
  /// - Returns: The number: 19 for one test at 5 %, 39 for two.
  public static func fewestControls(tests: Int, level: Double = 0.05) -> Int {
    Int((Double(max(tests, 1)) / level - 1 - 1e-9).rounded(.up))
  }
}

/// Holm's adjustment of p values that are looked at together (Holm 1979).
public enum Holm {
  /// Adjusts p values: sorted ascending, p'_(i) = max over j <= i of min(1, (m - j + 1) p_(j)).
  /// - Parameter values: p values in any order.
  /// - Returns: The adjusted ones in the same order.
  public static func adjusted(_ values: [Double]) -> [Double] {
    var adjusted = values
    var largest = 0.0
    for (position, index) in values.indices.sorted(by: { (values[$0], $0) < (values[$1], $1) })
      .enumerated()
    {
      largest = max(largest, min(1, Double(values.count - position) * values[index]))
      adjusted[index] = largest
    }
    return adjusted
  }
}
