/// Images that stand for classes, and images that they do not stand for: `results.json`.
///
/// Nothing in it depends on when or how fast it was computed: the same call gives the same bytes.
public struct PrototypeResults: Codable, Sendable {
  /// What kind of file this is.
  public static let schema = "swift-xai/prototypes"
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
  /// The layer whose outputs are compared.
  public var layer: String
  /// The sets of images, each represented on its own.
  public var groups: [PrototypeGroup]
  /// How well the nearest prototype tells the class; nil where there is one class alone.
  public var classification: PrototypeClassification?
  /// What a reader must know besides.
  public var notes: [String]

  enum CodingKeys: String, CodingKey {
    case schema
    case schemaVersion = "schema_version"
    case version, networks, data, seed, layer, groups, classification, notes
  }
}

/// A set of images and what stands for it.
public struct PrototypeGroup: Codable, Sendable {
  /// The class; nil for all images together.
  public var target: StudiedClass?
  /// The number of images.
  public var images: Int
  /// The kernel's gamma: 1 over the median squared distance of pairs; nil where all images are their own prototypes.
  public var gamma: Double?
  /// Images that stand for the set, in the order chosen.
  public var prototypes: [PrototypePick]
  /// Images that they do not stand for.
  public var criticisms: [PrototypePick]
  /// What each number of prototypes is worth, beside random choices.
  public var curve: [PrototypePoint]
  /// The prototypes of the same images on random weights, and what they have in common with these.
  public var stayed: [PrototypeOverlap]

  enum CodingKeys: String, CodingKey {
    case target = "class"
    case images, gamma, prototypes, criticisms, curve, stayed
  }
}

/// An image that was chosen.
public struct PrototypePick: Codable, Sendable, Equatable {
  /// Its name.
  public var name: String
  /// Its number in the split.
  public var index: Int
  /// Its class.
  public var label: StudiedClass
  /// The predicted class.
  public var predicted: StudiedClass
  /// The mean kernel of all images with it, less that of the prototypes: positive where these say too little of its
  /// kind, negative where they say too much.
  public var witness: Double
}

/// What some prototypes are worth.
public struct PrototypePoint: Codable, Sendable, Equatable {
  /// How many.
  public var count: Int
  /// MMD^2 between all images and them.
  public var chosen: Double
  /// The mean of random choices of the same size.
  public var random: Double
  /// The least and the greatest of these.
  public var range: [Double]
}

/// What prototypes on random weights have in common with those of the trained network.
public struct PrototypeOverlap: Codable, Sendable, Equatable {
  /// `random-head`: dense layers; `random-network`: all layers.
  public var network: String
  /// Chosen on both, divided by chosen on either.
  public var jaccard: Double
  /// The same of random choices of this size, on average.
  public var chance: Double
}

/// How well the nearest prototype tells the class of test images.
public struct PrototypeClassification: Codable, Sendable, Equatable {
  /// The test images.
  public var tests: Int
  /// The prototypes.
  public var prototypes: Int
  /// The share of test images whose nearest prototype has their class.
  public var accuracy: Double
  /// The same of random images in place of prototypes, on average over draws.
  public var random: Double
  /// The least and the greatest of these.
  public var range: [Double]
  /// The network's own accuracy on these images.
  public var network: Double
}
