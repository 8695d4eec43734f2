public import XAITensor

/// What is known about a classifier besides its parameters that cannot be used, or a classifier that cannot be
/// read.
public struct ClassifierFailure: Failure {
  /// What kind of failure.
  public let kind: FailureKind
  /// One sentence: what failed, where, expected and found, what to do.
  public let description: String
  /// The failure of a library below that this one passes on.
  public let cause: (any Failure)?

  init(_ kind: FailureKind, _ description: String) {
    (self.kind, self.description, cause) = (kind, oneLine(description), nil)
  }

  /// Passes on the failure of a library below, whose sentence already says it all.
  init(_ cause: some Failure) {
    (kind, description, self.cause) = (cause.kind, cause.description, cause)
  }
}
