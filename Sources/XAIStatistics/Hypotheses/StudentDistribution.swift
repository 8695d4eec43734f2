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
    return BetaDistribution.incomplete(
      degreesOfFreedom / 2, 0.5, at: degreesOfFreedom / (degreesOfFreedom + squared),
      complement: squared / (degreesOfFreedom + squared))
  }
}
