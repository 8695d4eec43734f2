/// What would have to be different for another answer: `results.json`.
///
/// Nothing in it depends on when or how fast it was computed: the same call gives the same bytes.
public struct CounterfactualResults: Codable, Sendable {
  /// What kind of file this is.
  public static let schema = "swift-xai/counterfactuals"
  /// Rises when a reader of older files would go wrong.
  public static let schemaVersion = 1

  /// What kind of file this is.
  public var schema = Self.schema
  /// The version of the file's layout.
  public var schemaVersion = Self.schemaVersion
  /// The version of the toolkit.
  public var version: String
  /// The network, and the one that is asked whether it agrees.
  public var networks: [StudiedNetwork]
  /// What decides random choices and random weights.
  public var seed: UInt64
  /// What may change.
  public var kind: CounterfactualKind
  /// What removed segments show; of evidence alone.
  public var baseline: String?
  /// The training images that prices and plausibility rest on; nil without data.
  public var data: StudiedData?
  /// What follows from what; of scenes alone.
  public var graph: [CausalFeature]?
  /// The images.
  public var images: [CounterfactualImage]
  /// What a reader must know besides.
  public var notes: [String]

  enum CodingKeys: String, CodingKey {
    case schema
    case schemaVersion = "schema_version"
    case version, networks, seed, kind, baseline, data, graph, images, notes
  }
}

/// What may change.
public enum CounterfactualKind: String, Codable, Sendable, CaseIterable {
  /// Segments are removed; the fewest of them.
  case evidence
  /// Cells of features are those of another image; the fewest of them.
  case region
  /// Pixels, at least distance.
  case distance
  /// Features of a scene, at least cost, with what follows from them.
  case scene
  /// Photographic actions, at least cost.
  case photo
}

/// An image, and what would have to be different.
public struct CounterfactualImage: Codable, Sendable, Equatable {
  /// The image.
  public var image: StudiedImage
  /// The class that is wanted; nil for any other.
  public var goal: StudiedClass?
  /// The answer; of the network that has the goal already the image itself.
  public var answer: CounterfactualAnswer
  /// What it is made of.
  public var detail: CounterfactualDetail
  /// Answers that look at nothing: noise in a random direction, and the nearest training image with the goal.
  public var references: [CounterfactualAnswer]
  /// The same question to the network with a random dense head; nil where the network has the goal already.
  public var randomHead: CounterfactualOverlap?

  enum CodingKeys: String, CodingKey {
    case image, goal, answer, detail, references
    case randomHead = "random_head"
  }
}

/// A picture of bytes that is an answer, or the best attempt.
public struct CounterfactualAnswer: Codable, Sendable, Equatable {
  /// What found it.
  public var name: String
  /// Whether the picture has the goal, asked again after it was rounded to bytes.
  public var valid: Bool
  /// Whether the image had the goal already.
  public var already: Bool
  /// The predicted class of the picture.
  public var predicted: StudiedClass
  /// By how much the goal leads in logits; negative where it does not.
  public var margin: Double
  /// The sum of differences divided by the median deviation of each entry; nil without data.
  public var deviation: Double?
  /// The sum of differences, in bytes.
  public var sum: Int
  /// The root of the sum of their squares.
  public var length: Double
  /// The largest of them.
  public var largest: Int
  /// The share of pixels that differ.
  public var share: Double
  /// The share of the change's energy above a quarter of the sampling frequency; adversarial patterns have much.
  public var fineGrain: Double?
  /// Segments, cells or features that changed; nil of pixels.
  public var changed: Int?
  /// The share of test images that are nearer to training images, in percent: above 99 it is off the data.
  public var plausibility: Double?
  /// Of 32 copies with noise of one byte, or of scenes with the sensor's noise drawn again, those that have the goal.
  public var stability: Int
  /// Whether the other network has the goal as well; nil without one.
  public var agrees: Bool?
  /// Passes through the network.
  public var passes: Int
  /// Whether the search ended by itself, not at its budget.
  public var complete: Bool

  enum CodingKeys: String, CodingKey {
    case name, valid, already, predicted, margin, deviation, sum, length, largest, share
    case fineGrain = "fine_grain"
    case changed, plausibility, stability, agrees, passes, complete
  }
}

/// What an answer is made of.
public struct CounterfactualDetail: Codable, Sendable, Equatable {
  /// The segments of the image; of evidence.
  public var segments: Int?
  /// Segments that were removed, none of which can be spared.
  public var removed: [Int]?
  /// Whether no smaller set suffices; nil where that was not asked.
  public var isMinimal: Bool?
  /// The training image whose cells were taken; of regions.
  public var distractor: String?
  /// Cells of the image and of the other one, in the order of the swaps.
  public var swaps: [[Int]]?
  /// Whether the goal was reached in features; pixels are another question, since a cell is not a place.
  public var reachedInFeatures: Bool?
  /// Actions; of scenes and photos.
  public var recourse: RecourseDetail?

  enum CodingKeys: String, CodingKey {
    case segments, removed
    case isMinimal = "minimal"
    case distractor, swaps
    case reachedInFeatures = "reached_in_features"
    case recourse
  }
}

/// What a network with a random dense head says.
public struct CounterfactualOverlap: Codable, Sendable, Equatable {
  /// Whether the trained network's answer changes this network's prediction, too.
  public var changes: Bool
  /// Whether the same search found an answer here.
  public var found: Bool
  /// The cosine of both changes of pixels; nil where one of them is none.
  public var cosine: Double?
  /// Segments, cells or features of both answers, divided by those of either; nil of pixels.
  public var jaccard: Double?
}
