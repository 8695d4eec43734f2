public import XAIAttribution
public import XAINetworks
import XAITensor

/// Which class of an image is explained.
public enum TargetChoice: Sendable, Equatable {
  /// The class of the largest logit.
  case predicted
  /// The class that the data name.
  case label
  /// A class by its index.
  case index(Int)

  /// Reads a list such as `predicted,true,42,n02106662,banana`.
  ///
  /// A name is a whole class name or one of its synonyms, whatever the case of its letters.
  /// - Parameters:
  ///   - text: The list.
  ///   - classes: The names of the network's classes; may be empty.
  ///   - count: The number of classes.
  ///   - option: What the user wrote before it, for messages.
  /// - Returns: The choices, each once.
  /// - Throws: `AttributionFailure` where a word names no class, or several.
  public static func list(
    _ text: String, classes: [Checkpoint.ClassName], count: Int, option: String = "--target"
  ) throws(AttributionFailure) -> [TargetChoice] {
    // Class names of ImageNet hold commas themselves.
    if text.contains(","), let index = classes.firstIndex(where: { $0.name == text }) {
      return [.index(index)]
    }
    var choices: [TargetChoice] = []
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      let choice = try Self.one(word.trimmingSpaces, classes, count, option)
      if !choices.contains(choice) { choices.append(choice) }
    }
    return choices
  }

  private static func one(
    _ word: String, _ classes: [Checkpoint.ClassName], _ count: Int, _ option: String
  ) throws(AttributionFailure) -> TargetChoice {
    if word == "predicted" { return .predicted }
    if word == "true" { return .label }
    if let index = Int(word) {
      guard 0..<count ~= index else {
        throw AttributionFailure(
          .usage, "\(option) \(word): the network has the classes 0 to \(count - 1)")
      }
      return .index(index)
    }
    if let index = classes.firstIndex(where: { $0.id == word }) { return .index(index) }
    let wanted = word.lowercased()
    let matches = classes.indices.filter { synonyms(of: classes[$0]).contains(wanted) }
    if matches.count == 1 { return .index(matches[0]) }
    if matches.count > 1 {
      let found = matches.map { "\($0) (\(classes[$0].id), \(classes[$0].name))" }
      throw AttributionFailure(
        .usage,
        "\(option) '\(word)' names \(matches.count) classes: \(found.joined(separator: "; ")); give "
          + "an index or identifier")
    }
    throw unknown(word, classes, option)
  }

  /// The class of an image.
  /// - Parameters:
  ///   - image: The image.
  ///   - prediction: What the network says about it.
  ///   - option: What the user wrote before the choice, for messages.
  /// - Returns: Its index.
  /// - Throws: `AttributionFailure` where the true class is wanted, but not known.
  public func index(
    of image: ExplainedImage, _ prediction: Prediction, option: String = "--target"
  ) throws(AttributionFailure) -> Int {
    switch self {
    case .predicted: return prediction.predicted
    case .index(let index): return index
    case .label:
      if let label = image.label { return label }
      throw AttributionFailure(
        .usage,
        "\(option) true: the class of \(image.name) is not known; take images of --data whose classes "
          + "the network has")
    }
  }

  private static func synonyms(of name: Checkpoint.ClassName) -> [String] {
    [name.name.lowercased()] + name.name.lowercased().split(separator: ",").map(\.trimmingSpaces)
  }

  private static func unknown(
    _ word: String, _ classes: [Checkpoint.ClassName], _ option: String
  ) -> AttributionFailure {
    let names = classes.flatMap { [$0.id] + $0.name.split(separator: ",").map(\.trimmingSpaces) }
    let close = Spelling.closest(to: word, in: names).map { "'\($0)'" }
    let hint =
      classes.isEmpty
      ? "the checkpoint names no classes: give an index"
      : close.isEmpty
        ? "give predicted, true, an index, an identifier or a name"
        : "did you mean \(close.joined(separator: " or "))?"
    return AttributionFailure(.usage, "\(option) '\(word)' is no class of the network; \(hint)")
  }
}
