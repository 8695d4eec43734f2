/// A few images whose explanations cover what all rely on: `results.json`.
///
/// Nothing in it depends on when or how fast it was computed: the same call gives the same bytes.
public struct RepresentativeResults: Codable, Sendable {
  /// What kind of file this is.
  public static let schema = "swift-xai/representatives"
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
  /// The images that are represented.
  public var data: StudiedData
  /// What decides random choices and random weights.
  public var seed: UInt64
  /// What columns are: `channels` of a layer.
  public var columns: String
  /// The layer.
  public var layer: String
  /// The number of columns.
  public var columnCount: Int
  /// Columns that any explanation has.
  public var usedColumns: Int
  /// The share of a row's largest entry below which entries count as none.
  public var floor: Double
  /// The images, in the order picked.
  public var picks: [RepresentativePick]
  /// What each number of picks covers, beside random images.
  public var curve: [RepresentativePoint]
  /// Of networks of random weights, what their picks have in common with these.
  public var stayed: [PrototypeOverlap]
  /// What a reader must know besides.
  public var notes: [String]

  enum CodingKeys: String, CodingKey {
    case schema
    case schemaVersion = "schema_version"
    case version, networks, data, seed, columns, layer
    case columnCount = "column_count"
    case usedColumns = "used_columns"
    case floor, picks, curve, stayed, notes
  }
}

/// An image that was picked.
public struct RepresentativePick: Codable, Sendable, Equatable {
  /// Its name.
  public var name: String
  /// Its number in the split.
  public var index: Int
  /// Its class; nil where the network does not know it.
  public var label: StudiedClass?
  /// The predicted class, which is explained.
  public var predicted: StudiedClass
  /// Columns that it covers and no pick before it did.
  public var fresh: Int
  /// The columns of its largest entries.
  public var largest: [Int]
}

/// What some picks cover.
public struct RepresentativePoint: Codable, Sendable, Equatable {
  /// How many.
  public var count: Int
  /// The share of all importance that they cover.
  public var covered: Double
  /// The mean of random images of the same number.
  public var random: Double
  /// The least and the greatest of these.
  public var range: [Double]
}
