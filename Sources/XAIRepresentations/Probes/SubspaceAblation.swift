public import XAIStatistics
public import XAITensor

/// What a network loses with the subspace that a probe reads.
///
/// Amnesic probing; Elazar et al. 2021.
///
/// What can be decoded is not what is used. The subspace is projected out of a layer in scaled features, and the
/// drop of the network's accuracy is ranked among those for random subspaces of the same dimension.
public struct SubspaceAblation: Sendable {
  /// Orthonormal vectors, one a row, `[k, features]`.
  public let basis: Matrix
  private let mean: [Double]

  /// Takes the row space of weights.
  /// - Parameters:
  ///   - weights: `[classes, features]`, in scaled features.
  ///   - mean: What is subtracted from outputs before they are scaled.
  /// - Throws: `StatisticsFailure` where weights are not finite, or all are 0.
  public init(rowsOf weights: Matrix, mean: [Double]) throws(StatisticsFailure) {
    let eigen = try SymmetricEigen(weights * weights.transposed, for: "the subspace of a probe")
    let largest = eigen.values.first ?? 0
    guard largest > 0 else { throw StatisticsFailure(.constantRows, "the subspace of a probe") }
    // Weights of softmax regression sum to 0, so that there is one direction fewer than classes.
    let kept = eigen.values.indices.filter { eigen.values[$0] > 1e-10 * largest }
    basis = Matrix(rows: kept.count, columns: weights.columns) { row, column in
      let length = eigen.values[kept[row]].squareRoot()
      return (0..<weights.rows).reduce(0) {
        $0 + eigen.vectors[$1, kept[row]] * weights[$1, column]
      } / length
    }
    self.mean = mean
  }

  /// Draws a subspace.
  /// - Parameters:
  ///   - dimension: Its dimension.
  ///   - mean: What is subtracted from outputs.
  ///   - draw: Which of several.
  ///   - seed: The run's seed.
  /// - Throws: `StatisticsFailure` where there are fewer features than dimensions.
  public init(
    random dimension: Int, mean: [Double], draw: Int, seed: UInt64
  ) throws(StatisticsFailure) {
    var stream = RandomStream(seed: seed, purpose: "probes/subspace", draw)
    let numbers = (0..<dimension * mean.count).map { _ in stream.normal() }
    let gaussian = Matrix(rows: mean.count, columns: dimension, numbers)
    basis = try HouseholderQR(gaussian, for: "a random subspace").orthonormal.transposed
    self.mean = mean
  }

  /// Outputs without what lies in the subspace.
  ///
  /// One scale for all features cancels, so that scaled and plain features give the same.
  /// - Parameter outputs: `[N, ...]`.
  /// - Returns: The same shape.
  public func removing(from outputs: Tensor) -> Tensor {
    let width = mean.count
    precondition(outputs.rowCount == width, "\(outputs.shape) has not \(width) features")
    return Tensor(shape: outputs.shape) { target in
      outputs.withUnsafeElements { source in
        for row in 0..<outputs.rows {
          let centered = (0..<width).map { Double(source[row * width + $0]) - mean[$0] }
          let parts = basis * centered
          for index in 0..<width {
            var value = Double(source[row * width + index])
            for (number, part) in parts.enumerated() { value -= part * basis[number, index] }
            target[row * width + index] = Float(value)
          }
        }
      }
    }
  }

  /// Whether a drop of accuracy is more than random subspaces cause.
  /// - Parameters:
  ///   - drop: Accuracy before less after.
  ///   - random: The same for random subspaces.
  /// - Returns: The rank test.
  public static func test(drop: Double, among random: [Double]) -> RankTest {
    RankTest(drop, among: random)
  }
}
