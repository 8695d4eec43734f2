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
  /// What can be said, in sentences, the most important one first.
  public var findings: [String]
  /// What a reader must know besides.
  public var notes: [String]

  enum CodingKeys: String, CodingKey {
    case schema
    case schemaVersion = "schema_version"
    case version, checkpoint, seed, setup, images, methods, measures, scores, summaries, boxes
    case agreement, trials, pareto, findings, notes
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

/// What a number of an evaluation means.
public struct EvaluatedMeasure: Codable, Sendable, Equatable {
  /// How numbers of images become one.
  public enum Statistic: String, Codable, Sendable {
    /// The mean, with its interval by Student's t.
    case mean
    /// The median, with an interval between order statistics: its tails are heavy.
    case median
  }

  /// Its name, such as `share.black.probability`; a contract.
  public var identifier: String
  /// The name without baseline and quantity, such as `share`.
  public var name: String
  /// What it is about.
  public var family: MeasureColumn.Family
  /// Which numbers are better.
  public var direction: MeasureColumn.Direction
  /// What it is, in one line.
  public var summary: String
  /// What a map without information gets; nil where it depends on the network or the image.
  public var null: Double?
  /// What stands in the place of what is removed.
  public var baseline: String?
  /// `logit` or `probability`.
  public var quantity: TargetQuantity?
  /// Whether it is one of the columns to look at first.
  public var isHeadline: Bool
  /// How numbers of images become one.
  public var statistic: Statistic

  package init(
    identifier: String, name: String, family: MeasureColumn.Family,
    direction: MeasureColumn.Direction, summary: String, null: Double? = nil,
    baseline: String? = nil, quantity: TargetQuantity? = nil, isHeadline: Bool = false,
    statistic: Statistic = .mean
  ) {
    (self.identifier, self.name, self.family) = (identifier, name, family)
    (self.direction, self.summary, self.null) = (direction, summary, null)
    (self.baseline, self.quantity) = (baseline, quantity)
    (self.isHeadline, self.statistic) = (isHeadline, statistic)
  }

  enum CodingKeys: String, CodingKey {
    case identifier, name, family, direction, summary, null, baseline, quantity
    case isHeadline = "headline"
    case statistic
  }
}

/// The numbers of a method on an image.
public struct EvaluationScore: Codable, Sendable {
  /// The method's name.
  public var method: String
  /// The position of the image.
  public var image: Int
  /// One number for each measure; nil where it is undefined.
  public var values: [Double?]
  /// Whether the map is the same everywhere, so that ties alone decide.
  public var isConstant: Bool
  /// The share of its pixels whose value another one has, too.
  public var tiedShare: Double

  package init(
    method: String, image: Int, values: [Double?], isConstant: Bool = false, tiedShare: Double = 0
  ) {
    (self.method, self.image, self.values) = (method, image, values)
    (self.isConstant, self.tiedShare) = (isConstant, tiedShare)
  }

  enum CodingKeys: String, CodingKey {
    case method, image, values
    case isConstant = "constant"
    case tiedShare = "tied_share"
  }
}

/// A method by a measure, over the images.
public struct EvaluationSummary: Codable, Sendable, Equatable {
  /// The method's name.
  public var method: String
  /// The measure's name.
  public var measure: String
  /// On how many images the number is defined.
  public var count: Int
  /// Mean or median; nil where it is defined on fewer than half of the images.
  public var value: Double?
  /// The lower end of its 95 % interval.
  public var lower: Double?
  /// The upper end of its 95 % interval.
  public var upper: Double?
  /// The mean paired gain over the control `random`, positive is better; nil where the measure does not rank.
  public var gain: Double?
  /// The lower end of its 95 % interval.
  public var gainLower: Double?
  /// The upper end of its 95 % interval.
  public var gainUpper: Double?
  /// The rank among methods without controls: 1 is best, equal ones share.
  public var rank: Double?
  /// The least rank on 95 % of resampled sets of images.
  public var rankLower: Double?
  /// The greatest rank on 95 % of resampled sets of images.
  public var rankUpper: Double?
  /// The share of resampled sets of images on which it is first.
  public var first: Double?
  /// Letters of the groups of methods that these images cannot tell apart.
  public var groups: String

  /// Whether these images cannot show that the method does better than random maps.
  public var mayBeNothing: Bool {
    guard gain != nil else { return true }
    guard let gainLower, let gainUpper else { return true }
    return gainLower <= 0 && gainUpper >= 0
  }

  enum CodingKeys: String, CodingKey {
    case method, measure, count, value, lower, upper, gain
    case gainLower = "gain_lower"
    case gainUpper = "gain_upper"
    case rank
    case rankLower = "rank_lower"
    case rankUpper = "rank_upper"
    case first, groups
  }
}

/// How well the boxes of thresholded maps fit the objects' (Choe 2020), over all images with a box.
public struct BoxRecord: Codable, Sendable, Equatable {
  /// The method's name.
  public var method: String
  /// On how many images it stands.
  public var count: Int
  /// The intersections over union from which a box is right.
  public var deltas: [Double]
  /// MaxBoxAcc for each: the threshold was chosen on the same images.
  public var maximum: [Double?]
  /// The same, the threshold chosen on the other half of the images.
  public var crossFitted: [Double?]
  /// The mean of `maximum`: MaxBoxAccV2.
  public var mean: Double?
  /// 1 - MaxBoxAcc(0.5): the weak localization error.
  public var error: Double?

  enum CodingKeys: String, CodingKey {
    case method, count, deltas, maximum
    case crossFitted = "cross_fitted"
    case mean, error
  }
}

/// How measures agree on the methods: Kendall's tau-b of their means, turned so that higher is better.
public struct AgreementRecord: Codable, Sendable, Equatable {
  /// Two measures that contradict each other most on the same maps.
  public struct Pair: Codable, Sendable, Equatable {
    /// A measure.
    public var first: String
    /// Another measure.
    public var second: String
    /// Their tau.
    public var tau: Double
  }

  /// The measures, sorted by family; those that rank.
  public var measures: [String]
  /// `[measures][measures]`; nil where a measure does not tell methods apart.
  public var tau: [[Double?]]
  /// The number of methods that were ranked, without controls.
  public var methods: Int
  /// The standard deviation of tau between measures that have nothing in common.
  public var nullDeviation: Double?
  /// The pair of the least tau.
  public var worst: Pair?

  enum CodingKeys: String, CodingKey {
    case measures, tau, methods
    case nullDeviation = "null_deviation"
    case worst
  }
}

/// How far a measure is to be believed.
///
/// Source: Hedström et al. 2023, MetaQuantus.
public struct MeasureTrialRecord: Codable, Sendable, Equatable {
  /// The measure's name.
  public var measure: String
  /// Kendall's tau-b of the methods' scores before and after tiny noise on the image, the mean over images; 1 is best.
  public var noiseResilience: Double?
  /// The share of images and methods whose score gets worse with the maps of a random network; 1 is best, 0.5 a coin.
  public var adversary: Double?
  /// On how many images it stands.
  public var images: Int

  enum CodingKeys: String, CodingKey {
    case measure
    case noiseResilience = "noise_resilience"
    case adversary, images
  }
}
