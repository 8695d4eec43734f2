/// How much a network depends on each cell: the mean square of what changes when the cell comes from other
/// images, `E_r (f(x) - f(x with the cell from r))^2`.
public struct CellVariance: Sendable {
  /// The cells.
  public let cells: ImageParts
  /// One for each cell.
  public let values: [Double]

  /// Evaluates the cells with those of other images.
  /// - Parameters:
  ///   - cells: The cells; squares of side 8 by default of the page.
  ///   - removals: The image with another image as its baseline each; six by default of the page.
  ///   - quantity: Logit or probability.
  /// - Throws: What the network throws, or `AttributionStopped`.
  public init(
    _ cells: ImageParts, _ removals: [RemovalEvaluator], _ quantity: TargetQuantity = .logit
  ) throws {
    precondition(!removals.isEmpty, "no image to take cells from")
    self.cells = cells
    let masks = CellEffects.removals(of: cells)
    var sums = Array(repeating: 0.0, count: cells.count)
    for removal in removals {
      for (cell, drop) in try removal.drops(without: masks).enumerated() {
        sums[cell] += drop[quantity] * drop[quantity]
      }
    }
    values = sums.map { $0 / Double(removals.count) }
  }

  /// The monotonicity correlation (Nguyen and Martinez 2020): Spearman's correlation over the cells of the
  /// magnitude of summed relevance with this variance, in [-1, 1], higher is better.
  /// - Parameter map: The map.
  /// - Returns: The correlation; `nil` where either side is constant.
  /// - Note: Deviation: the paper divides by `f^2`, which changes no rank; Quantus draws 100 values for each
  ///   of `C H W`.
  public func monotonicityCorrelation(_ map: JudgedMap) -> Double? {
    Correlation.spearman.of(cells.sums(map.values).map(abs), values)
  }
}
