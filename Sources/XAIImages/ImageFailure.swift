public import XAITensor

/// An image that could not be read, decoded or encoded.
public struct ImageFailure: Failure, Equatable {
  /// Which exit status fits: `.missingInput`, `.badData`, `.inputOutput` or `.software`.
  public let kind: FailureKind
  /// One sentence: which file, what was expected and found, what to do.
  public let description: String

  /// Creates a failure.
  /// - Parameters:
  ///   - kind: Which exit status fits.
  ///   - description: One sentence for people.
  public init(_ kind: FailureKind, _ description: String) {
    self.kind = kind
    self.description = oneLine(description)
  }
}

extension ImageFailure {
  static func empty(_ name: String) -> ImageFailure {
    ImageFailure(.badData, "'\(name)': expected a JPEG or PNG file, but it is empty; replace it")
  }
}
