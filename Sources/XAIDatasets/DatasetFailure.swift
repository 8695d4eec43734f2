public import XAITensor

/// A data set that cannot be opened or read.
public struct DatasetFailure: Failure, Equatable {
  /// The kind of failure.
  public let kind: FailureKind
  /// One sentence for people: what failed, where, expected and found, what to do.
  public let description: String

  /// Describes a failure.
  /// - Parameters:
  ///   - kind: The kind of failure.
  ///   - description: One sentence for people.
  public init(_ kind: FailureKind, _ description: String) {
    self.kind = kind
    self.description = oneLine(description)
  }
}
