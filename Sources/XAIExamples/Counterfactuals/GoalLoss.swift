import XAIStatistics

/// What is 0 where a goal is reached, as a function of the logits.
public enum GoalLoss: Sendable, Equatable, Codable {
  /// `max(0, kappa + max_{j != goal} z_j - z_goal)`: has a slope until the goal leads by kappa.
  case margin(kappa: Double)
  /// `(p_goal - 1)^2` (Wachter, Mittelstadt and Russell 2017): its slope vanishes where p_goal is near 0, which is
  /// where a search starts.
  case squared
  /// `max(0, kappa + z_goal - max_{j != goal} z_j)`: the class is to be left, for any other one.
  case leaving(kappa: Double)

  /// Whether an answer is what is wanted.
  /// - Parameters:
  ///   - logits: One for each class.
  ///   - goal: The class that is wanted, or is to be left.
  /// - Returns: Whether it is predicted, or is not.
  public func isReached(_ logits: [Double], goal: Int) -> Bool {
    let isPredicted = logits.indexOfLargest == goal
    if case .leaving = self { return !isPredicted }
    return isPredicted
  }

  /// The loss.
  /// - Parameters:
  ///   - logits: One for each class.
  ///   - goal: The class that is wanted.
  /// - Returns: At least 0.
  public func value(_ logits: [Double], goal: Int) -> Double {
    switch self {
    case .margin(let kappa): return max(0, kappa - logits.margin(of: goal))
    case .leaving(let kappa): return max(0, kappa + logits.margin(of: goal))
    case .squared:
      let share = logits.softmax[goal]
      return (share - 1) * (share - 1)
    }
  }

  /// The derivative by each logit.
  /// - Parameters:
  ///   - logits: One for each class.
  ///   - goal: The class that is wanted.
  /// - Returns: One for each class.
  public func slope(_ logits: [Double], goal: Int) -> [Double] {
    switch self {
    case .margin, .leaving:
      var slope = Array(repeating: 0.0, count: logits.count)
      guard value(logits, goal: goal) > 0 else { return slope }
      let sign: Double = if case .leaving = self { -1 } else { 1 }
      slope[goal] = -sign
      let others = logits.indices.filter { $0 != goal }
      if let first = others.first {
        slope[others.reduce(first) { logits[$1] > logits[$0] ? $1 : $0 }] = sign
      }
      return slope
    case .squared:
      let shares = logits.softmax
      let factor = 2 * (shares[goal] - 1) * shares[goal]
      return shares.indices.map { factor * (($0 == goal ? 1 : 0) - shares[$0]) }
    }
  }
}
