public import XAIRepresentations

/// What can be read from layers: `results.json`.
///
/// Nothing in it depends on when or how fast it was computed: the same call gives the same bytes.
public struct ProbeResults: Codable, Sendable {
  /// What kind of file this is.
  public static let schema = "swift-xai/probes"
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
  /// The images that probes are judged by.
  public var data: StudiedData
  /// The images that probes learn from.
  public var training: Int
  /// What decides control tasks, random weights and subspaces.
  public var seed: UInt64
  /// What recurs with a random label in control tasks.
  public var controlTypes: String
  /// What is read of each layer.
  public var layers: [ProbedLayer]
  /// One for each property and layer.
  public var entries: [ProbeEntry]
  /// What a reader must know besides.
  public var notes: [String]

  enum CodingKeys: String, CodingKey {
    case schema
    case schemaVersion = "schema_version"
    case version, networks, data, training, seed
    case controlTypes = "control_types"
    case layers, entries, notes
  }
}

/// What is read of a layer.
public struct ProbedLayer: Codable, Sendable, Equatable {
  /// The layer.
  public var layer: String
  /// `flat` or `mean`.
  public var features: ProbeFeatures.Reduction
  /// The number of features.
  public var count: Int
}

/// What a probe of a property at a layer says.
public struct ProbeEntry: Codable, Sendable {
  /// The property.
  public var property: String
  /// The layer.
  public var layer: String
  /// The values of a property that has names; left out of numbers.
  public var labels: [String]?
  /// The penalty of the probe's weights.
  public var penalty: Double
  /// The share of test images answered rightly; of numbers the share of variance explained, which may be negative.
  public var value: Double?
  /// The same of the most frequent training label.
  public var majority: Double?
  /// The same of a probe of the pixels.
  public var pixels: Double?
  /// The same of networks of random weights.
  public var random: [Double]
  /// The accuracies of control tasks.
  public var control: [Double]
  /// Accuracy less the mean of control tasks.
  public var selectivity: Double?
  /// Value less the mean of random networks.
  public var gain: Double?
  /// McNemar's test against the best of majority, pixels and random networks.
  public var p: Double?
  /// p adjusted over all probes of the command (Holm 1979).
  public var adjustedP: Double?
  /// Whether the property can be read from the layer, beyond its best rival.
  public var isDecodable: Bool?
  /// What the network loses without what the probe reads.
  public var ablation: ProbeAblation?

  enum CodingKeys: String, CodingKey {
    case property, layer, labels, penalty, value, majority, pixels, random, control, selectivity
    case gain, p
    case adjustedP = "p_adjusted"
    case isDecodable = "decodable"
    case ablation
  }
}

/// What a network loses with the subspace that a probe reads.
public struct ProbeAblation: Codable, Sendable {
  /// The dimensions of the subspace.
  public var dimension: Int
  /// The network's accuracy on the test images before.
  public var before: Double
  /// The same without the subspace.
  public var after: Double
  /// The drops without random subspaces of as many dimensions.
  public var random: [Double]
  /// The rank of the drop among them.
  public var p: Double
  /// p adjusted over all ablations of the command.
  public var adjustedP: Double?

  enum CodingKeys: String, CodingKey {
    case dimension, before, after, random, p
    case adjustedP = "p_adjusted"
  }
}
