public import XAIMetrics

/// What a comparison of pairs of maps found: `results.json`.
///
/// Nothing in it depends on when or how fast it was computed: the same comparison gives the same bytes.
public struct ContrastResults: Codable, Sendable {
  /// What the two maps of a pair differ in.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// The class that is explained.
    case classSensitivity = "class-sensitivity"
    /// The network.
    case compare
  }

  /// What kind of file this is.
  public static let schema = "swift-xai/contrast"
  /// Rises when a reader of older files would go wrong.
  public static let schemaVersion = 1

  /// What kind of file this is.
  public var schema = Self.schema
  /// The version of the file's layout.
  public var schemaVersion = Self.schemaVersion
  /// The version of the toolkit.
  public var version: String
  /// What the two maps of a pair differ in.
  public var kind: Kind
  /// The networks, one or two.
  public var networks: [ContrastNetwork]
  /// What decides noise, baselines, samples and random classes.
  public var seed: UInt64
  /// The images.
  public var images: [ContrastImage]
  /// The methods, controls among them, in the order of tables.
  public var methods: [TestedMethod]
  /// What is compared with what.
  public var contrasts: [ContrastRecord]
  /// The pairs of maps of each method, image by image.
  public var pairs: [ContrastPair]
  /// The identifiers of the measures, in the order of every row of scores.
  public var measures: [String]
  /// What each measure is; nil in results of versions that did not say.
  public var measureRecords: [MeasureRecord]?
  /// The measure that charts show unless asked for another.
  public var headline: String
  /// One row for each method and pair.
  public var scores: [ContrastScore]
  /// Mean and spread over images.
  public var summaries: [ContrastSummary]
  /// How alike maps of different images are, for each method; none for one image.
  public var floors: [ContrastFloor]
  /// What a reader must know besides.
  public var notes: [String]

  enum CodingKeys: String, CodingKey {
    case schema
    case schemaVersion = "schema_version"
    case version, kind, networks, seed, images, methods, contrasts, pairs, measures, headline
    case scores, summaries, floors, notes
    case measureRecords = "measure_records"
  }
}

/// How alike the first maps of different images are that were kept.
public struct ContrastFloor: Codable, Sendable, Equatable {
  /// The method's name.
  public var method: String
  /// The mean of the headline measure over pairs of images; nothing where fewer than two maps have
  /// content.
  public var mean: Double?
  /// The number of pairs.
  public var pairs: Int
}

/// A network of a comparison.
public struct ContrastNetwork: Codable, Sendable {
  /// What the comparison calls it: `A` or `B`.
  public var name: String
  /// Its file.
  public var checkpoint: ExplanationResults.CheckpointRecord
  /// What it does with the images of the comparison.
  public var health: NetworkHealth

  /// Describes a network.
  /// - Parameters:
  ///   - name: What the comparison calls it.
  ///   - checkpoint: Its file.
  ///   - health: What it does with the images of the comparison.
  public init(
    name: String, checkpoint: ExplanationResults.CheckpointRecord, health: NetworkHealth
  ) {
    (self.name, self.checkpoint, self.health) = (name, checkpoint, health)
  }
}

/// An image of a comparison.
public struct ContrastImage: Codable, Sendable {
  /// Its name.
  public var name: String
  /// Where it is from.
  public var source: String
  /// A digest of its pixels, which also names its random streams.
  public var key: String
  /// What it shows, where that is known, as the first network sees it.
  public var label: ExplanationResults.ClassRecord?
  /// What each network takes it for.
  public var predicted: [ExplanationResults.ClassRecord]
}

/// What is compared with what.
public struct ContrastRecord: Codable, Sendable, Equatable {
  /// Its name in tables, unique.
  public var identifier: String
  /// The same as a sentence.
  public var summary: String

  /// Describes a contrast.
  /// - Parameters:
  ///   - identifier: Its name in tables, unique.
  ///   - summary: The same as a sentence.
  public init(identifier: String, summary: String) {
    (self.identifier, self.summary) = (identifier, summary)
  }
}

/// What a map explains.
public struct ContrastSide: Codable, Sendable, Hashable {
  /// The position of the network.
  public var network: Int
  /// The class, as this network sees it in the image.
  public var target: ExplanationResults.ClassRecord

  /// Names what a map explains.
  /// - Parameters:
  ///   - network: The position of the network.
  ///   - target: The class, as this network sees it in the image.
  public init(network: Int, target: ExplanationResults.ClassRecord) {
    (self.network, self.target) = (network, target)
  }

  /// What tells it from others of its image.
  public static func == (left: ContrastSide, right: ContrastSide) -> Bool {
    (left.network, left.target.index) == (right.network, right.target.index)
  }

  /// Hashes what tells it from others of its image.
  /// - Parameter hasher: Takes it.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(network)
    hasher.combine(target.index)
  }

  package var side: MapContrast.Side { .init(network: network, target: target.index) }
}

/// Two maps of an image.
public struct ContrastPair: Codable, Sendable {
  /// The position of the image.
  public var image: Int
  /// The position of the contrast.
  public var contrast: Int
  /// Which of several examples of the contrast on this image, from 0.
  public var draw: Int
  /// What the first map explains.
  public var left: ContrastSide
  /// What the second map explains.
  public var right: ContrastSide

  /// Describes a pair.
  /// - Parameters:
  ///   - image: The position of the image.
  ///   - contrast: The position of the contrast.
  ///   - draw: Which of several examples of the contrast on this image, from 0.
  ///   - left: What the first map explains.
  ///   - right: What the second map explains.
  public init(
    image: Int, contrast: Int, draw: Int = 0, left: ContrastSide, right: ContrastSide
  ) {
    (self.image, self.contrast, self.draw) = (image, contrast, draw)
    (self.left, self.right) = (left, right)
  }
}

/// How alike the two maps of a pair are.
public struct ContrastScore: Codable, Sendable {
  /// The position of the pair.
  public var pair: Int
  /// The method's name.
  public var method: String
  /// One value for each measure; nothing where a map holds NaN or infinity.
  public var values: [Double?]
  /// The measures whose value is a convention, because a map says nothing they could compare.
  public var degenerate: [String]

  /// Groups the values of a pair.
  /// - Parameters:
  ///   - pair: The position of the pair.
  ///   - method: The method's name.
  ///   - values: One value for each measure.
  ///   - degenerate: The measures whose value is a convention.
  public init(pair: Int, method: String, values: [Double?], degenerate: [String]) {
    (self.pair, self.method) = (pair, method)
    (self.values, self.degenerate) = (values, degenerate)
  }
}

/// Mean and spread of a measure over images.
public struct ContrastSummary: Codable, Sendable {
  /// The method's name.
  public var method: String
  /// The contrast's identifier.
  public var contrast: String
  /// The measure.
  public var measure: String
  /// The number of images with a value.
  public var images: Int
  /// The number of values, without those that are not finite.
  public var count: Int
  /// Their mean.
  public var mean: Double
  /// Their standard deviation, with `count - 1`; 0 for a single value.
  public var deviation: Double
  /// The lower end of the mean's confidence interval; nothing where there is one image alone.
  public var lower: Double?
  /// The upper end of the mean's confidence interval; nothing where there is one image alone.
  public var upper: Double?
  /// How many of the values are conventions.
  public var degenerate: Int
}
