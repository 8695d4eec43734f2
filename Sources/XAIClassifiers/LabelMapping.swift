public import XAIDatasets
public import XAINetworks
import XAITensor

/// Which logit belongs to a class of the data: by identifier, or by name where the network has names alone,
/// since data and checkpoint may list the classes in different orders.
public struct LabelMapping: Sendable {
  /// The classes in the order of the logits.
  public let classes: [ClassLabel]
  /// Whether the checkpoint names no classes, so that the order of the data's is assumed to be its own.
  public let assumesOrder: Bool
  /// The logit of each class of the data; nil where the network does not know it.
  private let logits: [Int?]

  /// Matches classes.
  /// - Parameters:
  ///   - checkpoint: The network.
  ///   - dataset: The data.
  public init(_ checkpoint: Checkpoint, _ dataset: any ImageDataset) {
    let known = checkpoint.classes
    assumesOrder = known.isEmpty
    guard !known.isEmpty else {
      classes = dataset.classes
      let fits = checkpoint.network.architecture.classes == dataset.classes.count
      logits = dataset.classes.indices.map { fits ? $0 : nil }
      return
    }
    classes = known.map { ClassLabel(id: $0.id, name: $0.name) }
    func places(_ word: (Checkpoint.ClassName) -> String) -> [String: Int] {
      Dictionary(
        known.enumerated().map { (word($1), $0) }, uniquingKeysWith: { first, _ in first })
    }
    let byID = places(\.id)
    let knowsAny = dataset.classes.contains { byID[$0.id] != nil }
    if knowsAny || known.contains(where: { $0.id != $0.name }) {
      logits = dataset.classes.map { byID[$0.id] }
    } else {
      // A list of names alone; two classes of one name cannot be told apart.
      let byName = places(\.name)
      let names = dataset.classes.map(\.name)
      let areClear = byName.count == known.count && Set(names).count == names.count
      logits = names.map { areClear ? byName[$0] : nil }
    }
  }

  /// The logit of a label of the data; nil where the network does not know the class.
  /// - Parameter label: A label.
  /// - Returns: The index of the logit.
  public func logit(of label: Int) -> Int? { logits[label] }

  /// The logits of all labels of the data.
  /// - Parameters:
  ///   - dataset: The data, for messages.
  ///   - file: The checkpoint's file, for messages.
  ///   - count: The number of logits.
  /// - Returns: The index of the logit of each label.
  /// - Throws: `NetworkFailure` where the network does not know a class.
  public func complete(
    for dataset: any ImageDataset, file: String, count: Int
  ) throws(NetworkFailure) -> [Int] {
    var complete: [Int] = []
    for (label, logit) in zip(dataset.classes, logits) {
      if let logit {
        complete.append(logit)
        continue
      }
      guard !assumesOrder else {
        throw .mismatch(
          "\(file): has \(count) logits and no class names, "
            + "\(dataset.name) has \(dataset.classes.count) classes")
      }
      throw .mismatch(
        "\(file): knows no class \(label.id) (\(label.name)) of \(dataset.name); it was trained "
          + "on other data")
    }
    return complete
  }
}
