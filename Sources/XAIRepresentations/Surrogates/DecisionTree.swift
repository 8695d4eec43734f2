public import XAIStatistics

/// A tree of yes-or-no questions.
///
/// CART; Breiman et al. 1984.
///
/// Gini for classes, variance for numbers; a threshold is the midpoint of neighboring values, `<=` goes left;
/// grown while a split gains. Costs of classes are compared exactly, as fractions of whole numbers; equal splits:
/// the lowest feature, then the lowest threshold; equal classes of a leaf: the lowest class.
/// - Note: Deviation from scikit-learn, which decides exact ties by rounding.
public struct DecisionTree: Sendable, Equatable {
  /// A question or an answer.
  public struct Node: Sendable, Equatable {
    /// The column that is asked about; nil of a leaf.
    public let feature: Int?
    /// `<=` goes left.
    public let threshold: Double
    /// The node of the answer yes.
    public internal(set) var left: Int?
    /// The node of the answer no.
    public internal(set) var right: Int?
    /// The answer: a class, or a mean.
    public let value: Double
    /// How many training rows came here.
    public let rows: Int
    /// How much the split gains, times rows: of Gini's sum or of squared error.
    public let gain: Double
  }

  /// What limits a tree.
  public struct Limits: Sendable, Equatable {
    /// The most questions in a row.
    public var depth = 4
    /// The fewest rows of a leaf.
    public var leaf = 2

    /// The defaults.
    public init() {}

    /// Other limits.
    /// - Parameters:
    ///   - depth: The most questions in a row.
    ///   - leaf: The fewest rows of a leaf.
    public init(depth: Int, leaf: Int) { (self.depth, self.leaf) = (depth, leaf) }
  }

  /// The nodes, depth first, left before right.
  public private(set) var nodes: [Node] = []

  /// Grows a tree that names classes.
  /// - Parameters:
  ///   - rows: Numbers by column.
  ///   - classes: The class of each row.
  ///   - limits: What limits it.
  /// - Throws: `StatisticsFailure` where there are no rows or a number is not finite. Of one class it is a leaf.
  public init(
    _ rows: [[Double]], classes: [Int], limits: Limits = Limits()
  ) throws(StatisticsFailure) {
    try self.init(rows, ClassSplitting(classes), limits)
  }

  /// Grows a tree that names numbers.
  /// - Parameters:
  ///   - rows: Numbers by column.
  ///   - values: The number of each row.
  ///   - limits: What limits it.
  /// - Throws: `StatisticsFailure` where there are no rows or a number is not finite. Of one value it is a leaf.
  public init(
    _ rows: [[Double]], values: [Double], limits: Limits = Limits()
  ) throws(StatisticsFailure) {
    try self.init(rows, ValueSplitting(values), limits)
  }

  private init(
    _ rows: [[Double]], _ splitting: some Splitting, _ limits: Limits
  ) throws(StatisticsFailure) {
    guard !rows.isEmpty else {
      throw StatisticsFailure(.tooFewRows(found: 0, needed: 1), "a decision tree")
    }
    guard rows.joined().allSatisfy(\.isFinite) else {
      throw StatisticsFailure(.notFinite, "a decision tree")
    }
    grow(rows, Array(rows.indices), splitting, limits, depth: 0)
  }

  @discardableResult
  private mutating func grow(
    _ rows: [[Double]], _ members: [Int], _ splitting: some Splitting, _ limits: Limits,
    depth: Int
  ) -> Int {
    let place = nodes.count
    let split =
      depth < limits.depth ? splitting.best(rows, members, leaf: limits.leaf) : nil
    nodes.append(
      Node(
        feature: split?.feature, threshold: split?.threshold ?? 0, left: nil, right: nil,
        value: splitting.answer(members), rows: members.count, gain: split?.gain ?? 0))
    guard let split else { return place }
    let yes = members.filter { rows[$0][split.feature] <= split.threshold }
    let no = members.filter { rows[$0][split.feature] > split.threshold }
    nodes[place].left = grow(rows, yes, splitting, limits, depth: depth + 1)
    nodes[place].right = grow(rows, no, splitting, limits, depth: depth + 1)
    return place
  }

  /// The leaf that a row comes to.
  /// - Parameter row: Numbers by column.
  /// - Returns: The node's index.
  public func leaf(of row: [Double]) -> Int {
    var place = 0
    while let feature = nodes[place].feature, let left = nodes[place].left,
      let right = nodes[place].right
    {
      place = row[feature] <= nodes[place].threshold ? left : right
    }
    return place
  }

  /// The answer for a row: a class or a number.
  /// - Parameter row: Numbers by column.
  /// - Returns: The leaf's value.
  public func predict(_ row: [Double]) -> Double { nodes[leaf(of: row)].value }

  /// The total gain of each column, as a share of all gains.
  ///
  /// It favors columns of many values; permutation importance on held-out rows does not.
  /// - Parameter columns: The number of columns.
  /// - Returns: Shares of sum 1, or zeros of a tree without questions.
  public func gains(columns: Int) -> [Double] {
    var gains = [Double](repeating: 0, count: columns)
    for node in nodes { if let feature = node.feature { gains[feature] += node.gain } }
    let total = gains.reduce(0, +)
    return total > 0 ? gains.map { $0 / total } : gains
  }
}
