/// The measures that are built in.
///
/// A measure of your own joins them in a list: `MeasureCatalog.measures(...) + [Mine()]`.
public enum MeasureCatalog {
  /// All measures with the defaults of the published semantics, but curves by parts of the image.
  /// - Parameters:
  ///   - baselines: Names of baselines; each measure of removals is there for each.
  ///   - steps: How many points curves have.
  ///   - grid: Rows and columns of the coalition table.
  /// - Returns: The measures.
  public static func measures(
    baselines: [String], steps: CurveSteps, grid: (rows: Int, columns: Int) = (3, 3)
  ) -> [any EvaluationMeasure] {
    let removing = baselines.flatMap { baseline -> [any EvaluationMeasure] in
      [
        TableMeasure(baseline, grid: grid), CurveMeasure(baseline, steps: steps),
        ErasureMeasure(baseline), SubsetMeasure(baseline), CellMeasure(baseline),
        SquareMeasure(baseline), CompletenessMeasure(baseline),
      ]
    }
    return removing + [
      VarianceMeasure(), ROADMeasure(), InformationMeasure(), ObjectMeasure(),
      StabilityMeasure(), ComplexityMeasure(),
    ]
  }

  /// Curves by squares and by superpixels: four times the passes of curves by pixel, for numbers that the
  /// coalition table has beside what is possible.
  /// - Parameters:
  ///   - baselines: Names of baselines.
  ///   - hasSegments: Whether superpixels of the images are known.
  /// - Returns: The measures.
  public static func partCurves(
    baselines: [String], hasSegments: Bool = false
  ) -> [any EvaluationMeasure] {
    baselines.flatMap { baseline -> [any EvaluationMeasure] in
      hasSegments
        ? [PartCurveMeasure(baseline), PartCurveMeasure(baseline, .segments)]
        : [PartCurveMeasure(baseline)]
    }
  }
}
