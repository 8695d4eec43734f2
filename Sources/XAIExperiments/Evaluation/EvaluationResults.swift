public import XAIEvaluation

/// What an evaluation of explanations found: `results.json`.
///
/// Undefined numbers are `null`. Nothing in it depends on when or how fast it was computed: the same evaluation
/// gives the same bytes.
public struct EvaluationResults: Codable, Sendable {
  /// What kind of file this is.
  public static let schema = "swift-xai/evaluation"
  /// Rises when a reader of older files would go wrong.
  public static let schemaVersion = 1

  /// What kind of file this is.
  public var schema = Self.schema
  /// The version of the file's layout.
  public var schemaVersion = Self.schemaVersion
  /// The version of the toolkit.
  public var version: String
  /// The network.
  public var checkpoint: ExplanationResults.CheckpointRecord
  /// What decides every random choice.
  public var seed: UInt64
  /// How everything was measured.
  public var setup: EvaluationSetupRecord
  /// The images.
  public var images: [EvaluatedImage]
  /// The methods: those that were asked for, then controls.
  public var methods: [EvaluatedMethod]
  /// What the numbers of a row of scores mean, in their order.
  public var measures: [EvaluatedMeasure]
  /// One row for each method and image, method by method.
  public var scores: [EvaluationScore]
  /// One for each method and measure, method by method.
  public var summaries: [EvaluationSummary]
  /// How well thresholded maps give the box of the object, over all images; empty where no box is known.
  public var boxes: [BoxRecord]
  /// How measures agree on the methods.
  public var agreement: AgreementRecord
  /// How far measures are to be believed, where that was tried.
  public var trials: [MeasureTrialRecord]?
  /// The methods that no other beats in every headline.
  public var pareto: [String]
  /// A total score by the weights that a user gave; nil without weights, which are opinions.
  public var total: TotalRecord?
  /// What can be said, in sentences, the most important one first.
  public var findings: [String]
  /// What a reader must know besides.
  public var notes: [String]

  enum CodingKeys: String, CodingKey {
    case schema
    case schemaVersion = "schema_version"
    case version, checkpoint, seed, setup, images, methods, measures, scores, summaries, boxes
    case agreement, trials, pareto, total, findings, notes
  }
}

/// How an evaluation measured.
public struct EvaluationSetupRecord: Codable, Sendable, Equatable {
  /// The rule that chose the images, as a sentence.
  public var samples: String
  /// Which class faithfulness and robustness are about: `predicted`, `true` or a class.
  public var target: String
  /// What stands in the place of what is removed.
  public var baselines: [String]
  /// Rows and columns of the cells of coalition tables.
  public var cells: [Int]
  /// How many points curves have.
  public var steps: Int
  /// The least and the greatest share of an image that a box may take to count for localization.
  public var boxArea: [Double]
  /// Whether only images that the network classifies correctly were taken.
  public var correctOnly: Bool
  /// How many neighbors each image has for robustness; 0 where it was not measured.
  public var neighbors: Int
  /// What was measured.
  public var families: [MeasureColumn.Family]

  enum CodingKeys: String, CodingKey {
    case samples, target, baselines, cells, steps
    case boxArea = "box_area"
    case correctOnly = "correct_only"
    case neighbors, families
  }
}

/// An image of an evaluation.
public struct EvaluatedImage: Codable, Sendable {
  /// Where the object of an image is known from.
  public enum Truth: String, Codable, Sendable {
    /// The exact pixels of the object.
    case mask
    /// The box around it.
    case box
  }

  /// Its name.
  public var name: String
  /// Where it is from.
  public var source: String
  /// A digest of its pixels, which also names its random streams.
  public var key: String
  /// What it shows, where that is known.
  public var label: ExplanationResults.ClassRecord?
  /// What the network takes it for.
  public var predicted: ExplanationResults.ClassRecord
  /// The class whose maps faithfulness and robustness are about.
  public var target: ExplanationResults.ClassRecord
  /// Where its object is known from; nil where it is not, or where it does not count.
  public var truth: Truth?
  /// The object's share of the image.
  public var area: Double?
}

/// A method of an evaluation.
public struct EvaluatedMethod: Codable, Sendable {
  /// Where its maps are from.
  public enum Kind: String, Codable, Sendable {
    /// A method of the catalog.
    case method
    /// Maps that give scores their scale: nothing is explained by them.
    case control
    /// Maps that were made elsewhere.
    case given
  }

  /// Its name, unique.
  public var identifier: String
  /// Where its maps are from.
  public var kind: Kind
  /// What it is, where it is one of the catalog.
  public var method: TestedMethod?
  /// One line about it.
  public var summary: String
  /// What the randomization test said, where one was given.
  public var verdict: RandomizationFinding?
  /// How similar its maps are on two networks, where a comparison was given.
  public var consistency: Double?

  package init(
    identifier: String, kind: Kind, method: TestedMethod? = nil, summary: String,
    verdict: RandomizationFinding? = nil, consistency: Double? = nil
  ) {
    (self.identifier, self.kind, self.method) = (identifier, kind, method)
    (self.summary, self.verdict, self.consistency) = (summary, verdict, consistency)
  }
}

/// What a randomization test said about a method.
public struct RandomizationFinding: Codable, Sendable, Equatable {
  /// `pass`, `fail` or `inconclusive`.
  public var outcome: MethodVerdict.Outcome
  /// In words: whether it depends on the network.
  public var degree: MethodVerdict.Degree?
  /// The similarity of its maps after the top layer became random.
  public var topSimilarity: Double?

  /// Groups what a test said.
  /// - Parameters:
  ///   - outcome: `pass`, `fail` or `inconclusive`.
  ///   - degree: In words.
  ///   - topSimilarity: The similarity of its maps after the top layer became random.
  public init(
    outcome: MethodVerdict.Outcome, degree: MethodVerdict.Degree? = nil,
    topSimilarity: Double? = nil
  ) {
    (self.outcome, self.degree, self.topSimilarity) = (outcome, degree, topSimilarity)
  }

  enum CodingKeys: String, CodingKey {
    case outcome, degree
    case topSimilarity = "top_similarity"
  }
}
