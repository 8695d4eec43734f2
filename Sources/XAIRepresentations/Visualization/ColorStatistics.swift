public import XAIStatistics

/// Mean and correlation of the colors of a data set, by which pictures get natural colors.
///
/// Olah et al. 2017.
///
/// The root is the symmetric one of the covariance, divided by the length of its longest column: from the data
/// themselves and unique, since an eigenvector's sign is arbitrary.
public struct ColorStatistics: Sendable, Equatable {
  /// The mean of each channel, 0 to 1.
  public let mean: [Double]
  /// `[C, C]`, symmetric, its longest column of length 1.
  public let root: Matrix

  /// Takes images.
  /// - Parameter images: At least one.
  /// - Throws: `StatisticsFailure` where all pixels have one color.
  public init(_ images: PixelImages) throws(StatisticsFailure) {
    let channels = images.channels
    // Sums of bytes and of their products are exact in whole numbers.
    var sums = [Int](repeating: 0, count: channels)
    var products = [Int](repeating: 0, count: channels * channels)
    let count = images.bytes.count / channels
    images.bytes.withUnsafeBufferPointer { bytes in
      for pixel in 0..<count {
        for first in 0..<channels {
          let value = Int(bytes[pixel * channels + first])
          sums[first] += value
          for second in 0...first {
            products[first * channels + second] += value * Int(bytes[pixel * channels + second])
          }
        }
      }
    }
    let number = Double(count)
    mean = sums.map { Double($0) / number / 255 }
    let covariance = Matrix(rows: channels, columns: channels) { first, second in
      let (row, column) = (max(first, second), min(first, second))
      let mean = Double(sums[row]) / number * (Double(sums[column]) / number)
      return (Double(products[row * channels + column]) / number - mean) / (255 * 255)
    }
    let eigen = try SymmetricEigen(covariance, for: "the covariance of colors")
    let roots = eigen.values.map { max($0, 0).squareRoot() }
    let symmetric = Matrix(rows: channels, columns: channels) { row, column in
      (0..<channels).reduce(0) {
        $0 + eigen.vectors[row, $1] * roots[$1] * eigen.vectors[column, $1]
      }
    }
    let longest =
      (0..<channels).map { column in
        dot(symmetric.column(column), symmetric.column(column)).squareRoot()
      }.max() ?? 0
    guard longest > 0 else { throw StatisticsFailure(.constantRows, "the covariance of colors") }
    root = Matrix(
      rows: channels, columns: channels, symmetric.elements.map { $0 / longest })
  }

  /// Takes statistics that are known.
  /// - Parameters:
  ///   - mean: The mean of each channel, between 0 and 1.
  ///   - root: `[C, C]`, symmetric.
  public init(mean: [Double], root: Matrix) { (self.mean, self.root) = (mean, root) }
}
