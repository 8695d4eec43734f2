public import XAIStatistics
#if canImport(Glibc)
  import Glibc
#endif

/// Images that stand for a set, and images that they do not stand for (Kim, Khanna and Koyejo 2016, MMD-critic).
///
///     k(a, b) = exp(-gamma |a - b|^2)
///     prototypes: greedy argmax of 2 mean_{j in S} mean_i k_ij - mean_{i, j in S} k_ij
///     criticisms: greedy argmax of sum |witness| + ln det(K_CC + 1e-6 I), prototypes excluded
///
/// - Note: Deviation from the authors' program: it inverts a matrix it never uses and fails where images are equal,
///   and its first criticism subtracts what later ones add.
public struct MMDCritic: Sendable {
  /// The squared distances of all pairs, `[n, n]`.
  public let squares: Matrix
  /// gamma.
  public let gamma: Double
  /// k, `[n, n]`.
  public let kernel: Matrix
  /// The mean of each column of k.
  public let means: [Double]

  /// Compares all pairs.
  /// - Parameters:
  ///   - rows: Features, `[n, d]`.
  ///   - gamma: The kernel's; where it is nil, 1 over the median squared distance of pairs.
  /// - Throws: `ExampleFailure` where there is no row, or where all are equal and no gamma is given.
  public init(_ rows: Matrix, gamma: Double? = nil) throws(ExampleFailure) {
    guard rows.rows > 0 else { throw ExampleFailure(.missing("image to find prototypes of")) }
    squares = Self.squares(rows)
    let (count, squares) = (rows.rows, squares)
    // Of many images the pairs are too many to sort where nobody needs their median.
    let median = gamma == nil ? Self.medianSquare(squares) : 0
    if gamma == nil, median == 0 || median.isNaN, count > 1 {
      throw ExampleFailure(
        .value(
          of: "the median squared distance of images", found: "\(median)",
          expected: "a positive number: most of them are equal; give gamma"))
    }
    let width = gamma ?? (median > 0 ? 1 / median : 1)
    let kernel = Matrix(rows: count, columns: count) { exp(-width * squares[$0, $1]) }
    (self.gamma, self.kernel) = (width, kernel)
    means = (0..<count).map { kernel.column($0).reduce(0, +) / Double(count) }
  }

  private static func squares(_ rows: Matrix) -> Matrix {
    let width = rows.columns
    var squares = Matrix(rows: rows.rows, columns: rows.rows)
    rows.elements.withUnsafeBufferPointer { elements in
      for first in 0..<rows.rows {
        for second in first + 1..<max(rows.rows, first + 1) {
          var sum = 0.0
          for index in 0..<width {
            let difference = elements[first * width + index] - elements[second * width + index]
            sum += difference * difference
          }
          squares[first, second] = sum
          squares[second, first] = sum
        }
      }
    }
    return squares
  }

  /// The median of all pairs i < j; the mean of the two middle ones of an even number.
  private static func medianSquare(_ squares: Matrix) -> Double {
    (0..<squares.rows).flatMap { first in
      (first + 1..<max(squares.rows, first + 1)).map { squares[first, $0] }
    }.median
  }

  /// Some images and what they are worth.
  public struct Choice: Sendable, Equatable {
    /// Indices, in the order chosen.
    public let picks: [Int]
    /// The objective after every pick.
    public let values: [Double]
  }

  /// The objective of prototypes, `mean k` of all images less their MMD^2.
  /// - Parameter picks: At least one.
  /// - Returns: `2 mean_j mean_i k_ij - mean_ij k_ij`.
  public func objective(_ picks: [Int]) -> Double {
    let count = Double(picks.count)
    let between = picks.reduce(0.0) { $0 + means[$1] }
    let within = picks.reduce(0.0) { sum, first in
      picks.reduce(sum) { $0 + kernel[first, $1] }
    }
    return 2 * between / count - within / (count * count)
  }

  /// MMD^2 between all images and some.
  /// - Parameter picks: At least one.
  /// - Returns: At least 0 but for rounding.
  public func squaredDiscrepancy(_ picks: [Int]) -> Double {
    means.reduce(0, +) / Double(means.count) - objective(picks)
  }

  /// Chooses prototypes.
  /// - Parameter count: How many; all images where there are fewer.
  /// - Returns: The choice; of equal ones the lower index.
  public func prototypes(_ count: Int) -> Choice {
    var (picks, values) = ([Int](), [Double]())
    // Sums of k between what is picked and every image.
    var sums = Array(repeating: 0.0, count: means.count)
    var (between, within) = (0.0, 0.0)
    while picks.count < min(count, means.count) {
      let size = Double(picks.count + 1)
      var best: (index: Int, value: Double)?
      for index in means.indices where !picks.contains(index) {
        let value =
          2 * (between + means[index]) / size
          - (within + 2 * sums[index] + kernel[index, index]) / (size * size)
        if best.map({ value > $0.value }) ?? true { best = (index, value) }
      }
      guard let best else { break }
      between += means[best.index]
      within += 2 * sums[best.index] + kernel[best.index, best.index]
      for index in sums.indices { sums[index] += kernel[best.index, index] }
      picks.append(best.index)
      values.append(best.value)
    }
    return Choice(picks: picks, values: values)
  }

  /// Where prototypes say too little (positive) or too much (negative): `mean_i k_ij - mean_{s in S} k_sj`.
  /// - Parameter picks: The prototypes.
  /// - Returns: One number for each image.
  public func witness(_ picks: [Int]) -> [Double] {
    means.indices.map { index in
      let near = picks.reduce(0.0) { $0 + kernel[$1, index] }
      return means[index] - near / Double(max(picks.count, 1))
    }
  }

  /// Chooses criticisms.
  /// - Parameters:
  ///   - count: How many.
  ///   - prototypes: What is excluded, and what the witness is of.
  ///   - ridge: What is added to the diagonal.
  /// - Returns: The choice; of equal ones the lower index.
  /// - Throws: `StatisticsFailure` where a determinant is not positive in spite of the ridge.
  public func criticisms(
    _ count: Int, besides prototypes: [Int], ridge: Double = 1e-6
  ) throws(StatisticsFailure) -> Choice {
    let witness = witness(prototypes).map(abs)
    var (picks, values) = ([Int](), [Double]())
    var sum = 0.0
    while picks.count < min(count, means.count - prototypes.count) {
      var best: (index: Int, value: Double)?
      for index in means.indices where !prototypes.contains(index) && !picks.contains(index) {
        let chosen = picks + [index]
        let part = Matrix(rows: chosen.count, columns: chosen.count) {
          kernel[chosen[$0], chosen[$1]] + ($0 == $1 ? ridge : 0)
        }
        let value =
          sum + witness[index] + (try Cholesky(part, for: "criticisms").logDeterminant)
        if best.map({ value > $0.value }) ?? true { best = (index, value) }
      }
      guard let best else { break }
      sum += witness[best.index]
      picks.append(best.index)
      values.append(best.value)
    }
    return Choice(picks: picks, values: values)
  }
}
