public import XAIStatistics

/// Rows of named numbers: what surrogates are made of.
public struct FeatureTable: Sendable, Equatable {
  /// The columns' names.
  public private(set) var names: [String] = []
  /// One array of numbers for each row.
  public private(set) var rows: [[Double]]
  /// Columns that were left out because all rows have the same value.
  public private(set) var constant: [String] = []

  /// A table without columns.
  /// - Parameter count: The number of rows.
  public init(count: Int) { rows = Array(repeating: [], count: count) }

  /// Adds a column, unless it is constant.
  /// - Parameters:
  ///   - name: Its name.
  ///   - values: One for each row.
  public mutating func append(_ name: String, _ values: [Double]) {
    precondition(values.count == rows.count, "\(values.count) values, \(rows.count) rows")
    guard Set(values).count > 1 else {
      constant.append(name)
      return
    }
    names.append(name)
    for (index, value) in values.enumerated() { rows[index].append(value) }
  }

  /// Adds one column of 0 and 1 for each value of a category: `kind=star`.
  /// - Parameters:
  ///   - name: The category's name.
  ///   - values: One for each row.
  public mutating func append(_ name: String, categories values: [String]) {
    for value in Set(values).sorted() {
      append("\(name)=\(value)", values.map { $0 == value ? 1 : 0 })
    }
  }

  /// With fewer rows a column than this the table is told to be small.
  public static let rowsPerColumn = 10

  /// Some of the rows.
  /// - Parameter indices: Which ones.
  /// - Returns: The part.
  public func part(_ indices: [Int]) -> [[Double]] { indices.map { rows[$0] } }

  /// Refuses answers that leave a surrogate nothing to explain.
  /// - Parameter answers: Of the network, or true labels.
  /// - Throws: `StatisticsFailure` where all are equal.
  public static func requireSeveral(_ answers: [Int]) throws(StatisticsFailure) {
    guard Set(answers).count > 1 else {
      throw StatisticsFailure(.oneValue, "a surrogate of the network's answers")
    }
  }
}
