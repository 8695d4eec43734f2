/// What the removal of each cell alone costs: shared by all methods, one pass for each cell.
public struct CellEffects: Sendable {
  /// The cells.
  public let cells: ImageParts
  /// `v(x) - v(x without the cell)`.
  public let drops: [TargetValue]

  /// Evaluates the cells.
  /// - Parameters:
  ///   - cells: The cells; squares of side 8 by default of the page.
  ///   - removal: The image.
  /// - Throws: What the network throws, or `AttributionStopped`.
  public init(_ cells: ImageParts, _ removal: RemovalEvaluator) throws {
    self.cells = cells
    drops = try removal.drops(without: (0..<cells.count).map(cells.mask))
  }

  /// The removals: each cell alone.
  /// - Parameter cells: The cells.
  /// - Returns: One set for each cell.
  public static func removals(of cells: ImageParts) -> [PixelMask] {
    (0..<cells.count).map(cells.mask)
  }

  /// The faithfulness estimate (Alvarez-Melis and Jaakkola 2018): Pearson's correlation over the cells of
  /// summed relevance with the loss, in [-1, 1], higher is better.
  /// - Parameters:
  ///   - map: The map.
  ///   - quantity: The probability as in the paper, or the logit.
  /// - Returns: The correlation; `nil` where either side is constant.
  /// - Note: Deviation: Quantus takes one value of one channel at a time, 12,288 passes at 64 x 64.
  public func faithfulnessEstimate(_ map: JudgedMap, _ quantity: TargetQuantity) -> Double? {
    Correlation.pearson.of(cells.sums(map.values), drops.map { $0[quantity] })
  }

  /// The shares of cells whose relevance and effect contradict each other.
  ///
  /// Lower is better.
  ///
  /// Source: non-sensitivity of Nguyen and Martinez 2020; axioms of Sundararajan et al. 2017.
  /// - Parameters:
  ///   - map: The map.
  ///   - quantity: Logit or probability.
  ///   - threshold: What share of the greatest magnitude counts as some; 0.01 by default.
  /// - Returns: The shares.
  /// - Note: Deviation: Quantus raises for more than one feature a step.
  public func contradictions(
    _ map: JudgedMap, _ quantity: TargetQuantity = .logit, threshold: Double = 0.01
  ) -> Contradictions {
    let relevant = Self.notable(cells.sums(map.values), threshold)
    let moving = Self.notable(drops.map { $0[quantity] }, threshold)
    let pairs = Array(zip(moving, relevant))
    let count = Double(pairs.count)
    return Contradictions(
      ignored: Double(pairs.count { $0 && !$1 }) / count,
      invented: Double(pairs.count { !$0 && $1 }) / count,
      all: Double(pairs.count { $0 != $1 }) / count)
  }

  private static func notable(_ values: [Double], _ threshold: Double) -> [Bool] {
    let largest = values.reduce(0) { max($0, abs($1)) }
    return values.map { abs($0) > threshold * largest }
  }
}

/// Shares of cells whose relevance and effect contradict each other, each in [0, 1].
public struct Contradictions: Sendable, Equatable {
  /// Cells that move the network without relevance: sensitivity (a).
  public var ignored: Double
  /// Cells that have relevance without moving the network: sensitivity (b).
  public var invented: Double
  /// Both.
  public var all: Double
}
