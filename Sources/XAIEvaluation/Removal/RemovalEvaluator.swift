public import XAITensor

/// What a network says about one image and class when sets of its pixels are gone.
///
/// A pixel goes with all its channels. The same set of pixels costs one pass, whichever method or measure
/// asks: constant maps, duplicates and curves that meet share it. Measures name their sets first
/// (`prepare`), those of all methods together, so that batches are full.
public final class RemovalEvaluator {
  /// The network.
  public let network: JudgedNetwork
  /// The image, `[C, H, W]`.
  public let image: Tensor
  /// What stands in the place of pixels that are gone.
  public let fill: any RemovalFill
  /// The class.
  public let target: Int
  /// Where answers are kept beyond the process.
  public var archive: (any RemovalArchive)?
  /// The forward passes so far.
  public private(set) var passes = 0
  private var known: [PixelMask: RemovalAnswer] = [:]

  /// Prepares the removals of an image.
  /// - Parameters:
  ///   - network: The network.
  ///   - image: `[C, H, W]`, normalized.
  ///   - fill: What stands in the place of pixels that are gone.
  ///   - target: The class.
  /// - Throws: `EvaluationFailure` where the image is not the network's or the class is none of it.
  public init(
    _ network: JudgedNetwork, image: Tensor, fill: any RemovalFill, target: Int
  ) throws(EvaluationFailure) {
    try Self.require(image, "the image", of: network)
    guard 0..<network.classes ~= target else {
      throw EvaluationFailure(.outside(target, of: network.classes), of: "the target")
    }
    (self.network, self.image, self.fill) = (network, image, fill)
    self.target = target
  }

  /// Prepares the removals of an image whose pixels are replaced by those of a baseline.
  /// - Parameters:
  ///   - network: The network.
  ///   - image: `[C, H, W]`, normalized.
  ///   - baseline: What replaces pixels, of the same shape.
  ///   - target: The class.
  /// - Throws: `EvaluationFailure` where shapes differ from the network's or the class is none of it.
  public convenience init(
    _ network: JudgedNetwork, image: Tensor, baseline: Tensor, target: Int
  ) throws(EvaluationFailure) {
    try Self.require(baseline, "the baseline", of: network)
    try self.init(network, image: image, fill: BaselineFill(baseline), target: target)
  }

  private static func require(
    _ tensor: Tensor, _ name: String, of network: JudgedNetwork
  ) throws(EvaluationFailure) {
    guard tensor.shape == network.input else {
      throw EvaluationFailure(.shape(tensor.shape, expected: "\(network.input)"), of: name)
    }
    guard tensor.isFinite else { throw EvaluationFailure(.notFinite, of: name) }
  }

  /// The number of pixels.
  public var pixels: Int { network.input[1] * network.input[2] }

  /// No pixel: the image itself.
  public var nothing: PixelMask { PixelMask(count: pixels) }

  /// Every pixel: what fills holes, alone.
  public var everything: PixelMask { nothing.complement }

  /// Evaluates those of some removals that are not known yet, in full batches.
  /// - Parameter masks: The pixels that go.
  /// - Throws: What the network throws, or `AttributionStopped`.
  public func prepare(_ masks: some Sequence<PixelMask>) throws {
    var missing: [PixelMask] = []
    var seen: Set<PixelMask> = []
    for mask in masks where known[mask] == nil {
      precondition(mask.count == pixels, "a set of \(mask.count) pixels of \(pixels)")
      if seen.insert(mask).inserted { missing.append(mask) }
    }
    guard !missing.isEmpty else { return }
    if let archive {
      let kept = try archive.answers(to: missing)
      for (mask, answer) in zip(missing, kept) { known[mask] = answer }
      missing = zip(missing, kept).compactMap { $1 == nil ? $0 : nil }
    }
    let answers = try evaluate(missing)
    for (mask, answer) in zip(missing, answers) { known[mask] = answer }
    passes += missing.count
    if !missing.isEmpty { try archive?.keep(answers, to: missing) }
  }

  private func evaluate(_ masks: [PixelMask]) throws -> [RemovalAnswer] {
    let logits = try network.logits(count: masks.count) { index, target in
      fill.write(image, without: masks[index], into: target)
    }
    return logits.map {
      RemovalAnswer(
        value: TargetValue($0, of: target), prediction: JudgedNetwork.prediction($0))
    }
  }

  /// What is said about the image without some pixels.
  /// - Parameter masks: The pixels that go.
  /// - Returns: Logit and probability of each.
  /// - Throws: What the network throws, or `AttributionStopped`.
  public func values(without masks: [PixelMask]) throws -> [TargetValue] {
    try answers(masks).map(\.value)
  }

  /// The class that the network names without some pixels.
  /// - Parameter masks: The pixels that go.
  /// - Returns: The class of each.
  /// - Throws: What the network throws, or `AttributionStopped`.
  public func predictions(without masks: [PixelMask]) throws -> [Int] {
    try answers(masks).map(\.prediction)
  }

  /// What is lost with some pixels: `v(x) - v(x without them)`.
  /// - Parameter masks: The pixels that go.
  /// - Returns: The loss of logit and probability of each.
  /// - Throws: What the network throws, or `AttributionStopped`.
  public func drops(without masks: [PixelMask]) throws -> [TargetValue] {
    let values = try values(without: [nothing] + masks)
    return values.dropFirst().map { values[0] - $0 }
  }

  /// Forgets what is known, where memory matters more than passes.
  public func forget() { known = [:] }

  /// The image without some pixels.
  /// - Parameter mask: The pixels that go.
  /// - Returns: `[C, H, W]`.
  public func image(without mask: PixelMask) -> Tensor {
    Tensor(shape: image.shape) { fill.write(image, without: mask, into: $0) }
  }

  private func answers(_ masks: [PixelMask]) throws -> [RemovalAnswer] {
    try prepare(masks)
    return masks.compactMap { known[$0] }
  }
}
