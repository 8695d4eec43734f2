public import XAIDatasets
import XAITensor

/// Where the images of concepts come from.
public enum ConceptSource: Sendable, Equatable {
  /// A concept for each folder in a folder.
  case folders(String)
  /// Images of classes of the data, from the training split.
  case classes([String])
  /// A JSON file of lists of classes by the names of concepts.
  case groups(String)
  /// Scenes with a factor, drawn on demand; perhaps each beside the same scene with another value.
  case scenes(ShapesFactor, name: String, isPaired: Bool)

  /// What stands behind a factor where scenes come in pairs.
  private static let paired = "/PAIRED"

  /// Reads sources that commas separate: `shapes:pattern=stripes,class:n02123045,n02123159,folder:DIR`.
  /// - Parameter text: The text; a part without a colon is one more class of the source before it.
  /// - Returns: The sources.
  /// - Throws: `ConceptFailure`, or `DatasetFailure` where shapes have no such factor.
  public static func list(_ text: String) throws -> [ConceptSource] {
    var sources: [ConceptSource] = []
    for part in text.split(separator: ",").map(\.trimmingSpaces) {
      let words = part.split(separator: ":", maxSplits: 1).map(String.init)
      if words.count < 2, case .classes(let known)? = sources.last {
        sources[sources.count - 1] = .classes(known + [part])
        continue
      }
      guard words.count == 2 else { throw ConceptFailure(.unknownSource(part)) }
      sources.append(try source(words[0], words[1], part))
    }
    guard !sources.isEmpty else { throw ConceptFailure(.unknownSource(text)) }
    return sources
  }

  private static func source(
    _ kind: String, _ value: String, _ part: String
  ) throws -> ConceptSource {
    switch kind {
    case "folder": return .folders(value)
    case "class": return .classes([value])
    case "groups": return .groups(value)
    case "shapes":
      let isPaired = value.hasSuffix(paired)
      let name = isPaired ? String(value.dropLast(paired.count)) : value
      return .scenes(try ShapesFactor(name), name: name, isPaired: isPaired)
    default: throw ConceptFailure(.unknownSource(part))
    }
  }
}
