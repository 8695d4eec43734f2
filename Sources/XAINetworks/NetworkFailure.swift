public import XAITensor

/// An architecture, a set of parameters or a checkpoint that cannot be used.
public struct NetworkFailure: Failure {
  /// What kind of failure.
  public let kind: FailureKind
  /// One sentence: what failed, where, expected and found, what to do.
  public let description: String

  /// A checkpoint and data, or a checkpoint and a network, that do not belong together.
  /// - Parameter description: One sentence that says what differs.
  /// - Returns: The failure.
  public static func mismatch(_ description: String) -> NetworkFailure {
    NetworkFailure(description)
  }

  package init(kind: FailureKind = .badData, _ description: String) {
    self.kind = kind
    self.description = oneLine(description)
  }
}
