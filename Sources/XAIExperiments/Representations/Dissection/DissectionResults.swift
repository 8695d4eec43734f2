/// What units detect: `results.json`.
///
/// Nothing in it depends on when or how fast it was computed: the same call gives the same bytes.
public struct DissectionResults: Codable, Sendable {
  /// What kind of file this is.
  public static let schema = "swift-xai/dissection"
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
  /// The images.
  public var data: StudiedData
  /// What decides permutations, rotations and random weights.
  public var seed: UInt64
  /// The share of positions at which a unit counts as active.
  public var quantile: Double
  /// The least IoU of a detector.
  public var iou: Double
  /// How often masks were moved between images.
  public var permutations: Int
  /// The concepts, by category.
  public var concepts: [DissectionCategory]
  /// One for each layer.
  public var layers: [DissectedLayer]
  /// One for each unit.
  public var units: [DissectedUnit]
  /// What a reader must know besides.
  public var notes: [String]

  enum CodingKeys: String, CodingKey {
    case schema
    case schemaVersion = "schema_version"
    case version, networks, data, seed, quantile, iou, permutations, concepts, layers, units, notes
  }
}

/// Concepts of one kind.
public struct DissectionCategory: Codable, Sendable, Equatable {
  /// `object`, `pattern` or `color`.
  public var name: String
  /// The concepts.
  public var concepts: [String]
}

/// How many units of a layer detect something, and how many do by chance.
public struct DissectedLayer: Codable, Sendable {
  /// The layer.
  public var layer: String
  /// The number of units.
  public var units: Int
  /// Units that detect a concept.
  public var detectors: Int
  /// Concepts that a unit detects.
  public var concepts: Int
  /// Units that are never active.
  public var dead: Int
  /// Detectors by category.
  public var categories: [String: Int]
  /// Detectors along randomly rotated axes of the same layer.
  public var rotated: Int
  /// Detectors of networks of random weights.
  public var random: [Int]
}

/// What a unit detects.
public struct DissectedUnit: Codable, Sendable {
  /// The layer.
  public var layer: String
  /// The unit.
  public var unit: Int
  /// The concept of the largest IoU.
  public var concept: String
  /// Its category.
  public var category: String
  /// Intersection over union; `null` where neither has a pixel.
  public var iou: Double?
  /// The share of the unit's pixels that show the concept.
  public var precision: Double?
  /// The share of the concept's pixels at which the unit is active.
  public var recall: Double?
  /// The median of the largest IoU with masks moved between images.
  public var nullMedian: Double
  /// The value that 95 % of these do not exceed.
  public var nullUpper: Double
  /// The rank of the IoU among them.
  public var p: Double
  /// p adjusted over the units of the layer (Westfall and Young 1993).
  public var adjustedP: Double
  /// Whether it detects the concept: IoU large enough, and beyond what moved masks give.
  public var isDetector: Bool
  /// Whether it is never active.
  public var isDead: Bool
  /// The images that excite it most.
  public var images: [String]

  enum CodingKeys: String, CodingKey {
    case layer, unit, concept, category, iou, precision, recall
    case nullMedian = "null_median"
    case nullUpper = "null_upper"
    case p
    case adjustedP = "p_adjusted"
    case isDetector = "detector"
    case isDead = "dead"
    case images
  }
}
