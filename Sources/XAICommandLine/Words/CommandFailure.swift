public import XAITensor

/// A word of a command line that means nothing, found out only once the program knows what it works on.
public struct CommandFailure: Failure, Equatable {
  /// What is wrong.
  public enum Code: Sendable, Equatable {
    /// A word names no class of the network.
    case unknownClass
    /// A word may mean several classes.
    case ambiguousClass
    /// A word is not of the form that an option takes.
    case form
    /// An option says what a checkpoint contradicts.
    case contradiction
  }

  /// What is wrong.
  public let code: Code
  /// One sentence: which option, what was expected and found.
  public let description: String

  /// Describes a word that means nothing.
  /// - Parameters:
  ///   - code: What is wrong.
  ///   - description: One sentence.
  public init(_ code: Code, _ description: String) {
    (self.code, self.description) = (code, oneLine(description))
  }

  /// Something impossible was asked for.
  public var kind: FailureKind { .usage }
}
