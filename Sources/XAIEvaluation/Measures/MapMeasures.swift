import XAIMetrics

/// Every measure of localization, undefined where it is not known where the object is.
public struct ObjectMeasure: EvaluationMeasure {
  /// The radius of tolerant pointing in pixels; `nil` is 0.04 of the shorter side.
  public var tolerance: Double?

  /// Chooses parameters.
  /// - Parameter tolerance: The radius of tolerant pointing in pixels.
  public init(tolerance: Double? = nil) { self.tolerance = tolerance }

  /// One column of each measure; chances describe.
  public var columns: [MeasureColumn] {
    LocalizationCatalog.measures(height: 1, width: 1).map { measure in
      let isChance = measure.identifier.hasPrefix("chance")
      return MeasureColumn(
        measure.identifier, .localization, isChance ? .describes : .higher,
        "localization of the object: \(measure.identifier)",
        null: ["rocAUC": 0.5, "energy.gain": 1][measure.identifier])
    }
  }

  /// Points at the object.
  public func scores(of map: JudgedMap, on image: JudgedImage) throws -> [Double?] {
    let measures = LocalizationCatalog.measures(
      height: image.height, width: image.width, tolerance: tolerance)
    guard let object = image.knowledge.object else { return measures.map { _ in nil } }
    return measures.map { $0(map, object) }
  }
}

/// How simple a map is.
public struct ComplexityMeasure: EvaluationMeasure {
  /// The only variant.
  public init() {}

  /// Five columns that describe.
  public var columns: [MeasureColumn] {
    [
      ("gini", "Gini index of |relevance|"), ("entropy", "entropy of |relevance| in nats"),
      ("entropy.normalized", "entropy by that of a constant map"),
      ("active", "share of pixels above 1 % of the greatest"),
      ("mass90", "least share of pixels that holds 90 % of the mass"),
    ].map { MeasureColumn($0.0, .complexity, .describes, $0.1) }
  }

  /// Describes the map.
  public func scores(of map: JudgedMap, on image: JudgedImage) throws -> [Double?] {
    let complexity = MapComplexity(of: map.map)
    return [
      complexity.gini, complexity.entropy, complexity.normalizedEntropy, complexity.activeShare,
      complexity.massShare,
    ]
  }
}

/// How much of the explained difference a map accounts for.
public struct CompletenessMeasure: EvaluationMeasure {
  /// The name of the baseline.
  public var baseline: String

  /// Chooses parameters.
  /// - Parameter baseline: The name of the baseline.
  public init(_ baseline: String) { self.baseline = baseline }

  /// The relative error, then the difference.
  public var columns: [MeasureColumn] {
    let columns =
      [
        MeasureColumn(
          "completeness.\(baseline)", .axioms, .describes,
          "relative error of the sum of the map, against \(baseline)"),
        MeasureColumn(
          "completeness.\(baseline).difference", .axioms, .describes,
          "sum of the map less f(x) - f(b), against \(baseline)"),
      ]
    return columns.map { $0.against(baseline) }
  }

  /// The baseline itself.
  public func prepare(_ maps: [JudgedMap], on image: JudgedImage) throws -> [RemovalPlan] {
    let removal = try image.removal(baseline)
    return [RemovalPlan(baseline, [removal.nothing, removal.everything])]
  }

  /// Compares sums.
  public func scores(of map: JudgedMap, on image: JudgedImage) throws -> [Double?] {
    let completeness = try Completeness(map, try image.removal(baseline))
    return [completeness.relative, completeness.difference]
  }
}

/// How much a map changes between neighbors; undefined for maps without those of their neighbors.
public struct StabilityMeasure: EvaluationMeasure {
  /// The only variant.
  public init() {}

  /// All numbers; those that are literal are of little worth.
  public var columns: [MeasureColumn] {
    [
      ("sensitivity.maximal", "greatest relative change of the map"),
      ("sensitivity.average", "mean relative change of the map"),
      ("lipschitz", "greatest turn of the map by the way of the image"),
      ("stability.input", "relative change of the map by that of the image"),
      ("stability.output", "relative change of the map by that of the logits"),
      ("stability.input.literal", "the same by elements, by the image's"),
      ("stability.output.literal", "the same by elements, by the logits'"),
    ].map {
      let column = MeasureColumn($0.0, .robustness, .lower, $0.1)
      return $0.0.hasSuffix(".literal") ? column.taken(.literal) : column
    }
      + [
        MeasureColumn(
          "kept", .robustness, .describes, "share of neighbors that keep the predicted class")
      ]
  }

  /// The image and its neighbors; their maps are made elsewhere.
  public func passes(of maps: Int, on image: JudgedImage) throws -> (shared: Int, own: Int) {
    let neighbors = image.knowledge.disturbances.count
    return (neighbors == 0 ? 0 : neighbors + 1, 0)
  }

  /// Compares the maps of neighbors.
  public func scores(of map: JudgedMap, on image: JudgedImage) throws -> [Double?] {
    let disturbances = image.knowledge.disturbances
    guard !disturbances.isEmpty, map.neighbors.count == disturbances.count else {
      return columns.map { _ in nil }
    }
    let neighborhood = try image.shared("neighborhood") {
      try Neighborhood(disturbances, of: image.image, image.network)
    }
    let stability = Stability(of: map.map, at: map.neighbors, neighborhood)
    return [
      stability.maximalSensitivity, stability.averageSensitivity, stability.lipschitz,
      stability.relativeInput, stability.relativeOutput, stability.literalInput,
      stability.literalOutput, neighborhood.keptShare,
    ]
  }
}
