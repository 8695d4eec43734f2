public import XAITensor

/// An architecture, a set of parameters or a checkpoint that cannot be used.
public struct NetworkFailure: Failure {
  /// What is wrong.
  public enum Code: Sendable, CaseIterable {
    /// What the sentence says.
    case described
    /// Two things do not belong together, such as a checkpoint and data.
    case mismatch
    /// A file does not name its architecture.
    case noArchitecture
    /// A file holds tensors that the architecture has no place for.
    case leftovers
    /// A file says half of how images are normalized.
    case halfNormalization
    /// Numbers that normalize images are of pixels in another range.
    case normalizationRange
  }

  /// What is wrong.
  public let code: Code
  /// Which file, tensor and so on.
  public let context: FailureContext
  /// What kind of failure.
  public let kind: FailureKind
  /// One sentence: what failed, where, expected and found, what to do.
  public let description: String
  /// The failure of a library below that this one passes on.
  public let cause: (any Failure)?

  /// A checkpoint and data, or a checkpoint and a network, that do not belong together.
  /// - Parameter description: One sentence that says what differs.
  /// - Returns: The failure.
  public static func mismatch(_ description: String) -> NetworkFailure {
    NetworkFailure(.mismatch, .init(), description)
  }

  package init(kind: FailureKind = .badData, _ description: String) {
    self.init(.described, kind: kind, .init(), description)
  }

  package init(
    _ code: Code, kind: FailureKind = .badData, _ context: FailureContext,
    _ description: String
  ) {
    (self.code, self.context, self.kind, cause) = (code, context, kind, nil)
    self.description = oneLine(description)
  }

  /// Passes on the failure of a library below, whose sentence already says it all.
  /// - Parameter cause: That failure.
  package init(_ cause: some Failure) {
    (code, context, kind) = (.described, .init(), cause.kind)
    (description, self.cause) = (cause.description, cause)
  }
}
