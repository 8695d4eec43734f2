import XAIFiles
import XAIImages

/// What was found at one layer.
struct LayerConcepts {
  var entries: [ConceptEntry] = []
  var controls: [ConceptControls] = []
}

/// What is tested at each layer.
struct ConceptSubjects {
  let concepts: [ConceptImages]
  /// The pictures of each class.
  let classes: [[RGBImage]]
  /// The sets that concepts are compared with.
  let negatives: PictureList
  /// What stands in a concept's place.
  let random: PictureList
  /// How many random concepts.
  let controls: Int

  /// Names everything by its content.
  static func digest(_ pictures: [RGBImage]) -> String {
    digest(pictures.map { String($0.digest, radix: 16) }.joined(separator: " "))
  }

  static func digest(_ text: String) -> String { SHA256.of(Array(text.utf8)) }
}
