public import XAIAttribution
public import XAITensor

/// Samples of an image in which the segments of a rule stay and every other one stays with a probability; what
/// does not stay shows another image at the same place.
///
/// Sample k of a rule is a function of its name alone: neither batches nor threads change it.
public struct SegmentRules {
  /// The segments.
  public let segments: SegmentMap
  /// The class that a rule is to keep.
  public let target: Int
  /// The probability with which a segment outside of a rule stays.
  public let keep: Double
  private let reader: ClassReader
  private let image: Tensor
  private let fills: Tensor
  private let seed: UInt64
  private let key: Int

  /// Prepares to draw.
  /// - Parameters:
  ///   - image: `[1, C, H, W]`, normalized.
  ///   - target: The class that a rule is to keep.
  ///   - segments: The image's segments.
  ///   - fills: `[M, C, H, W]`: what may show where a segment does not stay, one of them for each sample.
  ///   - keep: The probability with which a segment outside of a rule stays.
  ///   - seed: Where draws come from.
  ///   - key: Names the image's streams.
  ///   - reader: The network.
  /// - Throws: `ExampleFailure` where shapes do not fit.
  public init(
    image: Tensor, target: Int, segments: SegmentMap, fills: Tensor, keep: Double = 0.5,
    seed: UInt64 = 0, key: Int = 0, _ reader: ClassReader
  ) throws(ExampleFailure) {
    try reader.requireImages(image, "the image")
    try reader.requireImages(fills, "what shows in place of segments")
    try reader.requireClass(target)
    guard [segments.height, segments.width] == Array(image.shape.suffix(2)), fills.rows > 0 else {
      throw ExampleFailure(
        .shape(
          of: "the segments", found: [segments.height, segments.width],
          expected: "\(Array(image.shape.suffix(2)))"))
    }
    guard 0...1 ~= keep else {
      throw ExampleFailure(
        .value(of: "the probability keep", found: "\(keep)", expected: "a number from 0 to 1"))
    }
    (self.image, self.target, self.segments, self.fills) = (image, target, segments, fills)
    (self.keep, self.seed, self.key, self.reader) = (keep, seed, key, reader)
  }

  /// Whether the class stays in samples whose segments are given.
  /// - Parameters:
  ///   - rule: Segments that stay in every sample.
  ///   - design: For each sample, whether each segment stays.
  ///   - background: For each sample, which of the fills shows elsewhere.
  /// - Returns: One answer for each sample.
  /// - Throws: Where a kernel fails.
  public func matches(
    of rule: [Int], design: [[Bool]], background: [Int]
  ) throws -> [Bool] {
    let plane = segments.labels.count
    let logits = try image.withUnsafeElements { shown in
      try fills.withUnsafeElements { hidden in
        try reader.logits(count: design.count) { sample, pixels in
          var stays = design[sample]
          for segment in rule { stays[segment] = true }
          let start = background[sample] * pixels.count
          for index in pixels.indices {
            let isShown = stays[segments.labels[index % plane]]
            pixels[index] = isShown ? shown[index] : hidden[start + index]
          }
        }
      }
    }
    return (0..<logits.rows).map { logits.logits($0).indexOfLargest == target }
  }

  /// Whether the class stays in some samples of a rule.
  /// - Parameters:
  ///   - rule: Segments that stay.
  ///   - samples: Which samples.
  ///   - purpose: Names the draws: what searches and what proves must not be the same.
  ///   - keep: Another probability for the other segments, for what is reported besides.
  /// - Returns: One answer for each sample.
  /// - Throws: Where a kernel fails.
  public func matches(
    of rule: [Int], samples: Range<Int>, purpose: String, keep: Double? = nil
  ) throws -> [Bool] {
    let drawn = samples.map { draw(rule, $0, purpose, keep ?? self.keep) }
    return try matches(of: rule, design: drawn.map(\.stays), background: drawn.map(\.background))
  }

  /// What a sample of a rule shows.
  /// - Parameters:
  ///   - rule: Segments that stay.
  ///   - sample: Which sample.
  ///   - purpose: Names the draws.
  ///   - keep: Another probability for the other segments.
  /// - Returns: `[1, C, H, W]`, normalized.
  public func image(
    of rule: [Int], sample: Int, purpose: String, keep: Double? = nil
  ) -> Tensor {
    let (drawn, background) = draw(rule, sample, purpose, keep ?? self.keep)
    var stays = drawn
    for segment in rule { stays[segment] = true }
    let plane = segments.labels.count
    let fill = fills.row(background)
    return Tensor(shape: image.shape) { pixels in
      image.withUnsafeElements { shown in
        fill.withUnsafeElements { hidden in
          for index in pixels.indices {
            pixels[index] = stays[segments.labels[index % plane]] ? shown[index] : hidden[index]
          }
        }
      }
    }
  }

  private func draw(
    _ rule: [Int], _ sample: Int, _ purpose: String, _ keep: Double
  ) -> (stays: [Bool], background: Int) {
    // The name of a rule is its bits, so that draws of two rules are independent.
    let name = rule.reduce(UInt64(0)) { RandomStream.mix($0 ^ UInt64($1 + 1)) }
    var stream = RandomStream(
      seed: seed, purpose: "anchors/\(purpose)", key, Int(truncatingIfNeeded: name), sample)
    let background = stream.integer(below: fills.rows)
    return ((0..<segments.count).map { _ in stream.uniform() < keep }, background)
  }
}
