import XAIClassifiers
public import XAIRepresentations
import XAIStatistics

/// What concepts mean to classes: `results.json`.
///
/// Nothing in it depends on when or how fast it was computed: the same call gives the same bytes.
public struct ConceptResults: Codable, Sendable {
  /// What kind of file this is.
  public static let schema = "swift-xai/concepts"
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
  /// The class images.
  public var data: StudiedData
  /// What decides draws.
  public var seed: UInt64
  /// The images of a set.
  public var set: Int
  /// The sets of random images that each concept is compared with.
  public var runs: Int
  /// The random concepts, which stand in the concept's place.
  public var randomConcepts: Int
  /// The random networks, which stand in the network's place; 0 for none.
  public var randomNetworks: Int
  /// How vectors are found.
  public var vector: ConceptVector.Kind
  /// What is differentiated.
  public var score: LayerGradients.Score
  /// Whether concepts are compared with each other instead of with random images.
  public var isRelative: Bool
  /// The layers.
  public var layers: [String]
  /// The classes.
  public var classes: [StudiedClass]
  /// The concepts.
  public var concepts: [String]
  /// One for each concept, class and layer.
  public var entries: [ConceptEntry]
  /// What random concepts give, for each class and layer.
  public var controls: [ConceptControls]
  /// What changing a concept does to what the network says, for each paired concept and class.
  public var effects: [ConceptEffect]
  /// What a reader must know besides.
  public var notes: [String]

  enum CodingKeys: String, CodingKey {
    case schema
    case schemaVersion = "schema_version"
    case version, networks, data, seed, set, runs
    case randomConcepts = "random_concepts"
    case randomNetworks = "random_networks"
    case vector, score
    case isRelative = "relative"
    case layers, classes, concepts, entries, controls, effects, notes
  }
}

/// What a concept means to a class at a layer.
public struct ConceptEntry: Codable, Sendable {
  /// The concept's name.
  public var concept: String
  /// The position of the class.
  public var target: Int
  /// The layer.
  public var layer: String
  /// The TCAV score, a mean over runs: the share of class images that the concept moves toward the class.
  public var tcav: Double
  /// The least score of a run.
  public var least: Double
  /// The largest score of a run.
  public var greatest: Double
  /// The mean cosine of gradient and vector over runs and class images: what is tested.
  public var cosine: Double
  /// The sum of positive sensitivities / the sum of magnitudes; left out where all are 0.
  public var magnitude: Double?
  /// The share of sensitivities that are exactly 0.
  public var zeroShare: Double
  /// How often the layer tells the concept from the other images, on images that the vector did not see; of a pair how
  /// often it is the one with the concept that is farther along.
  public var accuracy: Double
  /// p among random concepts, or among exchanged pairs; left out of relative concepts, which have no null.
  public var p: Double?
  /// p adjusted over all tests of the command (Holm 1979).
  public var adjustedP: Double?
  /// p of the trained network among random ones.
  public var networkP: Double?
  /// What may be said.
  public var verdict: ConceptVerdict?
  /// What the literature tests; for comparison alone.
  public var comparison: ConceptComparison?

  enum CodingKeys: String, CodingKey {
    case concept
    case target = "class"
    case layer, tcav, least, greatest, cosine, magnitude
    case zeroShare = "zero_share"
    case accuracy, p
    case adjustedP = "p_adjusted"
    case networkP = "p_networks"
    case verdict, comparison
  }

  /// Whether it passed every null that was asked for.
  public var passesAllNulls: Bool { verdict == .used && (networkP ?? 0) <= 0.05 }
}

/// What the literature tests, which does not hold its level.
public struct ConceptComparison: Codable, Sendable, Equatable {
  /// p by rank of the mean score, which saturates.
  public var rankOfScores: Double
  /// p of Welch's t test of scores and random scores; left out where nothing varies.
  public var welch: Double?
  /// p of the t test with one variance.
  public var pooled: Double?

  enum CodingKeys: String, CodingKey {
    case rankOfScores = "rank_of_scores"
    case welch, pooled
  }

  init(_ test: ConceptTest) {
    (rankOfScores, welch, pooled) = (test.rankOfScores.p, test.welch?.p, test.pooled?.p)
  }
}

/// What random concepts give.
public struct ConceptControls: Codable, Sendable {
  /// The position of the class.
  public var target: Int
  /// The layer.
  public var layer: String
  /// The mean score of each random concept.
  public var scores: [Double]
  /// The mean cosine of each.
  public var cosines: [Double]

  enum CodingKeys: String, CodingKey {
    case target = "class"
    case layer, scores, cosines
  }
}

/// What the network says of scenes with a concept and of the same scenes without it: no direction, no layer, the behavior
/// itself.
public struct ConceptEffect: Codable, Sendable, Equatable {
  /// The concept's name.
  public var concept: String
  /// The position of the class.
  public var target: Int
  /// The number of pairs.
  public var pairs: Int
  /// The mean difference of the class's logit, with less without.
  public var logit: Double
  /// Its standard error.
  public var error: Double
  /// The share of scenes with the concept that are taken for the class.
  public var predictedWith: Double
  /// The same of those without it.
  public var predictedWithout: Double

  enum CodingKeys: String, CodingKey {
    case concept
    case target = "class"
    case pairs, logit
    case error = "standard_error"
    case predictedWith = "predicted_with"
    case predictedWithout = "predicted_without"
  }

  init(
    _ concept: String, target: Int, logit index: Int, with: [Prediction], without: [Prediction]
  ) {
    (self.concept, self.target, pairs) = (concept, target, with.count)
    let differences = zip(with, without).map { Double($0.logits[index]) - Double($1.logits[index]) }
    let count = Double(max(with.count, 1))
    let mean = differences.reduce(0, +) / count
    let squares = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    (logit, error) = (mean, (squares / max(count - 1, 1) / count).squareRoot())
    func share(_ all: [Prediction]) -> Double {
      Double(all.count { $0.predicted == index }) / count
    }
    (predictedWith, predictedWithout) = (share(with), share(without))
  }
}
