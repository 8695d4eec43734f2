public import XAITensor

/// A kernel library refused or failed an operation.
public struct KernelFailure: Failure {
  /// Always `.software`, or `.inputOutput` where memory ran out.
  public let kind: FailureKind
  /// One sentence: which operation on which shapes, what the library answered, what to do.
  public let description: String

  package init(kind: FailureKind = .software, _ description: String) {
    self.kind = kind
    self.description = description
  }
}
