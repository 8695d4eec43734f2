import XAIAttribution
import XAIClassifiers
import XAIDatasets
import XAIExamples
import XAIImages
import XAINetworks
import XAIRepresentations
import XAITensor

/// Draws samples of rules about an image and asks a network for its answer.
protocol AnchorSampler {
  /// How many predicates the image satisfies.
  var count: Int { get }
  /// The probability that a sample satisfies a rule by chance, exactly.
  func coverage(_ rule: [Int]) -> Double
  /// Whether rules of one length cover more or less.
  var hasCoverage: Bool { get }
  /// The pixels of a rule; nil where it is not about pixels.
  func mask(_ rule: [Int]) -> [Bool]?
  /// Whether some samples of a rule keep the class.
  func matches(of rule: [Int], samples: Range<Int>, purpose: String) throws -> [Bool]
  /// What a sample shows.
  func picture(of rule: [Int], sample: Int, purpose: String) throws -> RGBImage
}

/// Segments that stay.
struct SegmentSampler: AnchorSampler {
  let rules: SegmentRules
  let preprocessing: Preprocessing

  var count: Int { rules.segments.count }
  var hasCoverage: Bool { false }

  func coverage(_ rule: [Int]) -> Double {
    rule.reduce(1) { product, _ in product * rules.keep }
  }

  func mask(_ rule: [Int]) -> [Bool]? { rules.segments.labels.map(Set(rule).contains) }

  func matches(of rule: [Int], samples: Range<Int>, purpose: String) throws -> [Bool] {
    // What is reported besides the rule: nothing else stays.
    try rules.matches(
      of: rule, samples: samples, purpose: purpose,
      keep: purpose == AnchorPurpose.alone ? 0 : nil)
  }

  func picture(of rule: [Int], sample: Int, purpose: String) throws -> RGBImage {
    try preprocessing.picture(of: rules.image(of: rule, sample: sample, purpose: purpose))
  }
}

/// Predicates of a scene: every other feature is drawn again from the data set's own distribution, what follows from it
/// follows, and the scene is painted.
struct SceneSampler: AnchorSampler {
  let predicates: [ShapesPredicate]
  /// The class that a rule is to keep.
  let target: Int
  let preprocessing: Preprocessing
  let seed: UInt64
  /// Names the image's streams.
  let key: Int
  let reader: ClassReader

  var count: Int { predicates.count }
  var hasCoverage: Bool { true }

  func coverage(_ rule: [Int]) -> Double { rule.reduce(1) { $0 * predicates[$1].probability } }

  func mask(_ rule: [Int]) -> [Bool]? { nil }

  func matches(of rule: [Int], samples: Range<Int>, purpose: String) throws -> [Bool] {
    let first = samples.lowerBound
    let logits = try reader.logits(count: samples.count) { row, pixels in
      scene(rule, first + row, purpose).pixels.withUnsafeBufferPointer {
        preprocessing.apply($0, into: pixels)
      }
    }
    return logits.largestOfRows.map { $0 == target }
  }

  func picture(of rule: [Int], sample: Int, purpose: String) -> RGBImage {
    let side = preprocessing.height
    return RGBImage(
      height: side, width: preprocessing.width, pixels: scene(rule, sample, purpose).pixels)
  }

  private func scene(_ rule: [Int], _ sample: Int, _ purpose: String) -> ShapesPicture {
    let list = "rules/\(purpose)/\(key)/\(rule.map(String.init).joined(separator: "-"))"
    let source = ShapesSource(seed: seed, list: list, index: sample)
    return ShapesModel.picture(
      of: ShapesLatents(satisfying: rule.map { predicates[$0] }, from: source))
  }
}

/// What samples are drawn for: what searches and what proves must not be the same.
enum AnchorPurpose {
  static let search = "search"
  static let proof = "proof"
  /// Nothing but the rule stays.
  static let alone = "alone"
  /// The rule of another network.
  static let old = "old"
}
