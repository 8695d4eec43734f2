/// The singular value decomposition of a small matrix, largest value first: A = U diag(s) V^T.
///
/// One-sided Jacobi rotations (Hestenes 1958; Golub and Van Loan 2013, section 8.6.3), which find small
/// singular values to high relative accuracy.
public struct SingularValues: Sendable {
  /// The min(m, n) singular values.
  public let values: [Double]
  /// Left singular vectors as columns, `[m, min(m, n)]`; a column of zeros where the value is 0.
  public let left: Matrix
  /// Right singular vectors as columns, `[n, min(m, n)]`.
  public let right: Matrix

  /// Decomposes a matrix.
  /// - Parameters:
  ///   - matrix: `[m, n]`, finite.
  ///   - task: What it is for, in the words of a failure.
  /// - Throws: `StatisticsFailure` where a number is not finite, or the iteration does not end.
  public init(_ matrix: Matrix, for task: String = "singular values") throws(StatisticsFailure) {
    guard matrix.elements.allSatisfy(\.isFinite) else { throw StatisticsFailure(.notFinite, task) }
    guard matrix.rows >= matrix.columns else {
      let other = try SingularValues(matrix.transposed, for: task)
      (values, left, right) = (other.values, other.right, other.left)
      return
    }
    // Columns lie in rows, so that rotations run along memory.
    var columns = (0..<matrix.columns).map(matrix.column)
    var rotations = (0..<matrix.columns).map { Matrix.identity(matrix.columns).row($0) }
    var sweeps = 0
    while Self.sweep(&columns, &rotations) {
      sweeps += 1
      if sweeps > Self.mostSweeps {
        throw StatisticsFailure(.notConverged(steps: sweeps), task)
      }
    }
    let lengths = columns.map { dot($0, $0).squareRoot() }
    let order = lengths.indices.sorted { (lengths[$1], $0) < (lengths[$0], $1) }
    values = order.map { lengths[$0] }
    left = Matrix(rows: matrix.rows, columns: order.count) { row, column in
      let length = lengths[order[column]]
      return length > 0 ? columns[order[column]][row] / length : 0
    }
    right = Matrix(rows: matrix.columns, columns: order.count) { rotations[order[$1]][$0] }
  }

  private static let mostSweeps = 60

  /// Makes all pairs of columns orthogonal once; whether any was not.
  private static func sweep(_ columns: inout [[Double]], _ rotations: inout [[Double]]) -> Bool {
    var rotated = false
    for first in columns.indices {
      for second in first + 1..<max(columns.count, first + 1) {
        let (alpha, beta, gamma) = (
          dot(columns[first], columns[first]), dot(columns[second], columns[second]),
          dot(columns[first], columns[second])
        )
        guard abs(gamma) > 1e-15 * (alpha * beta).squareRoot(), alpha * beta > 0 else { continue }
        rotated = true
        let zeta = (beta - alpha) / (2 * gamma)
        let root = abs(zeta) + (1 + zeta * zeta).squareRoot()
        let tangent = (zeta < 0 ? -1 : 1) / root
        let cosine = 1 / (1 + tangent * tangent).squareRoot()
        rotate(&columns, first, second, cosine, cosine * tangent)
        rotate(&rotations, first, second, cosine, cosine * tangent)
      }
    }
    return rotated
  }

  private static func rotate(
    _ vectors: inout [[Double]], _ first: Int, _ second: Int, _ cosine: Double, _ sine: Double
  ) {
    for index in vectors[first].indices {
      let (left, right) = (vectors[first][index], vectors[second][index])
      vectors[first][index] = cosine * left - sine * right
      vectors[second][index] = sine * left + cosine * right
    }
  }
}
