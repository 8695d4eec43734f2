import XAIAttribution

/// What a network says about an image for **every** set of its cells that may be gone.
///
/// 2^S passes, once for each image and baseline, for all methods together. From it follow, exactly and without
/// another pass, the best and the worst order there is, the expectation of a random one, Shapley values, and
/// correlations and infidelity over all subsets: every score of a method has a scale.
public struct CoalitionTable: Sendable, Equatable {
  /// The most cells: 65,536 passes.
  public static let mostCells = 16

  /// The cells.
  public let cells: ImageParts
  /// One for each set of cells; bit s of the index says that cell s is gone.
  public let values: [TargetValue]

  /// Takes the values of a game.
  /// - Parameters:
  ///   - cells: The cells, at most 16.
  ///   - values: One for each set of cells that are gone.
  /// - Throws: `EvaluationFailure` where there are too many cells, or not as many values as sets.
  public init(cells: ImageParts, values: [TargetValue]) throws(EvaluationFailure) {
    try Self.requireFew(cells)
    guard values.count == 1 << cells.count else {
      throw EvaluationFailure(
        .shape([values.count], expected: "[\(1 << cells.count)]"), of: "the coalition table")
    }
    (self.cells, self.values) = (cells, values)
  }

  /// Evaluates every set of cells.
  /// - Parameters:
  ///   - cells: The cells, at most 16.
  ///   - removal: The image.
  /// - Throws: `EvaluationFailure` where there are too many cells, what the network throws, or
  ///   `AttributionStopped`.
  public init(cells: ImageParts, _ removal: RemovalEvaluator) throws {
    try self.init(cells: cells, values: try removal.values(without: Self.removals(of: cells)))
  }

  /// Every set of cells as pixels that go.
  /// - Parameter cells: The cells, at most 16.
  /// - Returns: 2^S sets of pixels, in the order of `values`.
  /// - Throws: `EvaluationFailure` where there are too many cells.
  public static func removals(of cells: ImageParts) throws(EvaluationFailure) -> [PixelMask] {
    try requireFew(cells)
    let masks = (0..<cells.count).map(cells.mask)
    var removals = [PixelMask(count: cells.pixelCount)]
    for set in 1..<(1 << cells.count) {
      // The set without its last cell is known.
      let last = set.bitWidth - 1 - set.leadingZeroBitCount
      var removal = removals[set ^ 1 << last]
      removal.formUnion(masks[last])
      removals.append(removal)
    }
    return removals
  }

  private static func requireFew(_ cells: ImageParts) throws(EvaluationFailure) {
    guard cells.count <= mostCells else {
      throw EvaluationFailure(
        .tooManyCells(cells.count, most: mostCells), of: "the coalition table")
    }
  }

  /// The number of cells S.
  public var count: Int { cells.count }

  /// The set of all cells.
  var all: Int { values.count - 1 }

  /// What is lost by each set: `v(x) - v(A)`.
  /// - Parameter quantity: Logit or probability.
  /// - Returns: One for each set of cells.
  public func drops(_ quantity: TargetQuantity) -> [Double] {
    values.map { values[0][quantity] - $0[quantity] }
  }

  /// The exact Shapley values of the cells (Shapley 1953): what each contributes to `v(x) - v(b)`.
  /// - Parameter quantity: Logit or probability.
  /// - Returns: One for each cell; they sum to `v(x) - v(b)`.
  public func shapleyValues(_ quantity: TargetQuantity = .logit) -> [Double] {
    // There sets are those that are present.
    ShapleyValues.exact(values.reversed().map { $0[quantity] }, players: count)
  }

  /// Sums over every set of cells.
  /// - Parameter relevance: One for each cell.
  /// - Returns: One for each set of cells.
  public func sums(_ relevance: [Double]) -> [Double] {
    var sums = [0.0]
    for set in 1..<max(values.count, 1) {
      let last = set.bitWidth - 1 - set.leadingZeroBitCount
      sums.append(sums[set ^ 1 << last] + relevance[last])
    }
    return sums
  }
}
