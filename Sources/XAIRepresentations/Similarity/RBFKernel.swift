#if canImport(Glibc)
  import Glibc
#endif
public import XAIStatistics

/// exp(-d^2 / (2 s^2)) with s a fraction of the median distance of different rows.
///
/// Kornblith et al. 2019.
public enum RBFKernel {
  /// The default fraction.
  public static let defaultFraction = 0.5

  /// Makes the kernel of a linear one.
  /// - Parameters:
  ///   - gram: Products of rows less any common vector, `[n, n]`.
  ///   - fraction: Of the median distance.
  /// - Returns: `[n, n]`; nil where the median distance is 0.
  public static func kernel(of gram: Matrix, fraction: Double = defaultFraction) -> Matrix? {
    // Centered, so that a large common part costs no digits.
    let centered = gram.doublyCentered
    let squares = Matrix(rows: gram.rows, columns: gram.rows) {
      $0 == $1 ? 0 : max(0, centered[$0, $0] + centered[$1, $1] - 2 * centered[$0, $1])
    }
    let distances = (0..<gram.rows).flatMap { row in
      (row + 1..<max(gram.rows, row + 1)).map { squares[row, $0].squareRoot() }
    }
    let width = fraction * distances.median
    guard width > 0 else { return nil }
    return Matrix(rows: gram.rows, columns: gram.rows) {
      exp(-squares[$0, $1] / (2 * width * width))
    }
  }
}
