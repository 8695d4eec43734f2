#if canImport(Glibc)
  import Glibc
#endif

/// Logistic regression of two classes at its optimum, in the span of the rows.
///
///     min over w, b   (1/n) sum log(1 + exp(-y_i (w . x_i + b))) + (lambda / 2) |w|^2,   b free
///
/// is strictly convex in w: one answer for every solver. With G = X X^T and w = X^T a it costs O(n^3),
/// however many features there are. At the optimum a = y q / (n lambda) and the sum of a is 0. Newton steps
/// through B = lambda I + W^1/2 G W^1/2, whose condition is at most 1 + |G| / (4 n lambda).
public struct BinaryLogistic: Sendable {
  /// a: the weights are sum a_i x_i.
  public let coefficients: [Double]
  /// b.
  public let intercept: Double
  /// |w|.
  public let norm: Double
  /// The minimum.
  public let objective: Double

  /// The default penalty lambda.
  public static let defaultPenalty = 0.01

  /// Finds the optimum.
  /// - Parameters:
  ///   - gram: Products of rows, `[n, n]`.
  ///   - isPositive: The class of each row; both occur.
  ///   - penalty: lambda, positive.
  ///   - task: What it is for, in the words of a failure.
  /// - Throws: `StatisticsFailure` where a number is not finite, or rounding keeps it from the optimum.
  public init(
    gram: Matrix, isPositive: [Bool], penalty: Double = defaultPenalty,
    for task: String = "logistic regression"
  ) throws(StatisticsFailure) {
    precondition(penalty > 0, "logistic regression with the penalty \(penalty)")
    guard gram.elements.allSatisfy(\.isFinite) else { throw StatisticsFailure(.notFinite, task) }
    guard Set(isPositive).count == 2 else { throw StatisticsFailure(.oneValue, task) }
    let problem = Problem(gram: gram, signs: isPositive.map { $0 ? 1 : -1 }, penalty: penalty)
    var point = Problem.Point(
      coefficients: Array(repeating: 0, count: gram.rows), intercept: 0)
    var value = problem.objective(point)
    var steps = 0
    while true {
      let target = try problem.newton(from: point, task)
      let change = zip(target.coefficients, point.coefficients).map { abs($0 - $1) }.max() ?? 0
      let size = target.coefficients.map(abs).max() ?? 0
      let isLast = change <= Self.tolerance * size
      (point, value) = problem.descend(from: point, value, to: target)
      if isLast { break }
      steps += 1
      guard steps < Self.mostSteps else {
        throw StatisticsFailure(.notConverged(steps: steps), task)
      }
    }
    (coefficients, intercept, objective) = (point.coefficients, point.intercept, value)
    norm = max(0, dot(point.coefficients, gram * point.coefficients)).squareRoot()
  }

  private static let tolerance = 1e-12
  private static let mostSteps = 200
}

private struct Problem {
  struct Point {
    var coefficients: [Double]
    var intercept: Double
  }

  let gram: Matrix
  let signs: [Double]
  let penalty: Double

  func objective(_ point: Point) -> Double {
    let products = gram * point.coefficients
    let loss = zip(products, signs).reduce(0) {
      $0 + softplus(-$1.1 * ($1.0 + point.intercept))
    }
    return loss / Double(signs.count) + penalty / 2 * dot(point.coefficients, products)
  }

  /// Where a whole Newton step leads.
  func newton(from point: Point, _ task: String) throws(StatisticsFailure) -> Point {
    let number = Double(signs.count)
    let outputs = (gram * point.coefficients).map { $0 + point.intercept }
    let wrong = zip(outputs, signs).map { 1 / (1 + exp($0 * $1)) }
    let weights = wrong.map { $0 * (1 - $0) / number }
    let roots = weights.map { $0.squareRoot() }
    let right = outputs.indices.map {
      weights[$0] * outputs[$0] + signs[$0] * wrong[$0] / number
    }
    let factors = try Cholesky(
      Matrix(rows: signs.count, columns: signs.count) {
        roots[$0] * gram[$0, $1] * roots[$1] + ($0 == $1 ? penalty : 0)
      }, for: task)
    // M d = (lambda I + W G)^-1 d, without an inverse of G or W.
    func reduced(_ vector: [Double]) -> [Double] {
      let inner = factors.solve(zip(roots, gram * vector).map { $0 * $1 })
      return vector.indices.map { (vector[$0] - roots[$0] * inner[$0]) / penalty }
    }
    let (reducedRight, reducedWeights) = (reduced(right), reduced(weights))
    let total = reducedWeights.reduce(0, +)
    let intercept = total > 0 ? reducedRight.reduce(0, +) / total : point.intercept
    return Point(
      coefficients: zip(reducedRight, reducedWeights).map { $0 - intercept * $1 },
      intercept: intercept)
  }

  /// Goes to a point, or half of the way as often as the objective rises.
  func descend(from point: Point, _ value: Double, to target: Point) -> (Point, Double) {
    var share = 1.0
    while true {
      let next = Point(
        coefficients: zip(point.coefficients, target.coefficients).map { $0 + share * ($1 - $0) },
        intercept: point.intercept + share * (target.intercept - point.intercept))
      let nextValue = objective(next)
      // What rises by rounding alone does not rise.
      if nextValue <= value + 1e-13 * abs(value) || share < 1e-9 { return (next, nextValue) }
      share /= 2
    }
  }
}

/// log(1 + exp(t)) without overflow.
func softplus(_ t: Double) -> Double { max(t, 0) + log1p(exp(-abs(t))) }
