/// Training images that are hard or mislabeled: `results.json`.
///
/// Nothing in it depends on when or how fast it was computed: the same call gives the same bytes.
public struct SuspectResults: Codable, Sendable {
  /// What kind of file this is.
  public static let schema = "swift-xai/suspects"
  /// Rises when a reader of older files would go wrong.
  public static let schemaVersion = 1

  /// What kind of file this is.
  public var schema = Self.schema
  /// The version of the file's layout.
  public var schemaVersion = Self.schemaVersion
  /// The version of the toolkit.
  public var version: String
  /// The network.
  public var networks: [StudiedNetwork]
  /// The training images.
  public var data: StudiedData
  /// What decides random choices and random weights.
  public var seed: UInt64
  /// The layer whose outputs are features.
  public var layer: String
  /// The neighbors that are asked for their label.
  public var neighbors: Int
  /// How self-influence is computed: `exact`, or `ekfac` where the last layer has many weights; nil without it.
  public var selfInfluence: String?
  /// The share of labels that were exchanged, to find them again; nil for none.
  public var flipped: Double?
  /// What each score found.
  public var scores: [SuspectScore]
  /// The most suspicious images of every score.
  public var images: [SuspectImage]
  /// Pairs of classes that the network confuses with confidence, the most frequent first.
  public var confusions: [SuspectConfusion]
  /// What a reader must know besides.
  public var notes: [String]

  enum CodingKeys: String, CodingKey {
    case schema
    case schemaVersion = "schema_version"
    case version, networks, data, seed, layer, neighbors
    case selfInfluence = "self_influence"
    case flipped, scores, images, confusions, notes
  }
}

/// A number by which images are suspicious; larger is more so.
public enum SuspectKind: String, Codable, Sendable, CaseIterable {
  /// How much an image bends the last layer to itself.
  case selfInfluence = "self-influence"
  /// The cross-entropy of its label.
  case loss
  /// The largest other logit less that of the label.
  case margin
  /// The share of its nearest images that have another label.
  case neighbors
}

/// What a score found.
public struct SuspectScore: Codable, Sendable, Equatable {
  /// The score.
  public var kind: SuspectKind
  /// The probability that an exchanged label is more suspicious than another one; nil where none was exchanged.
  public var areaUnderCurve: Double?
  /// How the scores of random networks rank the images.
  public var stayed: [SuspectOverlap]

  enum CodingKeys: String, CodingKey {
    case kind = "score"
    case areaUnderCurve = "auc"
    case stayed
  }
}

/// How the scores of a random network rank images, beside those of the trained one.
public struct SuspectOverlap: Codable, Sendable, Equatable {
  /// `random-head` or `random-network`.
  public var network: String
  /// Spearman's rank correlation; nil where one of them does not vary.
  public var spearman: Double?
}

/// A training image and its scores.
public struct SuspectImage: Codable, Sendable, Equatable {
  /// Its name.
  public var name: String
  /// Its number in the split.
  public var index: Int
  /// Its label, exchanged or not.
  public var label: StudiedClass
  /// The predicted class.
  public var predicted: StudiedClass
  /// Whether its label was exchanged.
  public var isFlipped: Bool
  /// Its scores, in the order of the results.
  public var scores: [Double?]

  enum CodingKeys: String, CodingKey {
    case name, index, label, predicted
    case isFlipped = "flipped"
    case scores
  }
}

/// Two classes that the network confuses with confidence.
public struct SuspectConfusion: Codable, Sendable, Equatable {
  /// The label.
  public var label: StudiedClass
  /// What the network says with at least the mean probability of that class.
  public var answer: StudiedClass
  /// The number of images.
  public var images: Int
}
