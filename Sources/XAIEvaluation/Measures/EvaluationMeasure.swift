/// A measure of maps: what it needs of the network, and what it makes of it.
///
/// The stored properties are its parameters, with the defaults of the published semantics. Adding a measure is
/// adding a file: a type that conforms, which names its removals first, so that those of all methods and
/// measures run in full batches.
public protocol EvaluationMeasure: Sendable {
  /// What the numbers mean.
  var columns: [MeasureColumn] { get }

  /// Says what will be removed from an image, and computes what maps have in common.
  ///
  /// Whatever is not named here is evaluated when it is asked for.
  /// - Parameters:
  ///   - maps: The maps of all methods.
  ///   - image: The image.
  /// - Returns: Sets of pixels for each filling.
  /// - Throws: `EvaluationFailure`.
  func prepare(_ maps: [JudgedMap], on image: JudgedImage) throws -> [RemovalPlan]

  /// Measures a map.
  /// - Parameters:
  ///   - map: The map.
  ///   - image: The image.
  /// - Returns: One number for each column; `nil` where it is undefined.
  /// - Throws: `EvaluationFailure`, what the network throws, or `AttributionStopped`.
  func scores(of map: JudgedMap, on image: JudgedImage) throws -> [Double?]
}

extension EvaluationMeasure {
  /// Most measures of the map alone remove nothing.
  public func prepare(_ maps: [JudgedMap], on image: JudgedImage) throws -> [RemovalPlan] { [] }
}

/// Sets of pixels that are removed from an image.
public struct RemovalPlan: Sendable {
  /// What fills the holes: the name of a baseline, or `JudgedImage.imputed`.
  public let filling: String
  /// The pixels that go.
  public let masks: [PixelMask]

  /// Plans removals.
  /// - Parameters:
  ///   - filling: What fills the holes.
  ///   - masks: The pixels that go.
  public init(_ filling: String, _ masks: [PixelMask]) {
    (self.filling, self.masks) = (filling, masks)
  }
}

extension JudgedImage {
  /// Measures the maps of many methods on this image, shared passes once and in full batches.
  /// - Parameters:
  ///   - maps: One for each method.
  ///   - measures: The measures.
  /// - Returns: For each map the numbers of all measures, in the order of their columns.
  /// - Throws: `EvaluationFailure`, what the network throws, or `AttributionStopped`.
  public func scores(
    of maps: [JudgedMap], by measures: [any EvaluationMeasure]
  ) throws -> [[Double?]] {
    var plans: [String: [PixelMask]] = [:]
    for measure in measures {
      for plan in try measure.prepare(maps, on: self) {
        plans[plan.filling, default: []] += plan.masks
      }
    }
    for (filling, masks) in plans.sorted(by: { $0.key < $1.key }) {
      try removal(filling).prepare(masks)
    }
    return try maps.map { map in
      try measures.flatMap { measure in
        let scores = try measure.scores(of: map, on: self)
        precondition(
          scores.count == measure.columns.count,
          "\(scores.count) scores for \(measure.columns.count) columns")
        return scores
      }
    }
  }
}
