import XAIAttribution
public import XAIClassifiers
public import XAINetworks
import XAITensor

/// Two networks whose maps of the same images can be compared.
public struct ComparableCheckpoints {
  /// What both say about their classes; empty where neither does.
  public let classes: [Checkpoint.ClassName]

  /// Checks that two networks take the same images and know the same classes.
  /// - Parameters:
  ///   - first: A network.
  ///   - second: Another.
  ///   - names: Their files, for messages.
  /// - Throws: `ExperimentFailure` that says what does not fit.
  public init(
    _ first: Checkpoint, _ second: Checkpoint, names: (first: String, second: String)
  ) throws(ExperimentFailure) {
    let (one, other) = (first.network.architecture, second.network.architecture)
    let paths = [names.first, names.second]
    guard one.input == other.input else {
      throw ExperimentFailure(.inputsDiffer(paths: paths, inputs: [one.input, other.input]))
    }
    guard one.classes == other.classes else {
      throw ExperimentFailure(
        .classCountsDiffer(paths: paths, counts: [one.classes, other.classes]))
    }
    if !first.classes.isEmpty, !second.classes.isEmpty,
      let index = first.classes.indices.first(where: {
        first.classes[$0].id != second.classes[$0].id
      })
    {
      throw ExperimentFailure(
        .classesDiffer(
          paths: paths, index: index,
          identifiers: [first.classes[index].id, second.classes[index].id]))
    }
    classes = first.classes.isEmpty ? second.classes : first.classes
  }

  /// Pairs of one class on both networks.
  /// - Parameters:
  ///   - targets: Which class of each image; `nil` for the true one where that is known, and else the one that
  ///     the first network predicts.
  ///   - images: The images.
  ///   - predictions: What the first network says about each.
  /// - Returns: What is compared, and the pairs image by image.
  /// - Throws: `ExperimentFailure` where the true class is wanted, but not known.
  public func pairs(
    of targets: [TargetChoice]?, _ images: [ExplainedImage], _ predictions: [Prediction]
  ) throws(ExperimentFailure) -> (records: [ContrastRecord], pairs: [MapContrast.Pair]) {
    var pairs: [MapContrast.Pair] = []
    for (position, image) in images.enumerated() {
      let prediction = predictions[position]
      var wanted = [image.label ?? prediction.predicted]
      if let targets {
        wanted = try targets.map { (choice) throws(ExperimentFailure) in
          try choice.index(of: image, prediction)
        }
      }
      for (contrast, target) in wanted.enumerated() {
        pairs.append(
          .init(
            image: position, contrast: contrast, left: .init(network: 0, target: target),
            right: .init(network: 1, target: target)))
      }
    }
    let start = "the maps of both networks for "
    guard let targets else {
      return (
        [
          .init(
            identifier: "A / B",
            summary: start + "the true class (where that is not known, the one that A predicts)")
        ], pairs
      )
    }
    let records = targets.map { choice in
      let name: String
      switch choice {
      case .predicted: name = "the class that A predicts"
      case .label: name = "the true class"
      case .index: name = choice.word(classes)
      }
      return ContrastRecord(identifier: "A / B: \(choice.word(classes))", summary: start + name)
    }
    return (records, pairs)
  }
}
