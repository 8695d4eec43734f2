/// What is left of a network's accuracy when filters go: `results.json`.
///
/// Nothing in it depends on when or how fast it was computed: the same call gives the same bytes.
public struct PruningResults: Codable, Sendable {
  /// What kind of file this is.
  public static let schema = "swift-xai/pruning"
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
  /// The validation images.
  public var data: StudiedData
  /// What decides images and random orders.
  public var seed: UInt64
  /// The share of the original filters that goes in a step.
  public var rate: Double
  /// The share of the original filters that is gone at the end.
  public var until: Double
  /// The share of each layer's filters that stays.
  public var floor: Double
  /// Training images of each class on which filters are judged.
  public var images: Int
  /// Epochs of fine-tuning after each step.
  public var epochs: Int
  /// The learning rate of fine-tuning; left out without it.
  public var learningRate: Double?
  /// Batches on which batch norm was estimated again after each step.
  public var recalibration: Int
  /// How much validation accuracy a chosen network may lose.
  public var tolerance: Double
  /// The convolutions whose filters go, and how many each has.
  public var layers: [PrunedLayer]
  /// The network before anything went.
  public var original: PrunedPoint
  /// One for each order of filters.
  public var curves: [PrunedCurve]
  /// What can be said.
  public var findings: [String]
  /// What a reader must know besides.
  public var notes: [String]

  enum CodingKeys: String, CodingKey {
    case schema
    case schemaVersion = "schema_version"
    case version, networks, data, seed, rate, until, floor, images, epochs
    case learningRate = "learning_rate"
    case recalibration, tolerance, layers, original, curves, findings, notes
  }
}

/// A convolution whose filters go.
public struct PrunedLayer: Codable, Sendable, Equatable {
  /// Its name.
  public var layer: String
  /// Its filters.
  public var filters: Int
}

/// A network at one step.
public struct PrunedPoint: Codable, Sendable {
  /// The step, from 1; 0 is the original network.
  public var step: Int
  /// The filters that are gone.
  public var removed: Int
  /// The filters of each layer that are left.
  public var filters: [Int]
  /// The number of parameters.
  public var parameters: Int
  /// Multiply-adds of one image of the network's own size.
  public var multiplyAdds: Int
  /// What it answered on validation images.
  public var validation: PrunedAccuracy
  /// What it answered on test images; left out of networks that are not kept.
  public var test: PrunedAccuracy?
  /// The mean rank correlation of relevance maps with those of the original network; left out where undefined.
  public var maps: Double?
  /// p of McNemar's exact test against the best random order at this step; left out of random orders.
  public var p: Double?
  /// p adjusted over all orders and steps (Holm 1979).
  public var adjustedP: Double?
  /// Whether it is more accurate than the best random order, at 5 %.
  public var beatsRandom: Bool?
  /// The checkpoint, in the folder of the results; left out of networks that are not kept.
  public var file: String?

  enum CodingKeys: String, CodingKey {
    case step, removed, filters, parameters
    case multiplyAdds = "multiply_adds"
    case validation, test, maps, p
    case adjustedP = "p_adjusted"
    case beatsRandom = "beats_random"
    case file
  }
}

/// An accuracy with its interval.
public struct PrunedAccuracy: Codable, Sendable, Equatable {
  /// The number of images.
  public var images: Int
  /// The share whose class came first.
  public var top1: Double
  /// The lower end of its interval (Wilson, 95 %).
  public var lower: Double
  /// The upper end.
  public var upper: Double
  /// The share whose class was among the first five.
  public var top5: Double
  /// Mean cross-entropy; left out where logits are not finite.
  public var loss: Double?
}

/// What one order of filters leaves.
public struct PrunedCurve: Codable, Sendable {
  /// What decides.
  public var order: PruningCurve
  /// One for each step.
  public var steps: [PrunedPoint]
  /// The last step whose validation accuracy is within the tolerance; left out where none is.
  public var chosen: Int?
}
