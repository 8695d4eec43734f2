public import XAITensor

/// A kernel library refused or failed an operation.
public struct KernelFailure: Failure {
  /// What is wrong.
  public enum Code: Sendable, Equatable {
    /// What the sentence says.
    case described
    /// The system has not so many threads for this program, for a reason in its own words.
    case threads(Int, reason: String)
  }

  /// What is wrong.
  public let code: Code
  /// Always `.software`, or `.inputOutput` where memory or threads ran out.
  public let kind: FailureKind
  /// One sentence: which operation on which shapes, what the library answered, what to do.
  public let description: String

  package init(kind: FailureKind = .software, _ description: String) {
    (code, self.kind, self.description) = (.described, kind, description)
  }

  package static func threads(_ count: Int, reason: String) -> KernelFailure {
    KernelFailure(
      .threads(count, reason: reason), .inputOutput,
      "the system has no \(count) threads for this program: \(reason); ask for fewer, or raise the limits "
        + "of processes and memory")
  }

  private init(_ code: Code, _ kind: FailureKind, _ description: String) {
    (self.code, self.kind, self.description) = (code, kind, description)
  }
}
