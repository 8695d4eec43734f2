public import XAIStatistics

/// The Hessian of the last layer's problem as a whole, for few weights: one factorization serves every image.
///
///     H_ab = (1/n) sum r (p_a [a = b] - p_a p_b) h h' + penalty [a = b] I
public struct HeadHessian: Sendable {
  /// Weights up to which the whole matrix is quicker than conjugate gradients for each image.
  public static let mostWeights = 2000
  private let problem: HeadProblem
  private let state: HeadProblem.State
  private let factor: Cholesky

  /// Factors the Hessian.
  /// - Parameters:
  ///   - problem: The problem.
  ///   - state: Where.
  /// - Throws: `StatisticsFailure` where rounding leaves it not positive definite.
  public init(
    _ problem: HeadProblem, at state: HeadProblem.State
  ) throws(StatisticsFailure) {
    let (width, classes, count) = (problem.width, problem.classes, problem.count)
    let features = problem.features.matrix
    var hessian = Matrix(rows: classes * width, columns: classes * width)
    for first in 0..<classes {
      for second in first..<classes {
        var weighted = features
        for row in 0..<count {
          let (p, q) = (state.probabilities[row, first], state.probabilities[row, second])
          let share = problem.shares[row] * (first == second ? p * (1 - p) : -p * q) / Double(count)
          for column in 0..<width { weighted[row, column] *= share }
        }
        let block = weighted.transposed * features
        for row in 0..<width {
          for column in 0..<width {
            hessian[first * width + row, second * width + column] = block[row, column]
            hessian[second * width + row, first * width + column] = block[row, column]
          }
        }
      }
    }
    for index in 0..<classes * width { hessian[index, index] += problem.penalty }
    factor = try Cholesky(hessian, for: "the Hessian of the last layer")
    (self.problem, self.state) = (problem, state)
  }

  /// `(1/n) g_i . H^-1 g_i` of an image: how much it bends the layer to itself.
  /// - Parameter row: The image.
  /// - Returns: At least 0.
  public func selfInfluence(of row: Int) -> Double {
    let slope = problem.gradient(
      of: problem.features.row(row), label: problem.labels[row], at: state.weights
    ).elements
    return dot(slope, factor.solve(slope)) / Double(problem.count)
  }
}
