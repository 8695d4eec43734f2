/// Comprehensiveness and sufficiency.
public struct ErasureMeasure: EvaluationMeasure {
  /// The name of the baseline.
  public var baseline: String
  /// The shares of the pixels.
  public var erasure: Erasure

  /// Chooses parameters.
  /// - Parameters:
  ///   - baseline: The name of the baseline.
  ///   - erasure: The shares of the pixels.
  public init(_ baseline: String, _ erasure: Erasure = Erasure()) {
    (self.baseline, self.erasure) = (baseline, erasure)
  }

  /// Two columns of each.
  public var columns: [MeasureColumn] {
    let columns =
      MeasureColumn.both(
        "comprehensiveness.\(baseline)", .faithfulness, .higher,
        "mean loss without the top pixels, against \(baseline)")
      + MeasureColumn.both(
        "sufficiency.\(baseline)", .faithfulness, .lower,
        "mean loss with the top pixels alone, against \(baseline)")
    return columns.map { $0.against(baseline) }
  }

  /// The top pixels, and all others.
  public func prepare(_ maps: [JudgedMap], on image: JudgedImage) throws -> [RemovalPlan] {
    [
      RemovalPlan(
        baseline, maps.flatMap { erasure.withoutTop($0.order) + erasure.topAlone($0.order) })
    ]
  }

  /// Averages the losses.
  public func scores(of map: JudgedMap, on image: JudgedImage) throws -> [Double?] {
    let removal = try image.removal(baseline)
    let means = [
      try erasure.comprehensiveness(map.order, removal),
      try erasure.sufficiency(map.order, removal),
    ]
    return means.flatMap { mean in TargetQuantity.allCases.map { mean[$0] } }
  }
}
