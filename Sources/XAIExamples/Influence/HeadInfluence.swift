public import XAIStatistics
public import XAITensor

/// What leaving out an image does to the loss of others, in the last layer refitted on frozen features.
///
/// Positive: the image helps, its removal raises the loss.
public struct HeadInfluence: Sendable {
  /// The problem.
  public let problem: HeadProblem
  /// Its optimum.
  public let state: HeadProblem.State
  /// Features of the images that are asked about, with a 1 appended.
  public let queries: AffineRows
  /// Their classes.
  public let labels: [Int]
  /// The loss of each of them.
  public let losses: [Double]
  /// `H^-1 g` of each of them, as W.
  public let directions: [Matrix]

  /// Prepares to ask.
  /// - Parameters:
  ///   - problem: The problem.
  ///   - state: Its optimum; it is found where it is nil.
  ///   - queries: Features `[m, ...]` of the images that are asked about.
  ///   - labels: Their classes: the true ones, or the predicted ones.
  /// - Throws: `ExampleFailure` where they do not fit, or where there is no optimum.
  public init(
    _ problem: HeadProblem, state: HeadProblem.State? = nil, queries: Tensor, labels: [Int]
  ) throws(ExampleFailure) {
    guard queries.rowCount == problem.width - 1, labels.count == queries.rows else {
      throw ExampleFailure(
        .shape(
          of: "the features asked about", found: queries.shape,
          expected: "[\(labels.count), \(problem.width - 1)]"))
    }
    if let label = labels.first(where: { !(0..<problem.classes).contains($0) }) {
      throw ExampleFailure(.unknownClass(label, count: problem.classes))
    }
    let optimum: HeadProblem.State
    if let state { optimum = state } else { optimum = try problem.fit() }
    (self.problem, self.state, self.labels) = (problem, optimum, labels)
    let rows = AffineRows(queries)
    self.queries = rows
    losses = Self.losses(rows, labels, optimum.weights)
    directions = labels.indices.map { row in
      let slope = problem.gradient(
        of: rows.row(row), label: labels[row], at: optimum.weights)
      return problem.inverseHessian(slope, at: optimum)
    }
  }

  /// Losses under some weights.
  static func losses(_ features: AffineRows, _ labels: [Int], _ weights: Matrix) -> [Double] {
    let outputs = features.products(with: weights)
    return labels.indices.map { outputs.row($0).crossEntropy(labels[$0]) }
  }

  /// First order: `(1/n) g . H^-1 g_i` for each image asked about and each image i.
  public var influence: [[Double]] { directions.map { products(with: $0) } }

  /// `(1/n) g_i . H^-1 g_i` for each image: how much it bends the head to itself.
  public var selfInfluence: [Double] {
    (0..<problem.count).map { row in
      let features = problem.features.row(row)
      let slope = problem.gradient(of: features, label: problem.labels[row], at: state.weights)
      let direction = problem.inverseHessian(slope, at: state)
      return dot(slope.elements, direction.elements) / Double(problem.count)
    }
  }

  /// Products of a direction with the gradient of every image, divided by n.
  /// - Parameter direction: As W.
  /// - Returns: One for each image.
  public func products(with direction: Matrix) -> [Double] {
    let values = problem.features.products(with: direction)
    return (0..<problem.count).map { row in
      var sum = 0.0
      for index in 0..<problem.classes {
        let error =
          state.probabilities[row, index] - (index == problem.labels[row] ? 1 : 0)
        sum += error * values[row, index]
      }
      return sum / Double(problem.count)
    }
  }

  /// The rise of each loss by one Newton step from the head with the Hessian without some images.
  /// - Parameter rows: What is left out together.
  /// - Returns: One for each image asked about.
  public func newton(leavingOut rows: [Int]) -> [Double] {
    let rest = problem.leavingOut(rows)
    let now = rest.state(at: state.weights)
    let step = rest.inverseHessian(now.gradient, at: now)
    var weights = state.weights
    for index in weights.elements.indices { weights.elements[index] -= step.elements[index] }
    return rises(at: weights)
  }

  /// The rise of each loss after the head is fitted again without some images, from where it is.
  /// - Parameter rows: What is left out together.
  /// - Returns: One for each image asked about.
  /// - Throws: `ExampleFailure` where there is no optimum.
  public func refit(leavingOut rows: [Int]) throws(ExampleFailure) -> [Double] {
    rises(at: try problem.leavingOut(rows).fit(from: state.weights).weights)
  }

  private func rises(at weights: Matrix) -> [Double] {
    zip(Self.losses(queries, labels, weights), losses).map { $0 - $1 }
  }

  /// For each image the first one with its features and its class: leaving out one of them does the same as leaving
  /// out the other, and sums in another order must not tell them apart.
  public var firstAlike: [Int] {
    var known: [[Double]: Int] = [:]
    return (0..<problem.count).map { row in
      let key = problem.features.row(row) + [Double(problem.labels[row])]
      let first = known[key] ?? row
      known[key] = first
      return first
    }
  }

  /// The share of images for which the head says what the network says.
  /// - Parameter predicted: The network's answer for each training image.
  /// - Returns: From 0 to 1; below .98 the head differs, and its influences are about another function.
  public func agreement(with predicted: [Int]) -> Double {
    let same = (0..<problem.count).count {
      state.probabilities.row($0).indexOfLargest == predicted[$0]
    }
    return Double(same) / Double(max(problem.count, 1))
  }

  /// Images whose class has fewer than so many: first order is wrong of them.
  /// - Parameter least: 5 of the semantics.
  /// - Returns: Their indices.
  public func inRareClasses(least: Int = 5) -> [Int] {
    var counts = Array(repeating: 0, count: problem.classes)
    for label in problem.labels { counts[label] += 1 }
    return problem.labels.indices.filter { counts[problem.labels[$0]] < least }
  }
}
