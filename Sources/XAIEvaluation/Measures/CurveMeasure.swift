/// Deletion, insertion, their difference, AOPC, monotonicity and effective complexity, by pixel.
public struct CurveMeasure: EvaluationMeasure {
  /// The name of the baseline.
  public var baseline: String
  /// How many points the curves have.
  public var steps: CurveSteps

  /// Chooses parameters.
  /// - Parameters:
  ///   - baseline: The name of the baseline.
  ///   - steps: How many points the curves have.
  public init(_ baseline: String, steps: CurveSteps) {
    (self.baseline, self.steps) = (baseline, steps)
  }

  /// Two columns of each number, and one of effective complexity.
  public var columns: [MeasureColumn] {
    let columns =
      MeasureColumn.both(
        "deletion.\(baseline)", .faithfulness, .lower,
        "area while the most relevant pixels go first, against \(baseline)")
      + MeasureColumn.both(
        "insertion.\(baseline)", .faithfulness, .higher,
        "area while the least relevant pixels go first, against \(baseline)")
      + MeasureColumn.both(
        "gain.\(baseline)", .faithfulness, .higher, "insertion - deletion, against \(baseline)",
        null: 0)
      + MeasureColumn.both(
        "aopc.\(baseline)", .faithfulness, .higher,
        "mean loss while the most relevant pixels go first, against \(baseline)")
      + MeasureColumn.both(
        "monotonicity.\(baseline)", .faithfulness, .higher,
        "share of steps that do not rise, against \(baseline)")
      + [
        MeasureColumn(
          "effectiveComplexity.\(baseline)", .complexity, .describes,
          "least share of pixels that keeps 90 % of the probability, against \(baseline)")
      ]
    return columns.map { $0.against(baseline) }
  }

  private func paths(_ map: JudgedMap) -> (morf: RemovalPath, lerf: RemovalPath) {
    let sizes = steps.sizes(pixels: map.values.count)
    return (RemovalPath(map.order, sizes: sizes), RemovalPath(map.order.reversed, sizes: sizes))
  }

  /// Both curves of every map.
  public func prepare(_ maps: [JudgedMap], on image: JudgedImage) throws -> [RemovalPlan] {
    [
      RemovalPlan(
        baseline,
        maps.flatMap { map in
          let paths = paths(map)
          return paths.morf.masks + paths.lerf.masks
        })
    ]
  }

  /// Reads the curves.
  public func scores(of map: JudgedMap, on image: JudgedImage) throws -> [Double?] {
    let (removal, paths) = (try image.removal(baseline), paths(map))
    let curves = CurvePair(
      morf: try RemovalCurve(paths.morf, removal), lerf: try RemovalCurve(paths.lerf, removal))
    let numbers: [(TargetQuantity) -> Double?] = [
      curves.morf.area, curves.lerf.area, curves.gain, curves.morf.meanDrop,
      { curves.morf.fallingShare($0) },
    ]
    return numbers.flatMap { TargetQuantity.allCases.map($0) }
      + [curves.lerf.effectiveComplexity()]
  }
}
