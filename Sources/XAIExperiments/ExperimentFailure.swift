public import XAITensor

/// An experiment that cannot be made.
public struct ExperimentFailure: Failure, Equatable {
  /// What is wrong, with its values.
  public enum Code: Sendable, Equatable {
    /// The memory that may be taken is too little; all values are bytes.
    case memoryTooLittle(limit: Int, fixed: Int, least: Int)
    /// No method is left that can explain the network.
    case noMethodLeft
  }

  /// What is wrong.
  public let code: Code

  /// Describes an experiment that cannot be made.
  /// - Parameter code: What is wrong.
  public init(_ code: Code) { self.code = code }

  /// Something impossible was asked for.
  public var kind: FailureKind { .usage }

  /// One sentence: what is wrong, and what to do.
  public var description: String {
    switch code {
    case .memoryTooLittle(let limit, let fixed, let least):
      "\(limit) bytes of memory are too little: the weights and the program take \(fixed); give at least "
        + "\(least)"
    case .noMethodLeft: "no method is left; choose others"
    }
  }
}
