/// The measures that are built in.
///
/// A measure of your own joins them in a list: `MeasureCatalog.measures(...) + [Mine()]`.
public enum MeasureCatalog {
  /// All measures with the defaults of the published semantics.
  /// - Parameters:
  ///   - baselines: Names of baselines; each measure of removals is there for each.
  ///   - steps: How many points curves have.
  ///   - grid: Rows and columns of the coalition table.
  ///   - hasSegments: Whether superpixels of the images are known.
  /// - Returns: The measures.
  public static func measures(
    baselines: [String], steps: CurveSteps, grid: (rows: Int, columns: Int) = (3, 3),
    hasSegments: Bool = false
  ) -> [any EvaluationMeasure] {
    let removing = baselines.flatMap { baseline -> [any EvaluationMeasure] in
      let segments: [any EvaluationMeasure] =
        hasSegments ? [PartCurveMeasure(baseline, .segments)] : []
      return [
        TableMeasure(baseline, grid: grid), CurveMeasure(baseline, steps: steps),
        PartCurveMeasure(baseline), ErasureMeasure(baseline), SubsetMeasure(baseline),
        CellMeasure(baseline), SquareMeasure(baseline), CompletenessMeasure(baseline),
      ] + segments
    }
    return removing + [
      VarianceMeasure(), ROADMeasure(), InformationMeasure(), ObjectMeasure(),
      StabilityMeasure(), ComplexityMeasure(),
    ]
  }
}
