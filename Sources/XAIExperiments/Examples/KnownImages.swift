import XAIClassifiers
import XAIDatasets
import XAITensor

/// Images of a split whose class the network knows.
struct KnownImages {
  /// Their numbers in the split.
  let numbers: [Int]
  /// The class of each among the network's.
  let labels: [Int]

  /// Takes images of a data set.
  /// - Parameters:
  ///   - session: The network and the data.
  ///   - split: The split.
  ///   - most: At most so many; drawn without repetition where there are more, in the order of the split.
  ///   - isWanted: Whether images of a class count.
  /// - Throws: `ExperimentFailure` where there are no data, or where the network knows no class of them.
  init(
    of session: Session, _ split: Split, most: Int? = nil,
    where isWanted: (Int) -> Bool = { _ in true }
  ) throws(ExperimentFailure) {
    guard let dataset = session.dataset else { throw ExperimentFailure(.noData) }
    let mapping = LabelMapping(session.network.checkpoint, dataset)
    guard dataset.classes.indices.contains(where: { mapping.logit(of: $0) != nil }) else {
      throw ExperimentFailure(
        .recognizesNothing(dataset: dataset.name, classes: dataset.classes.count))
    }
    var all = (0..<dataset.count(of: split)).compactMap { number in
      mapping.logit(of: dataset.label(at: number, of: split)).map { (number, $0) }
    }.filter { isWanted($0.1) }
    if let most, all.count > most {
      var stream = RandomStream(
        seed: session.request.seed, purpose: "examples/images/\(split.rawValue)")
      stream.shuffle(&all)
      all = all.prefix(most).sorted { $0.0 < $1.0 }
    }
    (numbers, labels) = (all.map(\.0), all.map(\.1))
  }

  private init(_ numbers: [Int], _ labels: [Int]) {
    (self.numbers, self.labels) = (numbers, labels)
  }

  /// Some of the images.
  func part(_ rows: [Int]) -> KnownImages {
    KnownImages(rows.map { numbers[$0] }, rows.map { labels[$0] })
  }
}
