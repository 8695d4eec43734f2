import XAIDatasets
import XAINetworks
import XAITensor
import XAITraining

/// Which logit belongs to a class of the data: by identifier, since data and checkpoint may list the
/// classes in different orders.
struct LabelMapping {
  /// The classes in the order of the logits.
  let classes: [ClassLabel]
  private let logits: [Int]

  init(_ checkpoint: Checkpoint, _ dataset: any ImageDataset, file: String) throws {
    guard !checkpoint.classes.isEmpty else {
      guard checkpoint.network.architecture.classes == dataset.classes.count else {
        throw NetworkFailure.mismatch(
          "\(file): has \(checkpoint.network.architecture.classes) logits and no class names, "
            + "\(dataset.name) has \(dataset.classes.count) classes")
      }
      classes = dataset.classes
      logits = Array(dataset.classes.indices)
      return
    }
    classes = checkpoint.classes.map { ClassLabel(id: $0.id, name: $0.name) }
    let positions = Dictionary(
      checkpoint.classes.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    logits = try dataset.classes.map { label in
      guard let position = positions[label.id] else {
        throw NetworkFailure.mismatch(
          "\(file): knows no class \(label.id) (\(label.name)) of \(dataset.name); it was trained "
            + "on other data")
      }
      return position
    }
  }

  /// The logit of a label of the data.
  func logit(of label: Int) -> Int { logits[label] }
}
