/// The coalition table: share of the possible, percentile, agreement with Shapley values, sensitivity-n and
/// infidelity over all subsets.
public struct TableMeasure: EvaluationMeasure {
  /// The name of the baseline.
  public var baseline: String
  /// Rows and columns of cells.
  public var grid: (rows: Int, columns: Int)
  /// With how many random orders a map is compared.
  public var orders: Int

  /// Chooses parameters.
  /// - Parameters:
  ///   - baseline: The name of the baseline.
  ///   - grid: Rows and columns of cells.
  ///   - orders: With how many random orders a map is compared.
  public init(
    _ baseline: String, grid: (rows: Int, columns: Int) = (3, 3), orders: Int = 2_000
  ) {
    (self.baseline, self.grid, self.orders) = (baseline, grid, orders)
  }

  /// The table of an image, with what all maps share.
  private struct Entry {
    let table: CoalitionTable
    let bounds: [OrderBounds]
    let gains: [[Double]]
  }

  /// The headline first.
  public var columns: [MeasureColumn] {
    let columns =
      MeasureColumn.both(
        "share.\(baseline)", .faithfulness, .higher,
        "share of the possible over all orders of the cells, against \(baseline)", null: 0)
      + MeasureColumn.both(
        "deletionShare.\(baseline)", .faithfulness, .higher,
        "deletion alone as a share of the best order's, against \(baseline)", null: 0)
      + MeasureColumn.both(
        "percentile.\(baseline)", .faithfulness, .higher,
        "share of random orders that are beaten, against \(baseline)", null: 0.5)
      + Correlation.allCases.map {
        MeasureColumn(
          "shapley.\(baseline).\($0.rawValue)", .faithfulness, .higher,
          "correlation with exact Shapley values of the cells, against \(baseline)", null: 0
        ).taken(.additive)
      } + [
        MeasureColumn(
          "sensitivityN.\(baseline)", .faithfulness, .higher,
          "mean correlation over subsets of every size, against \(baseline)", null: 0
        ).taken(.additive),
        MeasureColumn(
          "infidelity.subsets.\(baseline)", .faithfulness, .lower,
          "relative infidelity over all subsets of the cells, against \(baseline)", null: 1
        ).taken(.additive),
      ]
    return columns.map { $0.against(baseline) }
  }

  private func cells(of image: JudgedImage) throws(EvaluationFailure) -> ImageParts {
    try ImageParts(
      rows: grid.rows, columns: grid.columns, height: image.height, width: image.width)
  }

  /// Every set of cells.
  public func prepare(_ maps: [JudgedMap], on image: JudgedImage) throws -> [RemovalPlan] {
    [RemovalPlan(baseline, try CoalitionTable.removals(of: try cells(of: image)))]
  }

  private func entry(_ image: JudgedImage) throws -> Entry {
    try image.shared("table/\(baseline)/\(grid.rows)x\(grid.columns)/\(orders)") {
      let table = try CoalitionTable(
        cells: try cells(of: image), try image.removal(baseline))
      let others = (0..<orders).map {
        image.draws.randomOrder(of: table.count, image: image.key, $0)
      }
      return Entry(
        table: table, bounds: TargetQuantity.allCases.map(table.bounds),
        gains: TargetQuantity.allCases.map { quantity in
          others.map { table.gain(of: $0, quantity) }
        })
    }
  }

  /// Reads the table.
  public func scores(of map: JudgedMap, on image: JudgedImage) throws -> [Double?] {
    let entry = try entry(image)
    let (table, cells) = (entry.table, entry.table.cells)
    let order = cells.order(of: map.values, ties: map.ties)
    let relevance = cells.sums(map.values)
    let scores = zip(TargetQuantity.allCases, entry.bounds).map {
      table.scores(of: order, $0, within: $1)
    }
    let percentiles = zip(TargetQuantity.allCases, entry.gains).map {
      table.percentile(of: order, amongGains: $1, $0)
    }
    let sizes = table.sensitivity(relevance).compactMap(\.self)
    return scores.map(\.share) + scores.map(\.deletionShare) + percentiles
      + Correlation.allCases.map { table.shapleyAgreement(relevance, $0) }
      + [
        sizes.isEmpty ? nil : sizes.reduce(0, +) / Double(sizes.count),
        table.infidelity(relevance).relative,
      ]
  }
}
