public import XAITensor

/// Maps that cannot be compared.
public struct MetricFailure: Failure, Equatable {
  /// What is wrong with a map.
  public enum Code: Sendable, Equatable {
    /// It holds NaN or infinity.
    case notFinite
  }

  /// What is wrong.
  public let code: Code
  /// Whose map it is.
  public let source: String

  /// Describes a map that cannot be compared.
  /// - Parameters:
  ///   - code: What is wrong with it.
  ///   - source: Whose map it is.
  public init(_ code: Code, source: String) { (self.code, self.source) = (code, source) }

  /// Wrong data.
  public var kind: FailureKind { .badData }

  /// One sentence: what failed, and what to do.
  public var description: String {
    switch code {
    case .notFinite:
      oneLine(
        "the map of \(source) holds NaN or infinity and cannot be compared; the network overflows: "
          + "look at its health")
    }
  }
}
