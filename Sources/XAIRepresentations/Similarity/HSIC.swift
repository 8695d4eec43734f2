public import XAIStatistics

/// The Hilbert-Schmidt independence criterion of two kernels over the same images.
public enum HSIC {
  /// tr(K H L H) / (n - 1)^2.
  ///
  /// Gretton et al. 2005.
  /// - Parameters:
  ///   - left: K, `[n, n]`.
  ///   - right: L, `[n, n]`.
  /// - Returns: The estimate, which features many more than images push up.
  public static func biased(_ left: Matrix, _ right: Matrix) -> Double {
    let size = Double(left.rows - 1)
    return dot(left.doublyCentered.elements, right.elements) / (size * size)
  }

  /// The estimate without bias: `[tr(K~ L~) + (1 K~ 1)(1 L~ 1) / ((n-1)(n-2)) - 2 / (n-2) 1 K~ L~
  /// 1] / (n (n-3))`, K~ and L~ without diagonals.
  ///
  /// Song et al. 2012, equation 5.
  /// - Parameters:
  ///   - left: K, `[n, n]`, n at least 4.
  ///   - right: L, `[n, n]`.
  /// - Returns: The estimate, which may be negative.
  public static func unbiased(_ left: Matrix, _ right: Matrix) -> Double {
    let count = left.rows
    precondition(count >= 4 && right.rows == count, "\(count) and \(right.rows) images")
    var (trace, leftSums, rightSums) = (
      0.0, [Double](repeating: 0, count: count), [Double](repeating: 0, count: count)
    )
    for row in 0..<count {
      for column in 0..<count where column != row {
        let (one, other) = (left[row, column], right[row, column])
        trace += one * other
        leftSums[row] += one
        rightSums[row] += other
      }
    }
    let number = Double(count)
    let sums = leftSums.reduce(0, +) * rightSums.reduce(0, +)
    return
      (trace + sums / ((number - 1) * (number - 2)) - 2 / (number - 2) * dot(leftSums, rightSums))
      / (number * (number - 3))
  }
}
