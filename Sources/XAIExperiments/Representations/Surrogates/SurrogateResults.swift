/// Models of named features that stand in for a network: `results.json`.
///
/// Nothing in it depends on when or how fast it was computed: the same call gives the same bytes.
public struct SurrogateResults: Codable, Sendable {
  /// What kind of file this is.
  public static let schema = "swift-xai/surrogates"
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
  /// The images that models are judged by.
  public var data: StudiedData
  /// The images that models learn from.
  public var training: Int
  /// What decides shuffles.
  public var seed: UInt64
  /// The class that is told from all others; left out where all classes are.
  public var target: StudiedClass?
  /// The answers: classes of the network, or the target and `other`.
  public var answers: [String]
  /// The columns of the table.
  public var features: [String]
  /// The share of test images that the network answers rightly.
  public var networkAccuracy: Double
  /// One for each model.
  public var models: [SurrogateModel]
  /// What a reader must know besides.
  public var notes: [String]

  enum CodingKeys: String, CodingKey {
    case schema
    case schemaVersion = "schema_version"
    case version, networks, data, training, seed, target, answers, features
    case networkAccuracy = "network_accuracy"
    case models, notes
  }
}

/// A model that stands in for a network.
public struct SurrogateModel: Codable, Sendable {
  /// What kind of model.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// Questions of yes or no.
    case tree
    /// Least squares of the target's logit.
    case linear
    /// The answers to the nearest training images in the last hidden layer.
    case neighbors
  }

  /// What kind of model.
  public var kind: Kind
  /// How often it answers what the network does; left out of numbers.
  public var fidelity: SurrogateAgreement?
  /// How often the same kind of model, fitted to true classes, is right.
  public var interpretable: SurrogateAgreement?
  /// The share of the logit's variance that it explains, on training and on test images.
  public var explained: [Double?]?
  /// The rules of a tree, from left to right.
  public var rules: [SurrogateRule]?
  /// The nodes of a tree.
  public var nodes: [SurrogateNode]?
  /// The columns of a tree or of a regression, with what they are worth.
  public var columns: [SurrogateColumn]?
}

/// How often a model says the same as something else, on images that it has not seen.
public struct SurrogateAgreement: Codable, Sendable, Equatable {
  /// The share of images.
  public var value: Double
  /// The interval of 95 % (Wilson).
  public var lower: Double
  /// Its upper end.
  public var upper: Double
  /// The share of the most frequent training answer.
  public var mostFrequent: Double
  /// McNemar's exact test against that answer.
  public var p: Double
  /// Whether it beats that answer.
  public var explains: Bool

  enum CodingKeys: String, CodingKey {
    case value, lower, upper
    case mostFrequent = "most_frequent"
    case p, explains
  }
}

/// A way to an answer.
public struct SurrogateRule: Codable, Sendable, Equatable {
  /// `kind=star and radius <= 21.4`.
  public var condition: String
  /// The answer.
  public var answer: String
  /// The training images that it holds for.
  public var images: Int
}

/// A question of a tree, or an answer.
public struct SurrogateNode: Codable, Sendable, Equatable {
  /// The question; left out of answers.
  public var question: String?
  /// The answer.
  public var answer: String
  /// The training images that came here.
  public var images: Int
  /// The node of the answer yes.
  public var yes: Int?
  /// The node of the answer no.
  public var no: Int?
}

/// A column of the table in a model.
public struct SurrogateColumn: Codable, Sendable, Equatable {
  /// Its name; `intercept` of a regression.
  public var name: String
  /// The share of all gains of a tree.
  public var gain: Double?
  /// What the model loses on test images where the column is shuffled.
  public var loss: Double?
  /// The coefficient of a regression.
  public var coefficient: Double?
  /// Its standard error.
  public var error: Double?
  /// The probability of such a coefficient if it were 0.
  public var p: Double?
  /// The coefficient times the column's standard deviation.
  public var effect: Double?

  enum CodingKeys: String, CodingKey {
    case name, gain, loss, coefficient
    case error = "standard_error"
    case p, effect
  }
}
