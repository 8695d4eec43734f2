import XAIAttribution
public import XAIClassifiers
public import XAINetworks
import XAITensor

/// Which classes of an image are compared with which, on one network.
public enum ClassContrasts: Sendable, Equatable {
  /// Every pair of some classes.
  case chosen([TargetChoice])
  /// The true class, or the predicted one where the true one is not known, against the most likely
  /// other class, the least likely one, and so many random others.
  ///
  /// The last is the random logit test of Sixt et al. 2020, When Explanations Lie, section 5.
  case ranked(random: Int)

  /// The contrasts, in the order of tables.
  /// - Parameter classes: The names of the network's classes; may be empty.
  /// - Returns: What is compared with what.
  public func records(_ classes: [Checkpoint.ClassName]) -> [ContrastRecord] {
    switch self {
    case .chosen(let choices):
      return Self.pairs(of: choices).map { left, right in
        // Two classes may have the same first name.
        let isClear = left.word(classes) != right.word(classes)
        let words = [left, right].map { $0.word(isClear ? classes : []) }
        return ContrastRecord(
          identifier: "\(words[0]) / \(words[1])",
          summary: "the map of \(words[0]) against that of \(words[1])")
      }
    case .ranked(let random):
      let start = "the map of the true class (the predicted one where that is not known) against "
      let fixed = [
        ContrastRecord(
          identifier: "most likely other class",
          summary: start + "that of the most likely other class"),
        ContrastRecord(
          identifier: "least likely", summary: start + "that of the least likely class"),
      ]
      let drawn = ContrastRecord(
        identifier: "random class",
        summary: start
          + (random == 1
            ? "that of a random other class" : "those of \(random) random other classes"))
      return random > 0 ? fixed + [drawn] : fixed
    }
  }

  /// The pairs of maps, image by image.
  /// - Parameters:
  ///   - images: The images.
  ///   - predictions: What the network says about each.
  ///   - seed: What decides random classes; each image has a stream of its own.
  /// - Returns: The pairs.
  /// - Throws: `ExperimentFailure` where a class is not known, where two choices are the same class, or
  ///   where there are not so many other classes.
  public func pairs(
    of images: [ExplainedImage], _ predictions: [Prediction], seed: UInt64
  ) throws(ExperimentFailure) -> [MapContrast.Pair] {
    var pairs: [MapContrast.Pair] = []
    for (position, image) in images.enumerated() {
      switch self {
      case .chosen(let choices):
        pairs += try Self.chosen(choices, position, image, predictions[position])
      case .ranked(let random):
        pairs += try Self.ranked(random, position, image, predictions[position], seed)
      }
    }
    return pairs
  }

  private static func pairs(of choices: [TargetChoice]) -> [(TargetChoice, TargetChoice)] {
    choices.indices.flatMap { first in
      choices[(first + 1)...].map { (choices[first], $0) }
    }
  }

  private static func chosen(
    _ choices: [TargetChoice], _ position: Int, _ image: ExplainedImage, _ prediction: Prediction
  ) throws(ExperimentFailure) -> [MapContrast.Pair] {
    var pairs: [MapContrast.Pair] = []
    for (contrast, choice) in Self.pairs(of: choices).enumerated() {
      let left = try choice.0.index(of: image, prediction, for: .contrast)
      let right = try choice.1.index(of: image, prediction, for: .contrast)
      guard left != right else {
        throw ExperimentFailure(.sameClass(index: left, image: image.name))
      }
      pairs.append(
        .init(
          image: position, contrast: contrast, left: .init(network: 0, target: left),
          right: .init(network: 0, target: right)))
    }
    return pairs
  }

  private static func ranked(
    _ random: Int, _ position: Int, _ image: ExplainedImage, _ prediction: Prediction,
    _ seed: UInt64
  ) throws(ExperimentFailure) -> [MapContrast.Pair] {
    let logits = prediction.logits
    let reference = image.label ?? prediction.predicted
    let others = logits.indices.filter { $0 != reference }
    // The first of several that are equally likely.
    guard let second = others.max(by: { (logits[$0], -$0) < (logits[$1], -$1) }),
      let least = others.min(by: { (logits[$0], $0) < (logits[$1], $1) })
    else {
      throw ExperimentFailure(.oneClass)
    }
    guard random <= others.count else {
      throw ExperimentFailure(.tooFewOtherClasses(wanted: random, found: others.count))
    }
    var stream = RandomStream(seed: seed, purpose: "class-sensitivity/random", image.key)
    var drawn = others
    for draw in 0..<random { drawn.swapAt(draw, draw + stream.integer(below: drawn.count - draw)) }
    let rights = [(0, 0, second), (1, 0, least)] + (0..<random).map { (2, $0, drawn[$0]) }
    return rights.map { contrast, draw, right in
      .init(
        image: position, contrast: contrast, draw: draw,
        left: .init(network: 0, target: reference), right: .init(network: 0, target: right))
    }
  }
}

extension TargetChoice {
  /// A short name for tables.
  /// - Parameter classes: The names of the network's classes; may be empty.
  /// - Returns: Such as `banana`, `predicted` or `class 7`.
  public func word(_ classes: [Checkpoint.ClassName]) -> String {
    switch self {
    case .predicted: "predicted"
    case .label: "true"
    case .index(let index): classes.isEmpty ? "class \(index)" : classes[index].name.firstSynonym
    }
  }
}

extension String {
  /// The first of the names of a class, which ImageNet separates by commas.
  package var firstSynonym: String {
    split(separator: ",").first.map { $0.trimmingSpaces } ?? self
  }
}
