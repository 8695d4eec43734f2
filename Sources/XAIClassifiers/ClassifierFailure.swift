public import XAITensor

/// What is known about a classifier besides its parameters that cannot be used.
public struct ClassifierFailure: Failure {
  /// What kind of failure.
  public let kind: FailureKind
  /// One sentence: what failed, where, expected and found, what to do.
  public let description: String

  init(_ kind: FailureKind, _ description: String) {
    self.kind = kind
    self.description = oneLine(description)
  }
}
