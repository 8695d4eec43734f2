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

  /// The passes through the network that an image takes.
  /// - Parameters:
  ///   - maps: The number of methods.
  ///   - image: The image.
  /// - Returns: Passes that all maps share, and passes of all maps.
  /// - Throws: `EvaluationFailure`.
  func passes(of maps: Int, on image: JudgedImage) throws -> (shared: Int, own: Int)

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

  /// Counts the removals that are named for one map without ties and for none.
  public func passes(of maps: Int, on image: JudgedImage) throws -> (shared: Int, own: Int) {
    func count(_ maps: [JudgedMap]) throws -> Int {
      try prepare(maps, on: image).reduce(0) { $0 + Set($1.masks).count }
    }
    let shared = try count([])
    let own = try count([image.judged(ControlMaps.random(image, 0))]) - shared
    return (shared, maps * own)
  }
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
    try prepare(maps, by: measures)
    return try maps.map { try scores(of: $0, by: measures) }
  }

  /// Evaluates everything that maps need, in full batches.
  /// - Parameters:
  ///   - maps: One for each method.
  ///   - measures: The measures.
  /// - Throws: `EvaluationFailure`, what the network throws, or `AttributionStopped`.
  public func prepare(_ maps: [JudgedMap], by measures: [any EvaluationMeasure]) throws {
    var plans: [String: [PixelMask]] = [:]
    for measure in measures {
      for plan in try measure.prepare(maps, on: self) {
        plans[plan.filling, default: []] += plan.masks
      }
    }
    for (filling, masks) in plans.sorted(by: { $0.key < $1.key }) {
      try removal(filling).prepare(masks)
    }
  }

  /// Measures a map; what is not prepared is evaluated.
  /// - Parameters:
  ///   - map: The map.
  ///   - measures: The measures.
  /// - Returns: The numbers of all measures, in the order of their columns.
  /// - Throws: `EvaluationFailure`, what the network throws, or `AttributionStopped`.
  public func scores(
    of map: JudgedMap, by measures: [any EvaluationMeasure]
  ) throws -> [Double?] {
    try measures.flatMap { measure in
      let scores = try measure.scores(of: map, on: self)
      precondition(
        scores.count == measure.columns.count,
        "\(scores.count) scores for \(measure.columns.count) columns")
      return scores
    }
  }
}
