public import XAINetworks
public import XAITensor

/// What a person should know about how a network's file was read.
public enum CheckpointRemark: Remark, Equatable {
  /// What was assumed, chosen or passed over.
  case reading(Checkpoint.Remark, path: String)
  /// The file does not say how images are normalized: pixels / 255 are taken as they are.
  case missingNormalization(path: String)
  /// The file does not name its classes: their order is assumed to be that of the data, whose identifiers
  /// these are.
  case assumedOrder(path: String, dataset: String, classes: [String])
  /// The file's own class names give way to others.
  case replacedClasses(path: String)

  /// Whether it contradicts the file, or may be wrong.
  public var isWarning: Bool {
    guard case .reading(let remark, _) = self else { return true }
    if case .replaced = remark { return true }
    return false
  }

  /// One sentence.
  public var description: String {
    switch self {
    case .reading(let remark, let path):
      return "\(path): \(remark.clause)"
    case .missingNormalization(let path):
      return
        "\(path) does not say how images are normalised (normalization.mean and normalization.std): "
        + "pixels / 255 are taken as they are"
    case .assumedOrder(let path, let dataset, let classes):
      return "\(path) does not name its classes: their order is assumed to be that of \(dataset) "
        + "(\(beginning(of: classes)))"
    case .replacedClasses(let path):
      return "\(path): its own class names give way to those that were given"
    }
  }
}

extension Checkpoint.Remark {
  /// What a person should know, as a clause.
  package var clause: String {
    switch self {
    case .dictionary(let key): return "the state dictionary is read from its key \(quoted(key))"
    case .otherWeights(let key, let areAveraged):
      return areAveraged
        ? "its averaged weights (\(quoted(key))) are there too, and are not read"
        : "its averaged weights are read, not the plain ones (\(quoted(key)))"
    case .prefix(let prefix): return "all names begin with \(quoted(prefix)), which is dropped"
    case .mapped(let layers):
      let pairs = layers.map { "\($0.layer) is \($0.node)" }
      let shown =
        pairs.count > 6
        ? pairs.prefix(3) + ["..."] + pairs.suffix(2) : pairs[...]
      return "layers are mapped by order and shape: \(shown.joined(separator: ", "))"
    case .ignored(let names):
      return "\(grouped(names.count, "tensor")) passed over as asked: \(beginning(of: names))"
    case .replaced(let what): return "its own \(what) give way to those that were given"
    case .foreignMetadata(let key, let text):
      return "its metadata \(quoted(key)) is another program's and says nothing here: "
        + quoted(text, longest: 60)
    }
  }
}

private func beginning(of words: [String]) -> String {
  words.prefix(3).joined(separator: ", ") + (words.count > 3 ? ", ..." : "")
}
