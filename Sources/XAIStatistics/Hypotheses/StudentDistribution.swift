#if canImport(Glibc)
  import Glibc
#endif

/// Student's t distribution (Student 1908), for degrees of freedom that need not be whole.
package struct StudentDistribution {
  /// The degrees of freedom, more than 0.
  package let degreesOfFreedom: Double

  /// Names a distribution.
  /// - Parameter degreesOfFreedom: The degrees of freedom, more than 0.
  package init(degreesOfFreedom: Double) {
    precondition(degreesOfFreedom > 0, "\(degreesOfFreedom) degrees of freedom")
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// The number that a draw exceeds in magnitude with a probability.
  /// - Parameter probability: More than 0, less than 1; 0.05 for a 95 % interval.
  /// - Returns: The two-sided critical value, to 12 digits.
  package func criticalValue(_ probability: Double) -> Double {
    precondition(probability > 0 && probability < 1, "\(probability) is no probability")
    var (lower, upper) = (0.0, 1.0)
    while exceedance(upper) > probability { (lower, upper) = (upper, 2 * upper) }
    // Halving the interval loses nothing to the shape of the distribution, as Newton's method would.
    for _ in 0..<60 {
      let middle = (lower + upper) / 2
      if exceedance(middle) > probability { lower = middle } else { upper = middle }
    }
    return (lower + upper) / 2
  }

  /// The probability that a draw exceeds a number in magnitude.
  /// - Parameter magnitude: At least 0.
  /// - Returns: `I_x(v/2, 1/2)` with `x = v / (v + t^2)`, the incomplete beta function.
  package func exceedance(_ magnitude: Double) -> Double {
    let squared = magnitude * magnitude
    return Self.incompleteBeta(
      degreesOfFreedom / 2, 0.5, at: degreesOfFreedom / (degreesOfFreedom + squared),
      complement: squared / (degreesOfFreedom + squared))
  }

  /// The regularised incomplete beta function (Abramowitz and Stegun 1964, 26.5.8).
  ///
  /// The complement `1 - x` is handed in, because it cancels where x is close to 1.
  private static func incompleteBeta(
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
