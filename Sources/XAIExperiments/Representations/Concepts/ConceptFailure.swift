public import XAITensor

/// Images of a concept that cannot be found.
public struct ConceptFailure: Failure, Equatable {
  /// What is wrong, with its values.
  public enum Code: Sendable, Equatable {
    /// A word names no source of concepts.
    case unknownSource(String)
    /// A folder has no folder of images in it.
    case noFolders(String)
    /// The data are no shapes, whose scenes could be drawn.
    case needsShapes(String, data: String)
    /// The data have no such class.
    case unknownClass(String, data: String, close: [String])
    /// Fewer images than a set has.
    case tooFewImages(of: String, found: Int, set: Int)
    /// No test image shows a class.
    case noClassImages(String, data: String)
    /// Two concepts have one name.
    case twice(String)
    /// Pairs have no union with others.
    case pairedIsRelative(String)
  }

  /// What is wrong.
  public let code: Code

  /// Describes what is wrong.
  /// - Parameter code: What is wrong.
  public init(_ code: Code) { self.code = code }

  /// A folder that is not as it should be, or something impossible.
  public var kind: FailureKind {
    switch code {
    case .noFolders: .missingInput
    case .tooFewImages: .badData
    default: .usage
    }
  }

  /// One sentence: what is wrong, and what to do.
  public var description: String {
    switch code {
    case .unknownSource(let word):
      oneLine(
        "\(quoted(word)) is no source of concepts; expected folder:DIR, class:ID, groups:FILE.json or "
          + "shapes:FACTOR=VALUE")
    case .noFolders(let path):
      oneLine(
        "\(path): holds no folder; a concept is a folder of images in it, named like the concept")
    case .needsShapes(let concept, let data):
      oneLine(
        "the concept \(concept) is drawn by shapes, and the data are \(data); use --data shapes")
    case .unknownClass(let word, let data, let close):
      oneLine(
        "\(data) has no class \(quoted(word))"
          + (close.isEmpty
            ? "" : "; did you mean \(close.map { quoted($0) }.joined(separator: " or "))?"))
    case .tooFewImages(let concept, let found, let set):
      oneLine(
        "the concept \(concept) has \(found) images, and sets of \(set) are compared; ask for sets of at most "
          + "\(found)")
    case .noClassImages(let name, let data):
      oneLine("no test image of \(data) shows the class \(name)")
    case .twice(let name): oneLine("two concepts are called \(quoted(name)); name each once")
    case .pairedIsRelative(let name):
      oneLine(
        "the concept \(name) is compared with its own counterparts, not with other concepts; leave out PAIRED"
      )
    }
  }
}
