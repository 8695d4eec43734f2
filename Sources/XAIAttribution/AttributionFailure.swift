public import XAITensor

/// A request that a method cannot serve, or one that was stopped.
public struct AttributionFailure: Failure {
  /// What kind of failure.
  public let kind: FailureKind
  /// One sentence: what failed, where, expected and found, what to do.
  public let description: String

  /// Describes a failure.
  /// - Parameters:
  ///   - kind: What kind; `.usage` where the caller asked for something impossible.
  ///   - description: One sentence.
  public init(_ kind: FailureKind, _ description: String) {
    self.kind = kind
    self.description = oneLine(description)
  }
}

/// The caller asked to stop; nothing was computed to the end, and nothing was modified.
public struct AttributionStopped: Error {
  /// Says that a computation was stopped.
  public init() {}
}
