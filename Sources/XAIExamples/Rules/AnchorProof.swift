import XAIStatistics

/// Proves the precision of rules with fresh samples, and spends a confidence over the looks.
///
/// The j-th rule that is verified for an image may be wrong with probability delta / (j (j + 1)); these sum to
/// delta. So the probability that any accepted rule is less precise than asked for is at most delta, whatever the
/// search did. alibi 2b9f2060 proves .90 where .95 is asked for, looks again after every batch with a bound for one
/// look, and verifies with the samples that selected the rule.
public struct AnchorProof: Sendable {
  /// The precision that is asked for.
  public var threshold = 0.95
  /// The probability that an accepted rule may be less precise.
  public var delta = 0.05
  /// Fresh samples of each rule.
  public var samples = 1000
  /// How many rules were looked at so far.
  public private(set) var looks = 0

  /// The numbers of the semantics.
  public init() {}

  /// What a look proved.
  public struct Verdict: Sendable, Equatable {
    /// Samples that kept the class.
    public let matches: Int
    /// Samples in all.
    public let samples: Int
    /// The probability with which the bound may be wrong.
    public let error: Double
    /// What the precision is at least (Clopper and Pearson 1934).
    public let bound: Double
    /// Whether that is what was asked for.
    public let accepted: Bool

    /// The share of samples that kept the class.
    public var precision: Double { Double(matches) / Double(samples) }
  }

  /// The probability with which the next look may be wrong.
  public var nextError: Double { delta / Double((looks + 1) * (looks + 2)) }

  /// Looks once at a rule.
  /// - Parameter matches: How many of its fresh samples kept the class.
  /// - Returns: What that proves.
  public mutating func look(matches: Int) -> Verdict {
    let error = nextError
    looks += 1
    let bound = BetaDistribution.lowerBound(
      successes: matches, trials: samples, error: error)
    return Verdict(
      matches: matches, samples: samples, error: error, bound: bound,
      accepted: bound >= threshold)
  }

  /// The fewest matches with which the next look accepts; nil where even all do not suffice.
  public var fewestMatches: Int? {
    (0...samples).first {
      BetaDistribution.lowerBound(successes: $0, trials: samples, error: nextError) >= threshold
    }
  }
}
