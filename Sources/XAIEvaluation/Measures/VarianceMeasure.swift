/// The monotonicity correlation: whether cells with more relevance matter more, whatever comes in their place.
public struct VarianceMeasure: EvaluationMeasure {
  /// The side of a cell.
  public var side: Int

  /// Chooses parameters.
  /// - Parameter side: The side of a cell.
  public init(side: Int = 8) { self.side = side }

  /// One column.
  public var columns: [MeasureColumn] {
    [
      MeasureColumn(
        "monotonicityCorrelation", .faithfulness, .higher,
        "rank correlation of |relevance| with the effect of cells from other images", null: 0
      ).taken(.additive)
    ]
  }

  /// Each cell from each other image.
  public func passes(of maps: Int, on image: JudgedImage) throws -> (shared: Int, own: Int) {
    let cells = try ImageParts(squaresOf: side, height: image.height, width: image.width)
    return (image.knowledge.others.count * (cells.count + 1), 0)
  }

  /// Correlates; undefined where no other images are known.
  public func scores(of map: JudgedMap, on image: JudgedImage) throws -> [Double?] {
    guard !image.knowledge.others.isEmpty else { return [nil] }
    let variance = try image.shared("variance/\(side)") {
      try CellVariance(
        try ImageParts(squaresOf: side, height: image.height, width: image.width),
        try image.knowledge.others.map {
          try RemovalEvaluator(
            image.network, image: image.image, baseline: $0, target: image.target)
        })
    }
    return [variance.monotonicityCorrelation(map)]
  }
}
