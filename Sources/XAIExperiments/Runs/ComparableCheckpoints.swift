public import XAIAttribution
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
  /// - Throws: `AttributionFailure` that says what does not fit.
  public init(
    _ first: Checkpoint, _ second: Checkpoint, names: (first: String, second: String)
  ) throws(AttributionFailure) {
    let (one, other) = (first.network.architecture, second.network.architecture)
    guard one.input == other.input else {
      throw AttributionFailure(
        .usage,
        "\(names.first) takes images of \(one.input), \(names.second) of \(other.input); compare "
          + "networks that take the same")
    }
    guard one.classes == other.classes else {
      throw AttributionFailure(
        .usage,
        "\(names.first) knows \(one.classes) classes, \(names.second) \(other.classes); compare "
          + "networks of the same classes")
    }
    if !first.classes.isEmpty, !second.classes.isEmpty,
      let index = first.classes.indices.first(where: {
        first.classes[$0].id != second.classes[$0].id
      })
    {
      throw AttributionFailure(
        .usage,
        "class \(index) is '\(first.classes[index].id)' in \(names.first) and "
          + "'\(second.classes[index].id)' in \(names.second); compare networks of the same classes "
          + "in the same order")
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
  /// - Throws: `AttributionFailure` where the true class is wanted, but not known.
  public func pairs(
    of targets: [TargetChoice]?, _ images: [ExplainedImage], _ predictions: [Prediction]
  ) throws(AttributionFailure) -> (records: [ContrastRecord], pairs: [MapContrast.Pair]) {
    var pairs: [MapContrast.Pair] = []
    for (position, image) in images.enumerated() {
      let prediction = predictions[position]
      var wanted = [image.label ?? prediction.predicted]
      if let targets {
        wanted = try targets.map { (choice) throws(AttributionFailure) in
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
