import XAIStatistics

/// Products of rows as if each had been centered by the mean of the training rows and divided by s, the root of the
/// mean square length of the centered rows.
struct ScaledGram {
  /// Products of the training rows.
  let gram: Matrix
  /// s.
  let scale: Double
  private let means: [Double]
  private let whole: Double

  /// Centers and scales.
  /// - Parameters:
  ///   - products: Products of the training rows less any common vector.
  ///   - task: What it is for, in the words of a failure.
  /// - Throws: `StatisticsFailure` where all rows are equal or not finite.
  init(_ products: Matrix, for task: String) throws(StatisticsFailure) {
    guard products.elements.allSatisfy(\.isFinite) else {
      throw StatisticsFailure(.notFinite, task)
    }
    let centered = products.doublyCentered
    let size = products.diagonal.map(abs).max() ?? 0
    let square = centered.trace / Double(max(products.rows, 1))
    // What rounding leaves of equal rows is no spread.
    guard square > 1e-14 * size, square > 0 else {
      throw StatisticsFailure(.constantRows, task)
    }
    scale = square.squareRoot()
    means = (0..<products.rows).map { products.row($0).mean }
    whole = means.mean
    gram = Matrix(
      rows: products.rows, columns: products.rows, centered.elements.map { $0 / square })
  }

  /// Products of other rows with the training rows, centered and scaled like these.
  /// - Parameter products: `[m, n]`, less the same common vector.
  /// - Returns: `[m, n]`.
  func scaled(_ products: Matrix) -> Matrix {
    let own = (0..<products.rows).map { products.row($0).mean }
    let square = scale * scale
    return Matrix(rows: products.rows, columns: products.columns) {
      (products[$0, $1] - own[$0] - means[$1] + whole) / square
    }
  }
}
