public import XAIAttribution
public import XAIClassifiers
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

  /// Reads a list such as `predicted,true,42,n02106662,banana,id:10`.
  ///
  /// A name is a whole class name or one of its synonyms, whatever the case of its letters. `index:`, `id:`
  /// and `name:` before a word say which of the three it is; a word that is an identifier or a name of one
  /// class and the index or a name of another needs that.
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
    let words = ClassWords(classes, count: count, option: option)
    // Class names of ImageNet hold commas themselves.
    if text.contains(","), let index = words.wholeName(text) { return [.index(index)] }
    var choices: [TargetChoice] = []
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      let choice = try Self.one(word.trimmingSpaces, words)
      if !choices.contains(choice) { choices.append(choice) }
    }
    return choices
  }

  private static func one(
    _ word: String, _ words: ClassWords
  ) throws(AttributionFailure) -> TargetChoice {
    switch word {
    case "predicted": .predicted
    case "true": .label
    default: .index(try words.index(of: word))
    }
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
}
