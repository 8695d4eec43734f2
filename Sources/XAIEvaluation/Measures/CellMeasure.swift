/// The faithfulness estimate, and cells whose relevance and effect contradict each other.
public struct CellMeasure: EvaluationMeasure {
  /// The name of the baseline.
  public var baseline: String
  /// The side of a cell.
  public var side: Int
  /// What share of the greatest magnitude counts as some.
  public var threshold: Double

  /// Chooses parameters.
  /// - Parameters:
  ///   - baseline: The name of the baseline.
  ///   - side: The side of a cell.
  ///   - threshold: What share of the greatest magnitude counts as some.
  public init(_ baseline: String, side: Int = 8, threshold: Double = 0.01) {
    (self.baseline, self.side, self.threshold) = (baseline, side, threshold)
  }

  /// The estimate, then contradictions.
  public var columns: [MeasureColumn] {
    let columns =
      MeasureColumn.both(
        "faithfulnessEstimate.\(baseline)", .faithfulness, .higher,
        "correlation of a cell's relevance with its loss, against \(baseline)", null: 0
      ).map { $0.taken(.additive) }
      + [
        ("ignored", "that move the logit without relevance"),
        ("invented", "that have relevance without moving the logit"),
        ("nonSensitivity", "whose relevance and effect contradict each other"),
      ].map {
        MeasureColumn(
          "\($0.0).\(baseline)", .axioms, .lower, "share of cells \($0.1), against \(baseline)")
      }
    return columns.map { $0.against(baseline) }
  }

  private func cells(_ image: JudgedImage) throws(EvaluationFailure) -> ImageParts {
    try ImageParts(squaresOf: side, height: image.height, width: image.width)
  }

  /// Each cell alone.
  public func prepare(_ maps: [JudgedMap], on image: JudgedImage) throws -> [RemovalPlan] {
    [RemovalPlan(baseline, CellEffects.removals(of: try cells(image)))]
  }

  /// Compares relevance with effects.
  public func scores(of map: JudgedMap, on image: JudgedImage) throws -> [Double?] {
    let effects = try image.shared("effects/\(baseline)/\(side)") {
      try CellEffects(try cells(image), try image.removal(baseline))
    }
    let shares = effects.contradictions(map, threshold: threshold)
    return TargetQuantity.allCases.map { effects.faithfulnessEstimate(map, $0) }
      + [shares.ignored, shares.invented, shares.all]
  }
}
