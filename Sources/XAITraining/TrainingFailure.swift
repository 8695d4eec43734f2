public import XAITensor

/// Why training, or reading and writing what a run leaves behind, cannot go on.
public struct TrainingFailure: Failure, Equatable {
  /// The kind of failure, which decides the exit status.
  public let kind: FailureKind
  /// One sentence for people.
  public let description: String

  /// A failure with its sentence.
  /// - Parameters:
  ///   - kind: The kind of failure.
  ///   - description: What failed, where, what was expected and found, and what to do.
  public init(_ kind: FailureKind, _ description: String) {
    self.kind = kind
    self.description = oneLine(description)
  }

  /// Passes on the failure of a library below, whose sentence already says it all.
  /// - Parameter failure: That failure.
  public init(_ failure: some Failure) {
    self.init(failure.kind, failure.description)
  }
}
