extension DecisionTree {
  /// A way to an answer, as a person reads it.
  public struct Rule: Sendable, Equatable {
    /// `kind=star and radius <= 21.4`; `always` of a tree without questions.
    public let condition: String
    /// The answer.
    public let value: Double
    /// How many training rows it holds for.
    public let rows: Int
    /// The leaf.
    public let node: Int
  }

  /// The rules of all leaves, from left to right.
  /// - Parameters:
  ///   - names: The columns' names; a column `kind=star` of 0 and 1 reads `kind=star` or `not kind=star`.
  ///   - number: How a threshold is written.
  /// - Returns: One for each leaf.
  public func rules(
    _ names: [String], number: (Double) -> String = { "\(Float($0))" }
  ) -> [Rule] {
    var rules: [Rule] = []
    func visit(_ place: Int, _ conditions: [String]) {
      let node = nodes[place]
      guard let feature = node.feature, let left = node.left, let right = node.right else {
        let condition = conditions.isEmpty ? "always" : conditions.joined(separator: " and ")
        rules.append(
          Rule(condition: condition, value: node.value, rows: node.rows, node: place))
        return
      }
      let name = names[feature]
      let isCategory = name.contains("=")
      let threshold = number(node.threshold)
      visit(left, conditions + [isCategory ? "not \(name)" : "\(name) <= \(threshold)"])
      visit(right, conditions + [isCategory ? name : "\(name) > \(threshold)"])
    }
    visit(0, [])
    return rules
  }
}
