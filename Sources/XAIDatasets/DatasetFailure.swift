public import XAITensor

/// A data set that cannot be opened or read.
public struct DatasetFailure: Failure, Equatable {
  /// What a program may offer to do about a failure; how that is asked for is the program's to say.
  public enum Remedy: Sendable {
    /// Leaving images that cannot be read out (``DatasetOptions/skipCorrupt``).
    case leaveOutUnreadable
  }

  /// The kind of failure.
  public let kind: FailureKind
  /// One sentence for people: what failed, where, expected and found, what to do.
  public let description: String
  /// What else may help.
  public let remedy: Remedy?

  /// Describes a failure.
  /// - Parameters:
  ///   - kind: The kind of failure.
  ///   - description: One sentence for people.
  ///   - remedy: What else may help.
  public init(_ kind: FailureKind, _ description: String, remedy: Remedy? = nil) {
    self.kind = kind
    self.description = oneLine(description)
    self.remedy = remedy
  }
}
