public import XAIExperiments
public import XAINetworks
import XAITensor

extension TargetChoice {
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
  /// - Throws: `CommandFailure` where a word names no class, or several.
  public static func list(
    _ text: String, classes: [Checkpoint.ClassName], count: Int, option: String = "--target"
  ) throws(CommandFailure) -> [TargetChoice] {
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
  ) throws(CommandFailure) -> TargetChoice {
    switch word {
    case "predicted": .predicted
    case "true": .label
    default: .index(try words.index(of: word))
    }
  }
}
