public import XAIStatistics

/// Centered kernel alignment: HSIC(K, L) / sqrt(HSIC(K, K) HSIC(L, L)).
///
/// Kornblith et al. 2019.
public enum CKA {
  /// Which estimate of HSIC it is made of.
  public enum Estimate: String, Sendable, Codable, CaseIterable {
    /// With features many more than images it tends to 1 even for unrelated ones.
    case biased
    /// May be slightly negative; never clamped.
    case unbiased
  }

  /// Compares two kernels over the same images.
  /// - Parameters:
  ///   - left: `[n, n]`, n at least 4.
  ///   - right: `[n, n]`.
  ///   - estimate: Which one.
  /// - Returns: 1 for equal kernels; nil where a kernel is constant or its own estimate not positive.
  public static func similarity(
    _ left: Matrix, _ right: Matrix, _ estimate: Estimate = .unbiased
  ) -> Double? {
    CKATerms(left, right, estimate).similarity
  }
}

/// The three terms of CKA, which may be summed over batches.
public struct CKATerms: Sendable, Equatable {
  /// HSIC of both.
  public var both: Double
  /// HSIC of the left kernel with itself.
  public var left: Double
  /// HSIC of the right kernel with itself.
  public var right: Double

  /// No batch yet.
  public init() { (both, left, right) = (0, 0, 0) }

  /// The terms of two kernels.
  public init(_ left: Matrix, _ right: Matrix, _ estimate: CKA.Estimate) {
    let hsic = estimate == .biased ? HSIC.biased : HSIC.unbiased
    (both, self.left, self.right) = (hsic(left, right), hsic(left, left), hsic(right, right))
  }

  /// The ratio; nil where a denominator is not positive beyond rounding.
  public var similarity: Double? {
    guard left > 0, right > 0, left.isFinite, right.isFinite else { return nil }
    let root = (left * right).squareRoot()
    return root > 0 ? both / root : nil
  }

  /// Sums of terms.
  public static func + (one: CKATerms, other: CKATerms) -> CKATerms {
    var sum = one
    sum.both += other.both
    sum.left += other.left
    sum.right += other.right
    return sum
  }
}

/// CKA over batches of equal size: each of the three terms is summed, one ratio at the end (Nguyen, Raghu and
/// Kornblith 2021), with a standard error by leaving out one batch.
public struct BatchedCKA: Sendable {
  /// The terms of each batch.
  public private(set) var batches: [CKATerms] = []

  /// Starts without batches.
  public init() {}

  /// Takes the kernels of a batch.
  /// - Parameters:
  ///   - left: `[n, n]`, n at least 4.
  ///   - right: `[n, n]`.
  public mutating func append(_ left: Matrix, _ right: Matrix) {
    batches.append(CKATerms(left, right, .unbiased))
  }

  /// Takes terms that are known.
  /// - Parameter terms: Of a batch.
  public mutating func append(_ terms: CKATerms) { batches.append(terms) }

  /// The ratio of the sums; nil where it is undefined.
  public var similarity: Double? { batches.reduce(CKATerms(), +).similarity }

  /// The jackknife's standard error; nil of fewer than 2 batches, or where a ratio is undefined.
  public var standardError: Double? {
    guard batches.count > 1 else { return nil }
    let without = batches.indices.map { left in
      batches.indices.filter { $0 != left }.reduce(CKATerms()) { $0 + batches[$1] }.similarity
    }
    let values = without.compactMap(\.self)
    guard values.count == batches.count else { return nil }
    let count = Double(values.count)
    return ((count - 1) / count * values.squaredDeviations).squareRoot()
  }
}
