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
    let hasNamesAlone = known.allSatisfy { $0.id == $0.name || $0.id.hasPrefix("\($0.name) (") }
    if knowsAny || !hasNamesAlone {
      logits = dataset.classes.map { byID[$0.id] }
    } else {
      // Two classes of one name cannot be told apart.
      let byName = places(\.name)
      let repeated = Self.repeated(known.map(\.name)).union(
        Self.repeated(dataset.classes.map(\.name)))
      logits = dataset.classes.map { repeated.contains($0.name) ? nil : byName[$0.name] }
    }
  }

  private static func repeated(_ names: [String]) -> Set<String> {
    var seen: Set<String> = []
    return Set(names.filter { !seen.insert($0).inserted })
  }

  /// The logit of a label of the data; nil where the network does not know the class.
  /// - Parameter label: A label.
  /// - Returns: The index of the logit.
  public func logit(of label: Int) -> Int? { logits[label] }

  /// The logits of the labels that images of a split have.
  /// - Parameters:
  ///   - dataset: The data.
  ///   - split: The split.
  ///   - file: The checkpoint's file, for messages.
  ///   - count: The number of logits.
  /// - Returns: The index of the logit of each label; nil where no image has it and no logit is its.
  /// - Throws: `NetworkFailure` where the network does not know the class of an image.
  public func complete(
    for dataset: any ImageDataset, _ split: Split, file: String, count: Int
  ) throws(NetworkFailure) -> [Int?] {
    if assumesOrder, logits.contains(where: { $0 == nil }) {
      throw .mismatch(
        "\(file): has \(count) logits and no class names, "
          + "\(dataset.name) has \(dataset.classes.count) classes")
    }
    for index in 0..<dataset.count(of: split) {
      let label = dataset.label(at: index, of: split)
      guard logits[label] == nil else { continue }
      let unknown = dataset.classes[label]
      let close = Spelling.closest(to: unknown.id, in: classes.map(\.id), limit: 1).first
      throw .mismatch(
        "\(file): knows no class \(unknown.id) (\(unknown.name)) of \(dataset.name)"
          + (close.map { ", but \(quoted($0))" } ?? "")
          + "; it was trained on other data")
    }
    return logits
  }
}
