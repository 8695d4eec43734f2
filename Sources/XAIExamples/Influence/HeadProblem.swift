public import XAIStatistics
public import XAITensor

/// The last layer as a convex problem on frozen features.
///
///     J(W) = (1/n) sum_i r_i L_i(W) + (penalty / 2) |W|^2
///
/// L is the cross-entropy of softmax(W h), h the features with a 1 appended, so that the bias is penalized too; r_i
/// is 1, or 0 for an image that is left out: the sum is still divided by n. Gauss-Newton is exact here, and the
/// penalty keeps the Hessian positive definite. Conjugate gradients stay in the span of the features by themselves.
public struct HeadProblem: Sendable {
  /// `[n, d]` with a 1 behind each row.
  public let features: AffineRows
  /// The class of each image.
  public let labels: [Int]
  /// The number of classes.
  public let classes: Int
  /// The weight of |W|^2 / 2.
  public let penalty: Double
  /// r: how much each image counts.
  public var shares: [Double]

  /// The number of images.
  public var count: Int { labels.count }
  /// The number of features, and 1.
  public var width: Int { features.width }

  /// Describes a problem.
  /// - Parameters:
  ///   - features: `[n, ...]`, without the 1.
  ///   - labels: A class for each image.
  ///   - classes: The number of classes.
  ///   - penalty: Positive; at least 1e-4 where a run's weight decay is taken.
  ///   - threads: How many threads may work.
  /// - Throws: `ExampleFailure` where they do not fit.
  public init(
    features: Tensor, labels: [Int], classes: Int, penalty: Double, threads: Int = 1
  ) throws(ExampleFailure) {
    guard labels.count == features.rows, !labels.isEmpty else {
      throw ExampleFailure(
        .shape(of: "the labels", found: [labels.count], expected: "[\(features.rows)]"))
    }
    if let label = labels.first(where: { !(0..<classes).contains($0) }) {
      throw ExampleFailure(.unknownClass(label, count: classes))
    }
    guard penalty > 0, penalty.isFinite else {
      throw ExampleFailure(
        .value(of: "the penalty of the head", found: "\(penalty)", expected: "a positive number"))
    }
    guard features.isFinite else { throw ExampleFailure(.notFinite("a feature")) }
    self.features = AffineRows(features, threads: threads)
    (self.labels, self.classes, self.penalty) = (labels, classes, penalty)
    shares = Array(repeating: 1, count: labels.count)
  }

  /// The same problem without some images.
  /// - Parameter rows: Which ones.
  /// - Returns: A problem in which they count nothing; n stays.
  public func leavingOut(_ rows: [Int]) -> HeadProblem {
    var problem = self
    for row in rows { problem.shares[row] = 0 }
    return problem
  }

  /// What is known at some weights.
  public struct State: Sendable {
    /// W, `[classes, d + 1]`.
    public let weights: Matrix
    /// `[n, classes]`.
    public let probabilities: Matrix
    /// The loss of each image, left out or not.
    public let losses: [Double]
    /// J.
    public let objective: Double
    /// The gradient of J, as W.
    public let gradient: Matrix
  }

  /// Evaluates the objective.
  /// - Parameter weights: W, `[classes, d + 1]`.
  /// - Returns: What is known there.
  public func state(at weights: Matrix) -> State {
    let outputs = features.products(with: weights)
    var (probabilities, errors) = (outputs, outputs)
    var losses = [Double](repeating: 0, count: count)
    var sum = 0.0
    for row in 0..<count {
      let values = outputs.row(row)
      losses[row] = values.crossEntropy(labels[row])
      sum += shares[row] * losses[row]
      for (index, share) in values.softmax.enumerated() {
        probabilities[row, index] = share
        errors[row, index] = shares[row] * (share - (index == labels[row] ? 1 : 0)) / Double(count)
      }
    }
    var gradient = features.sums(weighting: errors)
    for index in gradient.elements.indices {
      gradient.elements[index] += penalty * weights.elements[index]
    }
    let square = dot(weights.elements, weights.elements)
    return State(
      weights: weights, probabilities: probabilities, losses: losses,
      objective: sum / Double(count) + penalty / 2 * square, gradient: gradient)
  }

