import XAIImages

extension CounterfactualExperiment {
  /// An image's answers with their pictures, as they are kept.
  struct Part: Codable {
    let record: CounterfactualImage
    private let answer: StoredPicture
    private let references: [StoredPicture]
    private let others: [StoredPicture]
    private let changed: [Bool]

    init(_ found: (record: CounterfactualImage, pictures: Pictures)) {
      record = found.record
      answer = StoredPicture(found.pictures.answer)
      references = found.pictures.references.map(StoredPicture.init)
      others = found.pictures.others.map(StoredPicture.init)
      changed = found.pictures.changed
    }

    func pictures(of fact: RGBImage) -> Pictures {
      Pictures(
        fact: fact, answer: answer.picture, references: references.map(\.picture),
        changed: changed, others: others.map(\.picture))
    }
  }
}
