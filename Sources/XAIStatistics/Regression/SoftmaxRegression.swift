#if canImport(Glibc)
  import Glibc
#endif

/// Softmax regression at its optimum, in the span of the rows.
///
///     min over W, b   (1/n) sum -log softmax(W x + b)_y + (lambda / 2) |W|^2,   b free
///
/// With G = X X^T and W = A^T X. Truncated Newton steps: conjugate gradients in the geometry of W, where the
/// condition does not depend on G's. Biases are determined up to a constant and reported with the sum 0.
public struct SoftmaxRegression: Sendable {
  /// A `[n, classes]`: the weights of class k are sum A_ik x_i.
  public let coefficients: Matrix
  /// b, of sum 0.
  public let biases: [Double]
  /// The minimum.
  public let objective: Double
  /// The length of the last gradient by W and b, in the geometry of W, relative to that of the first.
  public let relativeGradient: Double

  /// Finds the optimum.
  /// - Parameters:
  ///   - gram: Products of rows, `[n, n]`.
  ///   - labels: A class for each row.
  ///   - classes: The number of classes.
  ///   - penalty: lambda, positive.
  ///   - task: What it is for, in the words of a failure.
  /// - Throws: `StatisticsFailure` where a number is not finite, or rounding keeps it from the optimum.
  public init(
    gram: Matrix, labels: [Int], classes: Int, penalty: Double = BinaryLogistic.defaultPenalty,
    for task: String = "softmax regression"
  ) throws(StatisticsFailure) {
    precondition(penalty > 0, "softmax regression with the penalty \(penalty)")
    precondition(gram.rows == labels.count, "\(gram.rows) rows, \(labels.count) labels")
    precondition(labels.allSatisfy { 0..<classes ~= $0 }, "labels beyond \(classes) classes")
    guard gram.elements.allSatisfy(\.isFinite) else { throw StatisticsFailure(.notFinite, task) }
    let problem = SoftmaxProblem(gram: gram, labels: labels, classes: classes, penalty: penalty)
    var point = SoftmaxProblem.Vector(rows: labels.count, columns: classes)
    var state = problem.state(at: point)
    let first = state.length
    var steps = 0
    // Beyond this rounding in the objective decides, far below the 1e-8 that is asked for.
    while state.length > Self.tolerance * first {
      let step = problem.newtonStep(from: state)
      var share = 1.0
      var next = problem.state(at: point.adding(step, times: share))
      while next.objective > state.objective + 1e-13 * abs(state.objective), share > 1e-9 {
        share /= 2
        next = problem.state(at: point.adding(step, times: share))
      }
      point = point.adding(step, times: share)
      let isStuck = next.length > 0.99 * state.length && state.length < 1e-8 * first
      state = next
      steps += 1
      if isStuck { break }
      guard steps < Self.mostSteps else {
        throw StatisticsFailure(.notConverged(steps: steps), task)
      }
    }
    coefficients = point.matrix
    let mean = point.biases.mean
    biases = point.biases.map { $0 - mean }
    objective = state.objective
    relativeGradient = first > 0 ? state.length / first : 0
  }

  private static let tolerance = 1e-11
  private static let mostSteps = 200

  /// Probabilities of classes.
  /// - Parameter outputs: W x + b of a row.
  /// - Returns: Their softmax.
  public static func probabilities(_ outputs: [Double]) -> [Double] {
    let largest = outputs.max() ?? 0
    let exponentials = outputs.map { exp($0 - largest) }
    let sum = exponentials.reduce(0, +)
    return exponentials.map { $0 / sum }
  }
}

private struct SoftmaxProblem {
  /// Coefficients and biases, or a gradient by them in the geometry of W.
  struct Vector {
    var matrix: Matrix
    var biases: [Double]

    init(rows: Int, columns: Int) {
      matrix = Matrix(rows: rows, columns: columns)
      biases = Array(repeating: 0, count: columns)
    }

    func adding(_ other: Vector, times factor: Double) -> Vector {
      var sum = self
      for index in matrix.elements.indices {
        sum.matrix.elements[index] += factor * other.matrix.elements[index]
      }
      for index in biases.indices { sum.biases[index] += factor * other.biases[index] }
      return sum
    }
  }

  /// What is known at a point.
  struct State {
    let objective: Double
    let probabilities: Matrix
    let gradient: Vector
    /// G times the gradient.
    let products: Matrix
    let length: Double
  }

  let gram: Matrix
  let labels: [Int]
  let classes: Int
  let penalty: Double

  private var number: Double { Double(labels.count) }

  func state(at point: Vector) -> State {
    let outputs = gram * point.matrix
    var probabilities = Matrix(rows: labels.count, columns: classes)
    var gradient = Vector(rows: labels.count, columns: classes)
    var loss = 0.0
    for row in labels.indices {
      let values = zip(outputs.row(row), point.biases).map { $0 + $1 }
      let shares = SoftmaxRegression.probabilities(values)
      let largest = values.max() ?? 0
      loss += largest - values[labels[row]] + log(values.reduce(0) { $0 + exp($1 - largest) })
      for index in 0..<classes {
        probabilities[row, index] = shares[index]
        let error = (shares[index] - (index == labels[row] ? 1 : 0)) / number
        gradient.matrix[row, index] = error + penalty * point.matrix[row, index]
        gradient.biases[index] += error
      }
    }
    let products = gram * gradient.matrix
    return State(
      objective: loss / number + penalty / 2 * dot(point.matrix.elements, outputs.elements),
      probabilities: probabilities, gradient: gradient, products: products,
      length: max(0, inner(gradient, gradient, products)).squareRoot())
  }

  /// The inner product in the geometry of W; `products` is G times the second.
  private func inner(_ left: Vector, _ right: Vector, _ products: Matrix) -> Double {
    dot(left.matrix.elements, products.elements) + dot(left.biases, right.biases)
  }

  /// The Hessian times a vector; `products` is G times it.
  private func hessian(_ vector: Vector, _ products: Matrix, at state: State) -> Vector {
    var result = Vector(rows: labels.count, columns: classes)
    for row in labels.indices {
      let shares = state.probabilities.row(row)
      let values = zip(products.row(row), vector.biases).map { $0 + $1 }
      let mean = dot(shares, values)
      for index in 0..<classes {
        let curvature = shares[index] * (values[index] - mean) / number
        result.matrix[row, index] = curvature + penalty * vector.matrix[row, index]
        result.biases[index] += curvature
      }
    }
    return result
  }

  /// Solves H d = -gradient by conjugate gradients.
  func newtonStep(from state: State) -> Vector {
    var step = Vector(rows: labels.count, columns: classes)
    var residual = step.adding(state.gradient, times: -1)
    var residualProducts = negated(state.products)
    var (direction, products) = (residual, residualProducts)
    var square = inner(residual, residual, residualProducts)
    let goal = square * 1e-10
    for _ in 0..<500 where square > goal && square > 0 {
      let image = hessian(direction, products, at: state)
      let curvature = inner(image, direction, products)
      guard curvature > 0 else { break }
      let share = square / curvature
      step = step.adding(direction, times: share)
      residual = residual.adding(image, times: -share)
      residualProducts = gram * residual.matrix
      let next = inner(residual, residual, residualProducts)
      let ratio = next / square
      direction = residual.adding(direction, times: ratio)
      for index in products.elements.indices {
        products.elements[index] =
          residualProducts.elements[index] + ratio * products.elements[index]
      }
      square = next
    }
    return step
  }

  private func negated(_ matrix: Matrix) -> Matrix {
    Matrix(rows: matrix.rows, columns: matrix.columns, matrix.elements.map { -$0 })
  }
}
