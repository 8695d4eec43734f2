/// What is sufficient for answers: `results.json`.
///
/// Nothing in it depends on when or how fast it was computed: the same call gives the same bytes.
public struct AnchorResults: Codable, Sendable {
  /// What kind of file this is.
  public static let schema = "swift-xai/anchors"
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
  /// What decides samples and random weights.
  public var seed: UInt64
  /// The precision that rules must prove.
  public var threshold: Double
  /// The probability that no accepted rule of an image is less precise.
  public var confidence: Double
  /// What rules are about: `segments`, `scene`.
  public var rules: String
  /// The probability with which a segment outside of a rule stays; nil of scenes.
  public var keep: Double?
  /// What shows where a segment does not stay: `images`, `mean`, `baseline`; nil of scenes.
  public var fill: String?
  /// A rule for each image.
  public var images: [AnchorImage]
  /// What a reader must know besides.
  public var notes: [String]

  enum CodingKeys: String, CodingKey {
    case schema
    case schemaVersion = "schema_version"
    case version, networks, seed, threshold, confidence, rules, keep, fill, images, notes
  }
}

/// An image and the rule that was found for it.
public struct AnchorImage: Codable, Sendable, Equatable {
  /// The image.
  public var image: StudiedImage
  /// The segments of the image, or the predicates that its scene satisfies.
  public var segments: Int
  /// These predicates; nil of segments.
  public var predicates: [AnchorPredicate]?
  /// The rule; where none was accepted, the one of the highest bound.
  public var rule: AnchorRule
  /// The probability that the rule's segments all stay by chance, keep to the power of their number; or the share of
  /// scenes that satisfy it, exactly.
  public var coverage: Double
  /// The share of the image that its segments take; nil of scenes.
  public var area: Double?
  /// The precision where nothing but them stays; nil of scenes.
  public var alone: Double?
  /// Forward passes.
  public var samples: Int
  /// Whether each size of rules was searched to the end.
  public var complete: Bool
  /// Every rule that was looked at, in this order.
  public var looks: [AnchorRule]
  /// The same question to the network with a random dense head.
  public var randomHead: AnchorOverlap

  enum CodingKeys: String, CodingKey {
    case image, segments, predicates, rule, coverage, area, alone, samples, complete, looks
    case randomHead = "random_head"
  }
}

/// A statement about a feature that a scene satisfies.
public struct AnchorPredicate: Codable, Sendable, Equatable {
  /// The feature.
  public var feature: String
  /// Such as `pattern = stripes`.
  public var words: String
  /// The share of scenes that satisfy it, exactly.
  public var probability: Double
}

extension AnchorImage {
  /// The predicates of a rule of the scene, in words.
  /// - Parameter rule: The rule.
  /// - Returns: Such as `kind = star and exposure in [0.95, 1.075)`; nil of segments.
  public func words(_ rule: AnchorRule) -> String? {
    predicates.map { all in
      rule.segments.filter(all.indices.contains).map { all[$0].words }
        .joined(separator: " and ")
    }
  }
}

/// A set of segments, and what was proved of it.
public struct AnchorRule: Codable, Sendable, Equatable {
  /// Segments that stay; of scenes positions in the image's predicates.
  public var segments: [Int]
  /// The share of fresh samples that kept the class.
  public var precision: Double
  /// What the precision is at least, but for the error.
  public var bound: Double
  /// The probability with which the bound may be wrong.
  public var error: Double
  /// Whether the bound is what was asked for.
  public var reached: Bool
}

/// What a network with a random dense head says of the image.
public struct AnchorOverlap: Codable, Sendable, Equatable {
  /// The class that it predicts.
  public var predicted: StudiedClass
  /// Its own rule.
  public var rule: AnchorRule
  /// Segments of both rules, divided by those of either; 1 where both are empty.
  public var jaccard: Double
  /// The precision of the trained network's rule for what this network predicts.
  public var precision: Double
}
