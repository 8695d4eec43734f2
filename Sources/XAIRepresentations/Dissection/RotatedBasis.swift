public import XAIStatistics
public import XAITensor

/// A layer seen along random axes instead of its units: if units detect concepts because of their
/// axes, fewer rotated ones do.
///
/// Bau et al. 2017, section 3.2.
public struct RotatedBasis: Sendable {
  private let rotation: Matrix

  /// Draws a rotation: Q of a Gaussian matrix, R's diagonal positive.
  /// - Parameters:
  ///   - units: The number of units.
  ///   - draw: Which of several.
  ///   - seed: The run's seed.
  /// - Throws: `StatisticsFailure` where the matrix has no full rank, which has the probability 0.
  public init(units: Int, draw: Int = 0, seed: UInt64) throws(StatisticsFailure) {
    var stream = RandomStream(seed: seed, purpose: "dissection/rotation", draw)
    let numbers = (0..<units * units).map { _ in stream.normal() }
    rotation = try HouseholderQR(
      Matrix(rows: units, columns: units, numbers), for: "a random rotation"
    ).orthonormal
  }

  /// Outputs along the rotated axes.
  /// - Parameter outputs: `[n, C, h, w]`.
  /// - Returns: The same shape.
  public func rotated(_ outputs: Tensor) -> Tensor {
    let units = rotation.rows
    let area = outputs.rowCount / units
    return Tensor(shape: outputs.shape) { target in
      outputs.withUnsafeElements { source in
        for image in 0..<outputs.rows {
          let start = image * outputs.rowCount
          for unit in 0..<units {
            for position in 0..<area {
              var sum = 0.0
              for other in 0..<units {
                sum += rotation[unit, other] * Double(source[start + other * area + position])
              }
              target[start + unit * area + position] = Float(sum)
            }
          }
        }
      }
    }
  }
}
