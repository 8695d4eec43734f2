/// A linear structural causal model: `x_j = sum_k weights[j][k] x_k + u_j`, in the order of j.
///
/// Abduction finds u exactly; an action sets variables and cuts their causes; prediction computes what follows
/// (Pearl 2009).
public struct LinearModel: Sendable {
  /// The effect of each variable on each other one.
  public let weights: [[Double]]

  /// Describes a model.
  /// - Parameter weights: One row for each variable; what a variable has of later ones is read as they were
  ///   before.
  /// - Throws: `ExampleFailure` where rows are not as long as there are variables.
  public init(weights: [[Double]]) throws(ExampleFailure) {
    guard let row = weights.first(where: { $0.count != weights.count }) else {
      self.weights = weights
      return
    }
    throw ExampleFailure(
      .shape(
        of: "the weights of the causal model", found: [weights.count, row.count],
        expected: "[\(weights.count), \(weights.count)]"))
  }

  /// What causes do not explain.
  /// - Parameter values: One for each variable.
  /// - Returns: u.
  public func abduction(_ values: [Double]) -> [Double] {
    values.indices.map { values[$0] - explained($0, values) }
  }

  /// What follows when variables are set.
  /// - Parameters:
  ///   - values: What was seen.
  ///   - action: New values by variable.
  /// - Returns: Every variable afterwards.
  public func prediction(_ values: [Double], setting action: [Int: Double]) -> [Double] {
    let rest = abduction(values)
    var result = values
    for index in values.indices {
      result[index] = action[index] ?? explained(index, result) + rest[index]
    }
    return result
  }

  private func explained(_ index: Int, _ values: [Double]) -> Double {
    zip(weights[index], values).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
