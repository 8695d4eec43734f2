public import XAITensor

/// A request that a method cannot serve, or a choice of methods that cannot be.
public struct AttributionFailure: Failure {
  /// What is wrong, with its values.
  public enum Code: Sendable, Equatable {
    /// What the sentence says.
    case described
    /// There is no method or group of this name; these are close to it.
    case unknownMethod(String, suggestions: [String])
    /// No method is chosen.
    case noMethod
    /// None of the chosen methods has a parameter, which was called so.
    case parameterOfNone(String)
  }

  /// What is wrong.
  public let code: Code
  /// What kind of failure.
  public let kind: FailureKind
  /// One sentence: what failed, where, expected and found, what to do.
  public let description: String

  /// Describes a failure.
  /// - Parameters:
  ///   - kind: What kind; `.usage` where the caller asked for something impossible.
  ///   - description: One sentence.
  public init(_ kind: FailureKind, _ description: String) {
    (code, self.kind, self.description) = (.described, kind, oneLine(description))
  }

  /// A failure with its values: something impossible was asked for.
  /// - Parameter code: What is wrong; `described` is for failures with a sentence.
  public init(_ code: Code) {
    (self.code, kind, description) = (code, .usage, oneLine(code.sentence))
  }
}

extension AttributionFailure.Code {
  fileprivate var sentence: String {
    switch self {
    case .described: ""
    case .unknownMethod(let word, let suggestions):
      "there is no method or group '\(word)'"
        + (suggestions.isEmpty ? "" : "; did you mean \(suggestions.joined(separator: " or "))?")
    case .noMethod: "no method is chosen; name one, or a group"
    case .parameterOfNone(let words): "\(words): none of the chosen methods has it"
    }
  }
}

/// The caller asked to stop; nothing was computed to the end, and nothing was modified.
public struct AttributionStopped: Error {
  /// Says that a computation was stopped.
  public init() {}
}
