/// A square of pixels that goes.
public struct RemovedSquare: Sendable, Equatable {
  /// The first row.
  public var row: Int
  /// The first column.
  public var column: Int
  /// The side; what would lie outside of the image is cut off.
  public var side: Int

  /// Places a square.
  /// - Parameters:
  ///   - row: The first row.
  ///   - column: The first column.
  ///   - side: The side.
  public init(row: Int, column: Int, side: Int) {
    (self.row, self.column, self.side) = (row, column, side)
  }

  /// Its pixels.
  /// - Parameters:
  ///   - height: Rows of the image.
  ///   - width: Columns of the image.
  /// - Returns: The set.
  public func mask(height: Int, width: Int) -> PixelMask {
    let rows = max(0, row)..<max(0, row, min(height, row + side))
    let columns = max(0, column)..<max(0, column, min(width, column + side))
    return PixelMask(
      rows.lazy.flatMap { row in columns.lazy.map { row * width + $0 } }, count: height * width)
  }
}

/// Infidelity of removed squares: `I.R` is the sum of the map inside, the binary form, where R is a
/// contribution.
/// - Note: Deviation: the authors take sides 1 to 10 at every position, 35,485 passes at 64 x 64; we draw 64
///   squares with sides from H/16 to H/4 (`EvaluationDraws.square`).
public struct SquareInfidelity: Sendable {
  /// The pixels of each square.
  public let masks: [PixelMask]

  /// Takes squares.
  /// - Parameters:
  ///   - squares: At least one.
  ///   - height: Rows of the image.
  ///   - width: Columns of the image.
  public init(_ squares: [RemovedSquare], height: Int, width: Int) {
    masks = squares.map { $0.mask(height: height, width: width) }
  }

  /// The infidelity of a map.
  /// - Parameters:
  ///   - map: The map.
  ///   - removal: The image; its baseline fills squares.
  ///   - quantity: Logit or probability.
  /// - Returns: The infidelity.
  /// - Throws: What the network throws, or `AttributionStopped`.
  public func callAsFunction(
    _ map: JudgedMap, _ removal: RemovalEvaluator, _ quantity: TargetQuantity = .logit
  ) throws -> Infidelity {
    Infidelity(
      attributed: masks.map { $0.sum(of: map.values) },
      drops: try removal.drops(without: masks).map { $0[quantity] })
  }
}

extension PixelMask {
  /// The sum of a map over the set.
  func sum(of values: [Double]) -> Double { pixels.reduce(0) { $0 + values[$1] } }
}
