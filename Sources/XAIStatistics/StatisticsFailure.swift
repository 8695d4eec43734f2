public import XAITensor

/// Numbers that do not determine what is asked for.
public struct StatisticsFailure: Failure, Equatable {
  /// What is wrong.
  public enum Code: Sendable, Equatable {
    /// A matrix that should be positive definite is not, first seen at this row.
    case notPositiveDefinite(row: Int)
    /// A column that others determine, or a constant one beside an intercept.
    case dependentColumn(Int)
    /// Fewer rows than are needed.
    case tooFewRows(found: Int, needed: Int)
    /// All rows are equal, so that there is no direction to be found.
    case constantRows
    /// An iteration did not come to its end in so many steps.
    case notConverged(steps: Int)
    /// A number is NaN or infinite.
    case notFinite
    /// Where at least two values are needed, there is one.
    case oneValue
  }

  /// What is wrong.
  public let code: Code
  /// What was computed.
  public let task: String

  /// Describes numbers that do not determine a result.
  /// - Parameters:
  ///   - code: What is wrong.
  ///   - task: What was computed, such as `the probe of radius at fc1_relu`.
  public init(_ code: Code, _ task: String) { (self.code, self.task) = (code, task) }

  /// Wrong data.
  public var kind: FailureKind {
    if case .notConverged = code { .software } else { .badData }
  }

  /// One sentence: what failed, and why.
  public var description: String {
    switch code {
    case .notPositiveDefinite(let row):
      "\(task): the matrix is not positive definite, first seen at row \(row)"
    case .dependentColumn(let column):
      "\(task): column \(column) is constant, or other columns determine it; leave it out"
    case .tooFewRows(let found, let needed):
      "\(task): there are \(found) rows, and at least \(needed) are needed"
    case .constantRows: "\(task): all rows are equal, so nothing can be told apart by them"
    case .notConverged(let steps): "\(task): did not converge in \(steps) steps"
    case .notFinite: "\(task): a number is NaN or infinite"
    case .oneValue: "\(task): all values are equal, and at least two different ones are needed"
    }
  }
}
