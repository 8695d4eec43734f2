public import XAITensor

/// An architecture, a set of parameters or a checkpoint that cannot be used.
public struct NetworkFailure: Failure {
  /// What kind of failure.
  public let kind: FailureKind
  /// One sentence: what failed, where, expected and found, what to do.
  public let description: String

  package init(kind: FailureKind = .badData, _ description: String) {
    self.kind = kind
    self.description = description
  }
}
