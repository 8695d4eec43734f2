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

  /// Reads one word of such a list.
  /// - Parameters:
  ///   - text: The word.
  ///   - session: The network whose classes are named.
  /// - Returns: The choice.
  /// - Throws: `CommandFailure` where it names no class, or several.
  package static func one(
    _ text: String, of session: Session
  ) throws(CommandFailure) -> TargetChoice {
    let targets = try list(text, classes: session.classes, count: session.classCount)
    guard targets.count == 1 else {
      throw CommandFailure(
        .form, "--target names \(targets.count) classes; one is asked about: give one")
    }
    return targets[0]
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

extension EvaluationExperiment.Configuration {
  /// Takes the class whose maps are judged.
  /// - Parameters:
  ///   - text: A word of the option; nil leaves the predicted one.
  ///   - session: The network whose classes are named.
  /// - Throws: `CommandFailure` where it names no class, or several.
  package mutating func take(_ text: String?, of session: Session) throws(CommandFailure) {
    guard let text else { return }
    let targets = try TargetChoice.list(text, classes: session.classes, count: session.classCount)
    guard targets.count == 1 else {
      throw CommandFailure(
        .form, "--target names \(targets.count) classes; maps of one are judged: give one")
    }
    (target, targetWords) = (targets[0], text)
  }

  /// Takes images and maps from files in place of pictures.
  /// - Parameters:
  ///   - files: The files.
  ///   - methods: The methods that explain besides; none where nobody named one.
  ///   - target: A class for each image, or one for all.
  ///   - session: The network.
  /// - Throws: `FileFailure`; `ExperimentFailure` where they do not fit together.
  package mutating func take(
    _ files: ScoreOptions, _ methods: MethodOptions, target: String, of session: Session
  ) throws {
    let (tensors, given) = try files.judged(target: target, draws: neighbors, in: session)
    (images, self.given, targetWords) = (.tensors(tensors), given, target)
    if methods.method == nil && !given.isEmpty { self.methods = [] }
  }
}
