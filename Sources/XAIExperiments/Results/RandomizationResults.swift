public import XAIAttribution
public import XAIMetrics

/// What a randomization test found: `results.json`.
///
/// Nothing in it depends on when or how fast it was computed: the same test gives the same bytes.
public struct RandomizationResults: Codable, Sendable {
  /// What kind of file this is.
  public static let schema = "swift-xai/randomization"
  /// Rises when a reader of older files would go wrong.
  public static let schemaVersion = 1

  /// What kind of file this is.
  public var schema = Self.schema
  /// The version of the file's layout.
  public var schemaVersion = Self.schemaVersion
  /// The version of the toolkit.
  public var version: String
  /// Whether every unit that was asked for is here.
  public var complete: Bool
  /// The network under test.
  public var checkpoint: ExplanationResults.CheckpointRecord
  /// How layers were randomized and what was explained.
  public var configuration: RandomizationConfiguration
  /// How many times layers were drawn.
  public var seeds: Int
  /// The rule by which images were chosen, as a sentence.
  public var samples: String
  /// The images.
  public var images: [TestedImage]
  /// The methods, controls among them, in the order of tables.
  public var methods: [TestedMethod]
  /// The steps of each mode, in order.
  public var plans: [PlanRecord]
  /// The identifiers of the measures, in the order of every row of scores.
  public var measures: [String]
  /// What each measure is; nil in results of versions that did not say.
  public var measureRecords: [MeasureRecord]?
  /// The measure that verdicts and curves show unless asked for another.
  public var headline: String
  /// The network at each step.
  public var health: [HealthRecord]
  /// One row for each image, method, mode, layer and seed.
  public var scores: [ScoreRow]
  /// Mean and spread over images and seeds.
  public var summaries: [ScoreSummary]
  /// What follows for each method.
  public var verdicts: [MethodVerdict]
  /// The rule of the verdicts, as a sentence.
  public var rule: String
  /// How fast the signals of backpropagating methods forget where they started.
  public var convergence: [ConvergenceCurve]
  /// The efficient variant of the test: what becomes of the complexity of maps.
  public var complexity: [ComplexityRow]

  enum CodingKeys: String, CodingKey {
    case schema
    case schemaVersion = "schema_version"
    case version, complete, checkpoint, configuration, seeds, samples, images, methods, plans
    case measures, headline
    case measureRecords = "measure_records"
    case health, scores, summaries, verdicts, rule, convergence
    case complexity
  }
}

/// How layers were randomized and what was explained; the same for every unit of a folder.
public struct RandomizationConfiguration: Codable, Sendable, Equatable {
  /// Which class is explained after randomization.
  public enum Target: String, Codable, Sendable, CaseIterable {
    /// The class that was explained on the original network.
    case fixed
    /// The class that the randomized network predicts.
    case repredicted
  }

  /// Where weights and biases come from, and what happens to batch norm.
  public var randomization: Randomization
  /// Which class is explained after randomization.
  public var target: Target
  /// What decides noise, baselines and samples, which are the same on every network.
  public var seed: UInt64

  /// Groups the choices.
  /// - Parameters:
  ///   - randomization: Where weights come from.
  ///   - target: Which class is explained after randomization.
  ///   - seed: What decides noise, baselines and samples.
  public init(randomization: Randomization, target: Target, seed: UInt64) {
    (self.randomization, self.target, self.seed) = (randomization, target, seed)
  }
}

/// An image of a test.
public struct TestedImage: Codable, Sendable {
  /// Its name.
  public var name: String
  /// Where it is from.
  public var source: String
  /// A digest of its pixels, which also names its random streams.
  public var key: String
  /// What it shows, where that is known.
  public var label: ExplanationResults.ClassRecord?
  /// What the original network takes it for.
  public var predicted: ExplanationResults.ClassRecord
  /// The class that is explained.
  public var target: ExplanationResults.ClassRecord
}

/// A method under test.
public struct TestedMethod: Codable, Sendable {
  /// Its name in this test, unique: the method's identifier, with more where it occurs twice.
  public var identifier: String
  /// The method's identifier in the catalog.
  public var method: String
  /// Its group, such as `gradients`; `control` for those that must not react.
  public var group: MethodGroup
  /// Every parameter, defaults included.
  public var parameters: JSONValue
  /// What images were compared with.
  public var baseline: String?
  /// What the sign of its maps means; nil in results of versions that did not say.
  public var meaning: MapMeaning?
  /// One line about it.
  public var summary: String
  /// The paper.
  public var source: String
}

/// The steps of a mode.
public struct PlanRecord: Codable, Sendable, Equatable {
  /// The order.
  public var mode: RandomizationMode
  /// The layer that each step adds, in order.
  public var layers: [String]
  /// How many of the first layers in order are dense: after these the whole dense head is random.
  ///
  /// 0 in modes that do not begin there.
  public var denseHead: Int

  enum CodingKeys: String, CodingKey {
    case mode, layers
    case denseHead = "dense_head"
  }
}

/// Which randomized network: a step of a mode under a seed.
public struct RandomizedStep: Codable, Sendable, Hashable {
  /// The order.
  public var mode: RandomizationMode
  /// The layer that the step adds.
  public var layer: String
  /// Which draw, from 0.
  public var seed: Int

