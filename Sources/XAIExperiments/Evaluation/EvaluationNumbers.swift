public import XAIEvaluation

/// What a number of an evaluation means.
public struct EvaluatedMeasure: Codable, Sendable, Equatable {
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
  /// Why it is to be taken with care.
  public var reservation: MeasureColumn.Reservation?
  /// How numbers of images become one.
  public var statistic: ScoreStatistic

  package init(
    identifier: String, name: String, family: MeasureColumn.Family,
    direction: MeasureColumn.Direction, summary: String, null: Double? = nil,
    baseline: String? = nil, quantity: TargetQuantity? = nil,
    reservation: MeasureColumn.Reservation? = nil, isHeadline: Bool = false,
    statistic: ScoreStatistic = .mean
  ) {
    (self.identifier, self.name, self.family) = (identifier, name, family)
    (self.direction, self.summary, self.null) = (direction, summary, null)
    (self.baseline, self.quantity, self.reservation) = (baseline, quantity, reservation)
    (self.isHeadline, self.statistic) = (isHeadline, statistic)
  }

  enum CodingKeys: String, CodingKey {
    case identifier, name, family, direction, summary, null, baseline, quantity, reservation
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
  /// The paired gain over the control `random`, mean or median, positive is better; nil where the measure does not
  /// rank.
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
  /// Letters of groups: two methods share one exactly where these images cannot tell them apart.
  public var groups: String

  /// Whether these images cannot show that the method does better than random maps; false where there is nothing to
  /// compare with, as random maps have no neighbors.
  public var mayBeNothing: Bool {
    guard gain != nil else { return false }
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
