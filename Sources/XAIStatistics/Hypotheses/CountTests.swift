#if canImport(Glibc)
  import Glibc
#endif

/// Exact tests of counts, by logarithms of factorials.
public enum CountTests {
  /// The probability of at least so many successes.
  /// - Parameters:
  ///   - successes: The number observed.
  ///   - trials: The number of trials.
  ///   - chance: The probability of a success.
  /// - Returns: The upper tail of the binomial distribution.
  public static func binomial(atLeast successes: Int, of trials: Int, chance: Double) -> Double {
    guard successes > 0 else { return 1 }
    guard successes <= trials, chance > 0 else { return 0 }
    guard chance < 1 else { return 1 }
    let factorials = logFactorials(trials)
    let tail = (successes...trials).reduce(0.0) { sum, count in
      sum
        + exp(
          factorials[trials] - factorials[count] - factorials[trials - count]
            + Double(count) * log(chance) + Double(trials - count) * log1p(-chance))
    }
    return min(1, tail)
  }

  /// McNemar's test of two classifiers on the same rows, exact and two-sided (McNemar 1947).
  /// - Parameters:
  ///   - first: Rows that the first alone answers rightly.
  ///   - second: Rows that the second alone answers rightly.
  /// - Returns: The probability of a difference at least as large if both were equally good.
  public static func mcNemar(_ first: Int, _ second: Int) -> Double {
    guard first != second else { return 1 }
    return min(1, 2 * binomial(atLeast: max(first, second), of: first + second, chance: 0.5))
  }

  /// The interval of a share (Wilson 1927).
  /// - Parameters:
  ///   - successes: The number of successes.
  ///   - trials: The number of trials, at least 1.
  ///   - z: The normal quantile; 1.96 for 95 %.
  /// - Returns: The interval, within 0 to 1.
  public static func wilson(
    _ successes: Int, of trials: Int, z: Double = 1.959963984540054
  ) -> ClosedRange<Double> {
    precondition(trials > 0 && 0...trials ~= successes, "\(successes) of \(trials)")
    let (count, share) = (Double(trials), Double(successes) / Double(trials))
    let center = (share + z * z / (2 * count)) / (1 + z * z / count)
    let half =
      z / (1 + z * z / count)
      * (share * (1 - share) / count + z * z / (4 * count * count)).squareRoot()
    return max(0, center - half)...min(1, center + half)
  }

  private static func logFactorials(_ last: Int) -> [Double] {
    var logarithms = [0.0]
    for number in 1...max(last, 1) {
      logarithms.append(logarithms[number - 1] + log(Double(number)))
    }
    return logarithms
  }
}