  /// Names a step.
  /// - Parameters:
  ///   - mode: The order.
  ///   - layer: The layer that the step adds.
  ///   - seed: Which draw.
  public init(mode: RandomizationMode, layer: String, seed: Int) {
    (self.mode, self.layer, self.seed) = (mode, layer, seed)
  }
}

/// Whether a network still computes something.
public struct HealthRecord: Codable, Sendable {
  /// The randomized network; nothing for the original one.
  public var step: RandomizedStep?
  /// What was found.
  public var health: NetworkHealth
  /// What is wrong, as clauses.
  public var problems: [String]
}

/// How alike the original map and the one of a randomized network are.
public struct ScoreRow: Codable, Sendable {
  /// The position of the image among the images.
  public var image: Int
  /// The method's name in this test.
  public var method: String
  /// The randomized network.
  public var step: RandomizedStep
  /// The class that was explained on it.
  public var target: Int
  /// One value for each measure; nothing where a map holds NaN or infinity.
  public var values: [Double?]
  /// The measures whose value is a convention, because a map says nothing they could compare.
  public var degenerate: [String]
}

/// Mean and spread of a measure over images and seeds.
public struct ScoreSummary: Codable, Sendable {
  /// The method's name in this test.
  public var method: String
  /// The order.
  public var mode: RandomizationMode
  /// The layer.
  public var layer: String
  /// The measure.
  public var measure: String
  /// The number of values: images times seeds, without those that are not finite.
  public var count: Int
  /// Their mean.
  public var mean: Double
  /// Their standard deviation, with `count - 1`; 0 for a single value.
  public var deviation: Double
  /// The lower end of the mean's confidence interval; nil where the measure's scale has no end there
  /// and one value says nothing about others.
  public var lower: Double?
  /// The upper end of the mean's confidence interval; nil as the lower one.
  public var upper: Double?
  /// How many of the values are conventions.
  public var degenerate: Int
}

/// What a test says about a method.
public struct MethodVerdict: Codable, Sendable {
  /// The outcomes.
  public enum Outcome: String, Codable, Sendable, CaseIterable {
    /// The explanation depends on what the network has learned.
    case pass
    /// It does not.
    case fail
    /// The test cannot tell.
    case inconclusive
  }

  /// The method's name in this test.
  public var method: String
  /// The outcome.
  public var outcome: Outcome
  /// Why, as a sentence with the numbers that decided.
  public var reason: String
  /// How much the method depends on what was learned; nil in results of versions that did not say.
  public var degree: Degree?
  /// How far its maps went to unrelated ones; nil where the floor or the dense head was not measured.
  public var change: Change?
  /// The mean similarity after the top layer is random, where that step was run.
  public var afterTop: Double?
  /// The mean similarity after the whole dense head is random, where that step was run.
  public var afterHead: Double?
  /// The similarity of maps that have nothing in common, in this method's test.
  public var floor: Double?
  /// The first layer of the cascade from which on the similarity stays at the floor.
  public var floorReachedAt: String?

  enum CodingKeys: String, CodingKey {
    case method, outcome, reason, degree, change, floor
    case afterTop = "after_top"
    case afterHead = "after_head"
    case floorReachedAt = "floor_reached_at"
  }
}

/// The complexity of a map before and after all layers are random.
///
/// Efficient MPRT (Hedstroem et al. 2024, Sanity Checks Revisited): no similarity, two entropies.
public struct ComplexityRow: Codable, Sendable {
  /// The position of the image among the images.
  public var image: Int
  /// The method's name in this test.
  public var method: String
  /// Which draw, from 0.
  public var seed: Int
  /// The entropy of the original map's histogram, in nats.
  public var original: Double
  /// The entropy of the map of the wholly random network.
  public var randomized: Double
  /// Their difference as a fraction of the first; nothing where that is 0.
  public var rise: Double?
}

/// How fast a backpropagating method's signal forgets where it started.
///
/// Sixt et al. 2020, When Explanations Lie, section 4.
public struct ConvergenceCurve: Codable, Sendable {
  /// The method's name in this test.
  public var method: String
  /// The nodes whose signal was compared, from the output down to the input.
  public var layers: [String]
  /// The median cosine similarity of two signals that started from different vectors, at each layer.
  public var median: [Double]
  /// The lower quartile.
  public var lower: [Double]
  /// The upper quartile.
  public var upper: [Double]
}

/// Names a map of a test.
public struct MapKey: Sendable, Hashable {
  /// The position of the image.
  public var image: Int
  /// The method's name in this test.
  public var method: String
  /// The randomized network; nothing for the original one.
  public var step: RandomizedStep?

  /// Names a map.
  /// - Parameters:
  ///   - image: The position of the image.
  ///   - method: The method's name in this test.
  ///   - step: The randomized network.
  public init(image: Int, method: String, step: RandomizedStep?) {
    (self.image, self.method, self.step) = (image, method, step)
  }
}

/// Where a report finds maps.
public protocol MapSource {
  /// A map of the test, channels summed.
  /// - Parameter key: Which.
  /// - Returns: The map; nothing where it was not computed, or where it holds NaN or infinity.
  /// - Throws: Where it cannot be read.
  func map(_ key: MapKey) throws -> RelevanceMap?
}
