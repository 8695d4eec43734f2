/// The cheapest intervention that makes a linear score positive, from all there are on a grid (Ustun, Spangher and
/// Liu 2019; Karimi, Schoelkopf and Valera 2020).
///
/// Only what is set costs; consequences are free. Of equal costs fewer variables, then lower indices win.
public struct LeastCostRecourse: Sendable {
  /// Which variables may be set.
  public var isActionable: [Bool]
  /// 1 where a variable may only rise, -1 where it may only fall, else 0.
  public var direction: [Int]
  /// The values that each variable may be set to.
  public var grid: [[Double]]
  /// What is observed of each variable: its costs.
  public var distributions: [ObservedDistribution]
  /// How steps are priced.
  public var cost = ActionCost.percentile
  /// The score: a weight for each variable, then a constant.
  public var decision: [Double]

  /// Describes what is possible.
  /// - Parameters:
  ///   - isActionable: Which variables may be set.
  ///   - direction: 1 where one may only rise, -1 where it may only fall, else 0.
  ///   - grid: The values that each may be set to.
  ///   - distributions: What is observed of each.
  ///   - decision: A weight for each variable, then a constant.
  /// - Throws: `ExampleFailure` where these are not as many as variables.
  public init(
    isActionable: [Bool], direction: [Int], grid: [[Double]],
    distributions: [ObservedDistribution], decision: [Double]
  ) throws(ExampleFailure) {
    let count = decision.count - 1
    for (name, found) in [
      ("the marks of what is actionable", isActionable.count), ("the directions", direction.count),
      ("the grid", grid.count), ("the distributions", distributions.count),
    ] where found != count {
      throw ExampleFailure(.shape(of: name, found: [found], expected: "[\(count)]"))
    }
    (self.isActionable, self.direction, self.grid) = (isActionable, direction, grid)
    (self.distributions, self.decision) = (distributions, decision)
  }

  /// An intervention.
  public struct Answer: Sendable, Equatable {
    /// The index into the grid of each variable that is set, by variable.
    public let action: [Int: Int]
    /// Every variable afterwards.
    public let result: [Double]
    /// What was set costs.
    public let cost: Double
    /// The score afterwards.
    public let score: Double
  }

  /// The score of values.
  /// - Parameter values: One for each variable.
  /// - Returns: The weighted sum and the constant.
  public func score(_ values: [Double]) -> Double {
    zip(decision, values).reduce(0) { $0 + $1.0 * $1.1 } + (decision.last ?? 0)
  }

  /// The cheapest intervention.
  /// - Parameters:
  ///   - values: What was observed.
  ///   - predict: What follows when variables are set.
  /// - Returns: The answer; nil where nothing on the grid makes the score positive.
  public func search(
    _ values: [Double], predict: (_ action: [Int: Double]) -> [Double]
  ) -> Answer? {
    var search = ActionSearch(self, values)
    search.extend([:], cost: 0, from: 0, predict)
    return search.best
  }

  /// The grid's values of an action.
  /// - Parameter action: Indices into the grid by variable.
  /// - Returns: Values by variable.
  public func values(of action: [Int: Int]) -> [Int: Double] {
    var values: [Int: Double] = [:]
    for (variable, index) in action { values[variable] = grid[variable][index] }
    return values
  }
}

/// Every action, cheap ones extended only.
private struct ActionSearch {
  private let rules: LeastCostRecourse
  private let values: [Double]
  var best: LeastCostRecourse.Answer?

  init(_ rules: LeastCostRecourse, _ values: [Double]) {
    (self.rules, self.values) = (rules, values)
  }

  /// Whether an action of a cost comes before the best so far: cost, then fewer variables, then lower indices.
  private func isBetter(_ action: [Int: Int], _ cost: Double) -> Bool {
    guard let best else { return true }
    let limit = 1e-12 * max(1, best.cost)
    if abs(cost - best.cost) > limit { return cost < best.cost }
    if action.count != best.action.count { return action.count < best.action.count }
    let (own, other) = (action.keys.sorted(), best.action.keys.sorted())
    if own != other { return own.lexicographicallyPrecedes(other) }
    return own.map { action[$0] ?? 0 }.lexicographicallyPrecedes(own.map { best.action[$0] ?? 0 })
  }

  mutating func extend(
    _ action: [Int: Int], cost: Double, from first: Int, _ predict: ([Int: Double]) -> [Double]
  ) {
    if isBetter(action, cost) {
      let result = predict(rules.values(of: action))
      let score = rules.score(result)
      if score > 0 {
        best = LeastCostRecourse.Answer(action: action, result: result, cost: cost, score: score)
      }
    }
    // More variables cost more, so that what is dearer already leads nowhere.
    if let best, cost > best.cost + 1e-12 * max(1, best.cost) { return }
    for variable in first..<max(values.count, first) where rules.isActionable[variable] {
      let old = values[variable]
      for (index, new) in rules.grid[variable].enumerated() {
        let step = (new - old) * Double(rules.direction[variable])
        guard rules.direction[variable] == 0 || step >= 0 else { continue }
        var longer = action
        longer[variable] = index
        let price = rules.cost.cost(from: old, to: new, rules.distributions[variable])
        extend(longer, cost: cost + price, from: variable + 1, predict)
      }
    }
  }
}
