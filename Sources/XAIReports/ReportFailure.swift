public import XAITensor

/// A report that cannot be written where it was to be.
public struct ReportFailure: Failure, Equatable {
  /// What is wrong.
  public enum Code: Sendable, Equatable {
    /// The folder holds explanations already.
    case holdsExplanations
  }

  /// What is wrong.
  public let code: Code
  /// The folder.
  public let path: String

  /// Describes a report that cannot be written.
  /// - Parameters:
  ///   - code: What is wrong.
  ///   - path: The folder.
  public init(_ code: Code, path: String) { (self.code, self.path) = (code, path) }

  /// The folder cannot be made.
  public var kind: FailureKind { .cannotCreate }

  /// One sentence: what is wrong, and what to do.
  public var description: String {
    switch code {
    case .holdsExplanations:
      oneLine("\(path): holds explanations already; choose another folder, or replace them")
    }
  }
}
