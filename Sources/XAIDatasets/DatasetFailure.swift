public import XAITensor

/// A data set that cannot be opened or read.
public struct DatasetFailure: Failure, Equatable {
  /// What is wrong.
  public enum Code: Sendable, CaseIterable {
    /// What the sentence says.
    case described
    /// An image cannot be read; such images can be left out (``DatasetOptions/skipCorrupt``).
    case unreadable
    /// Decoded images cannot be kept where they were to be (``DatasetOptions/cache``).
    case cache
    /// The folder of an export holds something.
    case exportNotEmpty
    /// A number of test images is not to be had.
    case sampleCount
    /// A text names no test image.
    case noSample
    /// There is no test image of a name.
    case unknownSample
  }

  /// What is wrong.
  public let code: Code
  /// The kind of failure.
  public let kind: FailureKind
  /// One sentence for people: what failed, where, expected and found, what to do.
  public let description: String
  /// The failure of a library below that this one passes on.
  public let cause: (any Failure)?

  /// Describes a failure.
  /// - Parameters:
  ///   - kind: The kind of failure.
  ///   - description: One sentence for people.
  ///   - code: What is wrong.
  public init(_ kind: FailureKind, _ description: String, code: Code = .described) {
    (self.code, self.kind, cause) = (code, kind, nil)
    self.description = oneLine(description)
  }

  /// Passes on the failure of a library below, whose sentence already says it all.
  /// - Parameter cause: That failure.
  public init(_ cause: some Failure) {
    (code, kind, description) = (.described, cause.kind, cause.description)
    self.cause = cause
  }

  /// Whether two failures say the same.
  public static func == (left: DatasetFailure, right: DatasetFailure) -> Bool {
    (left.code, left.kind, left.description) == (right.code, right.kind, right.description)
  }
}
