#if canImport(Glibc)
  import Glibc
#endif

/// The beta distribution, and what it says about shares that were counted.
public enum BetaDistribution {
  /// The exact lower bound of a probability that k of n independent draws were seen to have (Clopper and
  /// Pearson 1934): the p with `P(Binomial(n, p) >= k) = error`.
  /// - Parameters:
  ///   - successes: k, from 0 to n.
  ///   - trials: n, positive.
  ///   - error: The probability that the bound is too high, more than 0 and less than 1.
  /// - Returns: The bound; 0 where k is 0.
  public static func lowerBound(successes: Int, trials: Int, error: Double) -> Double {
    precondition(trials > 0 && 0...trials ~= successes, "\(successes) of \(trials)")
    precondition(error > 0 && error < 1, "\(error) is no probability")
    guard successes > 0 else { return 0 }
    let (a, b) = (Double(successes), Double(trials - successes + 1))
    var (low, high) = (0.0, 1.0)
    // Halving the interval loses nothing to the shape of the distribution, as Newton's method would.
    for _ in 0..<100 {
      let middle = (low + high) / 2
      if incomplete(a, b, at: middle, complement: 1 - middle) < error {
        low = middle
      } else {
        high = middle
      }
    }
    return (low + high) / 2
  }

  /// The regularized incomplete beta function (Abramowitz and Stegun 1964, 26.5.8).
  ///
  /// The complement `1 - x` is handed in, because it cancels where x is close to 1.
  /// - Parameters:
  ///   - a: Positive.
  ///   - b: Positive.
  ///   - x: From 0 to 1.
  ///   - complement: `1 - x`.
  /// - Returns: The probability that a draw of the beta distribution is at most x.
  static func incomplete(
    _ a: Double, _ b: Double, at x: Double, complement: Double
  ) -> Double {
    guard x > 0 else { return 0 }
    guard complement > 0 else { return 1 }
    let logarithm =
      logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log(complement)
    // The continued fraction converges fast below the mean; above it the symmetry helps.
    return x < (a + 1) / (a + b + 2)
      ? exp(logarithm) / a / betaFraction(a, b, x)
      : 1 - exp(logarithm) / b / betaFraction(b, a, complement)
  }

  /// The continued fraction `1 + d1 x / (1 + d2 x / (1 + ...))`, by Lentz's method.
  private static func betaFraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
    func coefficient(_ index: Int) -> Double {
      let half = Double(index / 2)
      return index.isMultiple(of: 2)
        ? half * (b - half) / ((a + 2 * half - 1) * (a + 2 * half))
        : -(a + half) * (a + b + half) / ((a + 2 * half) * (a + 2 * half + 1))
    }
    var (value, numerator, denominator) = (1.0, 1.0, 0.0)
    for index in 1...500 {
      let term = coefficient(index) * x
      denominator = 1 / (1 + term * denominator)
      numerator = 1 + term / numerator
      let factor = numerator * denominator
      value *= factor
      if abs(factor - 1) < 1e-15 { break }
    }
    return value
  }

  /// The logarithm of the gamma function by Stirling's series, for positive numbers.
  private static func logGamma(_ number: Double) -> Double {
    // Far enough from 0 five terms are exact to rounding; the recurrence leads there.
    var (shifted, product) = (number, 1.0)
    while shifted < 16 {
      product *= shifted
      shifted += 1
    }
    let square = 1 / (shifted * shifted)
    let tail = 1.0 / 1260 - square * (1.0 / 1680 - square / 1188)
    let series = (1.0 / 12 - square * (1.0 / 360 - square * tail)) / shifted
    return (shifted - 0.5) * log(shifted) - shifted + 0.5 * log(2 * Double.pi) + series
      - log(product)
  }
}
