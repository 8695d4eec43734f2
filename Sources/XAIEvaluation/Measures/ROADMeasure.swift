/// Remove and debias.
public struct ROADMeasure: EvaluationMeasure {
  /// The shares of the pixels.
  public var road: ROAD

  /// Chooses parameters.
  /// - Parameter road: The shares of the pixels.
  public init(_ road: ROAD = ROAD()) { self.road = road }

  /// Two columns.
  public var columns: [MeasureColumn] {
    MeasureColumn.both(
      "road", .faithfulness, .higher, "half the gain of least over most relevant, pixels imputed",
      null: 0)
  }

  /// Both directions.
  public func prepare(_ maps: [JudgedMap], on image: JudgedImage) throws -> [RemovalPlan] {
    [RemovalPlan(JudgedImage.imputed, maps.flatMap { road.removals($0.order) })]
  }

  /// Reads the curves.
  public func scores(of map: JudgedMap, on image: JudgedImage) throws -> [Double?] {
    let curves = try road.curves(map.order, try image.removal(JudgedImage.imputed))
    return TargetQuantity.allCases.map(curves.score)
  }
}
