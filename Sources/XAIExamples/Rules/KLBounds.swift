#if canImport(Glibc)
  import Glibc
#endif

/// Bounds of a probability by the relative entropy of two coins (Kaufmann and Kalyanakrishnan 2013, section 2).
///
///     kl(p, q) = p ln(p / q) + (1 - p) ln((1 - p) / (1 - q)),   0 ln 0 = 0
///
/// - Note: Deviation from the programs of Ribeiro et al. and alibi, which clip p at 1e-7, and stop halving early:
///   p is as it is, and 60 halvings leave nothing of the interval.
public enum KLBounds {
  /// The relative entropy of two coins.
  /// - Parameters:
  ///   - p: A probability.
  ///   - q: Another one.
  /// - Returns: At least 0; infinite where q excludes what p allows.
  public static func divergence(_ p: Double, _ q: Double) -> Double {
    func term(_ share: Double, _ other: Double) -> Double {
      share > 0 ? share * log(share / other) : 0
    }
    return term(p, q) + term(1 - p, 1 - q)
  }

  /// The smallest q that a mean does not exclude: `n kl(p, q) = level` below p.
  /// - Parameters:
  ///   - mean: p, from 0 to 1.
  ///   - samples: n, positive.
  ///   - level: At least 0.
  /// - Returns: From 0 to p.
  public static func lower(_ mean: Double, samples: Int, level: Double) -> Double {
    bound(from: mean, towards: 0, mean, Double(samples), level)
  }

  /// The largest q that a mean does not exclude.
  /// - Parameters:
  ///   - mean: p, from 0 to 1.
  ///   - samples: n, positive.
  ///   - level: At least 0.
  /// - Returns: From p to 1.
  public static func upper(_ mean: Double, samples: Int, level: Double) -> Double {
    bound(from: mean, towards: 1, mean, Double(samples), level)
  }

  private static func bound(
    from inside: Double, towards outside: Double, _ mean: Double, _ samples: Double,
    _ level: Double
  ) -> Double {
    if samples * divergence(mean, outside) <= level { return outside }
    var (inside, outside) = (inside, outside)
    for _ in 0..<60 {
      let middle = (inside + outside) / 2
      if samples * divergence(mean, middle) > level { outside = middle } else { inside = middle }
    }
    return (inside + outside) / 2
  }
}
