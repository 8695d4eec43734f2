import XAITensor

/// What a map should sum to, and what it sums to.
///
/// Three answers: the law holds where the error is small beside what was expected; it is broken where the
/// error is large; and nobody can tell in between, where what was expected is the small rest of
/// contributions of both signs, and the error is of the size that their approximation, or their rounding, has.
public struct LawCheck: Sendable, Equatable, Codable {
  /// Which law.
  public enum Law: String, Sendable, Codable {
    /// The map sums to f(x) - f(baseline) (Sundararajan et al. 2017; Shrikumar et al. 2017).
    case completeness
    /// The map sums to the relevance that entered at the output (Bach et al. 2015).
    case conservation
  }

  /// Which law.
  public let law: Law
  /// What the map should sum to.
  public let expected: Double
  /// What it sums to.
  public let found: Double
  /// The largest error with which the law holds, as a fraction of what was expected.
  public let tolerance: Double
  /// The largest error that Float32 alone may make, so that it does not break the law.
  public let rounding: Double
  /// The largest error that the method's approximation explains, so that it does not break the law.
  public let approximation: Double

  /// Groups a check.
  /// - Parameters:
  ///   - law: Which law.
  ///   - expected: What the map should sum to.
  ///   - found: What it sums to.
  ///   - tolerance: The largest error with which the law holds, as a fraction of what was expected.
  ///   - rounding: The largest error that Float32 alone may make.
  ///   - approximation: The largest error that the method's approximation explains.
  public init(
    _ law: Law, expected: Double, found: Double, tolerance: Double, rounding: Double = 0,
    approximation: Double = 0
  ) {
    (self.law, self.expected, self.found, self.tolerance) = (law, expected, found, tolerance)
    (self.rounding, self.approximation) = (rounding, approximation)
  }

  /// `found - expected`.
  public var error: Double { found - expected }
  /// The error as a fraction of what was expected, which counts as 1e-3 where it is smaller.
  public var relativeError: Double { abs(error) / max(abs(expected), Self.smallest) }

  /// The largest error with which the law holds.
  var allowed: Double { tolerance * max(abs(expected), Self.smallest) }

  /// Whether the law holds, which is where the relative error is within the tolerance; nothing where that
  /// cannot be told.
  public var holds: Bool? {
    guard error.isFinite else { return false }
    if relativeError <= tolerance { return true }
    return abs(error) <= max(rounding, approximation) ? nil : false
  }

  /// Why it cannot be told whether the law holds; nothing where it can.
  var doubt: String? {
    guard holds == nil else { return nil }
    let (limit, reason) =
      abs(error) <= approximation
      ? (approximation, "contributions of both signs allow")
      : (rounding, "the rounding of numbers of this size allows")
    return
      "whether \(law.rawValue) holds cannot be told: the map sums to \(Float(found)), expected "
      + "\(Float(expected)); the error of \(Float(abs(error))) is above \(Float(allowed)), which what was "
      + "expected allows, and within \(Float(limit)), which \(reason)"
  }

  /// What counts in place of a smaller expectation.
  private static let smallest = 1e-3

  /// The error that Float32 makes in a sum.
  ///
  /// In networks that were trained, sums missed what was expected by up to 5e-6 of it; a logit is a sum as
  /// well, and two logits that are equal on paper differ by as much of their size.
  /// - Parameters:
  ///   - map: What is summed.
  ///   - logits: What the sum is compared with is their difference.
  /// - Returns: A hundred-thousandth of all magnitudes.
  static func rounding(of map: Tensor, logits: Double...) -> Double {
    1e-5 * logits.reduce(mass(of: map)) { $0 + abs($1) }
  }

  /// `sum |map|`.
  static func mass(of map: Tensor) -> Double {
    map.withUnsafeElements { $0.reduce(0) { $0 + abs(Double($1)) } }
  }
}

extension LawCheck {
  /// The law of the mean of maps, each of which has its own.
  ///
  /// The mean holds by what was expected of it alone. Each error may be a fraction of its own
  /// expectation, and expectations may cancel: up to the mean of the errors that were allowed one by one it
  /// cannot be told.
  /// - Parameter checks: Those of the maps; nothing comes of none.
  package init?(meanOf checks: [LawCheck]) {
    guard let first = checks.first else { return nil }
    func mean(_ value: (LawCheck) -> Double) -> Double {
      checks.reduce(0) { $0 + value($1) } / Double(checks.count)
    }
    self.init(
      first.law, expected: mean(\.expected), found: mean(\.found), tolerance: mean(\.tolerance),
      rounding: mean(\.rounding),
      approximation: mean { max($0.allowed, $0.rounding, $0.approximation) })
  }
}
