/// Which training images made answers what they are: `results.json`.
///
/// Nothing in it depends on when or how fast it was computed: the same call gives the same bytes.
public struct InfluenceResults: Codable, Sendable {
  /// What kind of file this is.
  public static let schema = "swift-xai/influence"
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
  /// The training images that were searched.
  public var data: StudiedData
  /// What decides random choices and random weights.
  public var seed: UInt64
  /// The layer whose outputs are features.
  public var layer: String
  /// The methods, in the order of the lists of an image.
  public var methods: [InfluenceMethod]
  /// The last layer that was fitted again; nil where no method needs it.
  public var head: InfluenceHead?
  /// Checkpoints besides the network that gradients are taken at.
  public var epochs: [String]
  /// The images that are asked about.
  public var images: [InfluenceImage]
  /// What a reader must know besides.
  public var notes: [String]

  enum CodingKeys: String, CodingKey {
    case schema
    case schemaVersion = "schema_version"
    case version, networks, data, seed, layer, methods, head, epochs, images, notes
  }
}

/// A way to find the training images that matter.
public enum InfluenceMethod: String, Codable, Sendable, CaseIterable {
  /// The nearest in the features.
  case neighbors
  /// Leaving out of the last layer, fitted again on frozen features.
  case head
  /// Products of gradients of the dense layers.
  case tracin
  /// The last layer's curvature in factors.
  case ekfac
}

/// The last layer that was fitted on frozen features.
public struct InfluenceHead: Codable, Sendable, Equatable {
  /// The weight of |W|^2 / 2.
  public var penalty: Double
  /// The share of training images for which it says what the network says.
  public var agreement: Double
  /// Whether leaving out was really done.
  public var isChecked: Bool

  enum CodingKeys: String, CodingKey {
    case penalty, agreement
    case isChecked = "checked"
  }
}

/// An image that is asked about, and the training images that matter to it.
public struct InfluenceImage: Codable, Sendable {
  /// The image.
  public var image: StudiedImage
  /// The class whose loss is asked about.
  public var target: StudiedClass
  /// Whether that is its true class.
  public var isTrue: Bool
  /// Its loss under the fitted last layer; nil where there is none.
  public var loss: Double?
  /// The training image that is the same picture, which does not count as a neighbor; nil where there is none.
  public var same: String?
  /// What each method says.
  public var lists: [InfluenceList]
  /// What leaving out really did; nil where that was not asked.
  public var check: InfluenceCheck?

  enum CodingKeys: String, CodingKey {
    case image, target
    case isTrue = "target_is_true"
    case loss, same, lists, check
  }
}

/// What one method says of one image.
public struct InfluenceList: Codable, Sendable {
  /// The method.
  public var method: InfluenceMethod
  /// Training images that help, without which the loss would be larger; of neighbors the nearest.
  public var helpful: [InfluencePick]
  /// Training images that harm, without which the loss would be smaller.
  public var harmful: [InfluencePick]
  /// Of random weights, what their list has in common with `helpful`.
  public var stayed: [InfluenceOverlap]
  /// How well the numbers agree with what leaving out really did; nil where that is not known.
  public var agreement: InfluenceAgreement?
}

/// A training image that matters.
public struct InfluencePick: Codable, Sendable, Equatable {
  /// Its name.
  public var name: String
  /// Its number in the split.
  public var index: Int
  /// Its class.
  public var label: StudiedClass
  /// The predicted class.
  public var predicted: StudiedClass
  /// The rise of the loss without it, as the method says; of neighbors the distance.
  public var value: Double
  /// The share of training images whose nearest other image is nearer; of neighbors alone.
  public var percentile: Double?
  /// The rise of the loss by one Newton step; of `head` alone.
  public var newton: Double?
  /// The rise of the loss after the last layer was fitted again without it; nil where that was not done.
  public var real: Double?
  /// Images that are nearly the same, so that leaving out one of them leaves the others.
  public var duplicates: [String]
  /// Whether its class has fewer than 5 images, so that first order says nothing of it.
  public var isRare: Bool

  enum CodingKeys: String, CodingKey {
    case name, index, label, predicted, value, percentile, newton, real, duplicates
    case isRare = "rare"
  }
}

/// What the list of a random network has in common with that of the trained one.
public struct InfluenceOverlap: Codable, Sendable, Equatable {
  /// `random-head` or `random-network`.
  public var network: String
  /// In both lists, divided by in either.
  public var jaccard: Double
}

/// What leaving out some training images really did.
public struct InfluenceCheck: Codable, Sendable {
  /// One for each image that was left out: the most helpful, the most harmful, and random ones.
  public var points: [InfluencePoint]
}

/// A training image that was really left out.
public struct InfluencePoint: Codable, Sendable, Equatable {
  /// Its name.
  public var name: String
  /// Its number in the split.
  public var index: Int
  /// Why it was left out: `helpful`, `harmful` or `random`.
  public var role: String
  /// The rise of the loss by first order.
  public var first: Double
  /// The rise of the loss by one Newton step.
  public var newton: Double
  /// The rise of the loss after the last layer was fitted again.
  public var real: Double
}

/// How well numbers agree with what leaving out really did.
public struct InfluenceAgreement: Codable, Sendable, Equatable {
  /// Pearson's correlation.
  public var pearson: Double?
  /// Spearman's rank correlation.
  public var spearman: Double?
}