  /// The Hessian of J times a vector: `(1/n) sum r (diag p - p p')(v h) h' + penalty v`.
  /// - Parameters:
  ///   - vector: As W.
  ///   - state: Where.
  /// - Returns: As W.
  public func hessian(_ vector: Matrix, at state: State) -> Matrix {
    var values = features.products(with: vector)
    for row in 0..<count {
      var mean = 0.0
      for index in 0..<classes { mean += state.probabilities[row, index] * values[row, index] }
      let share = shares[row] / Double(count)
      for index in 0..<classes {
        values[row, index] = share * state.probabilities[row, index] * (values[row, index] - mean)
      }
    }
    var product = features.sums(weighting: values)
    for index in product.elements.indices {
      product.elements[index] += penalty * vector.elements[index]
    }
    return product
  }

  /// Solves H x = b by conjugate gradients.
  /// - Parameters:
  ///   - right: b, as W.
  ///   - state: Where H is.
  ///   - tolerance: The length of the residual that is good enough, as a share of that of b.
  /// - Returns: x, as W.
  public func inverseHessian(
    _ right: Matrix, at state: State, tolerance: Double = 1e-12
  ) -> Matrix {
    let solved = ConjugateGradients.solve(right.elements, tolerance: tolerance) { vector in
      hessian(Matrix(rows: classes, columns: width, vector), at: state).elements
    }
    return Matrix(rows: classes, columns: width, solved.solution)
  }

  /// The penalty where a run has no weight decay.
  public static let defaultPenalty = 1e-4
  /// How small the largest slope at the optimum is.
  public static let tolerance = 1e-10
  private static let mostSteps = 200

  /// Finds the optimum by Newton steps.
  /// - Parameter start: Where to start; zeros where it is nil.
  /// - Returns: What is known there.
  /// - Throws: `ExampleFailure` where rounding keeps it from the optimum.
  public func fit(from start: Matrix? = nil) throws(ExampleFailure) -> State {
    var now = state(at: start ?? Matrix(rows: classes, columns: width))
    for _ in 0..<Self.mostSteps {
      if now.largestSlope < Self.tolerance { return now }
      var negative = now.gradient
      for index in negative.elements.indices { negative.elements[index].negate() }
      let step = inverseHessian(negative, at: now, tolerance: 1e-8)
      var (share, next) = (1.0, now)
      repeat {
        var weights = now.weights
        for index in weights.elements.indices {
          weights.elements[index] += share * step.elements[index]
        }
        next = state(at: weights)
        share /= 2
      } while next.objective > now.objective + 1e-14 * abs(now.objective) && share > 1e-9
      // Where no step lowers the slope any more, rounding is all that is left.
      let isStuck = next.largestSlope >= now.largestSlope
      if isStuck, now.largestSlope < 1e-8 { return now }
      now = next
    }
    throw ExampleFailure(
      .notConverged("the head of \(count) images", gradient: now.largestSlope))
  }

  /// `(p - onehot) h'` of an image of features.
  /// - Parameters:
  ///   - features: With the 1, `d + 1` numbers.
  ///   - label: Its class.
  ///   - weights: W.
  /// - Returns: The gradient of its loss, as W.
  public func gradient(of features: [Double], label: Int, at weights: Matrix) -> Matrix {
    var errors = (weights * features).softmax
    errors[label] -= 1
    return Matrix(rows: classes, columns: width) { errors[$0] * features[$1] }
  }
}

extension HeadProblem.State {
  /// The largest magnitude in the gradient.
  public var largestSlope: Double { gradient.elements.reduce(0) { max($0, abs($1)) } }
}
