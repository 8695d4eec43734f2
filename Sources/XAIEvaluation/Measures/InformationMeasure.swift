/// Performance information curves; undefined where it is not known how values become pixels.
public struct InformationMeasure: EvaluationMeasure {
  /// The shares of the pixels that are shown.
  public var shares: [Double]

  /// Chooses parameters.
  /// - Parameter shares: The shares of the pixels that are shown.
  public init(shares: [Double] = InformationCurves.defaultShares) { self.shares = shares }

  /// Both areas, and how far to believe them.
  public var columns: [MeasureColumn] {
    [
      MeasureColumn(
        "sic", .faithfulness, .higher, "area under the softmax information curve"),
      MeasureColumn(
        "aic", .faithfulness, .higher, "area under the accuracy information curve"),
      MeasureColumn(
        "pic.clipped", .faithfulness, .describes,
        "share of points whose coded length lies outside of the curve"),
    ]
  }

  /// Draws the curves.
  public func scores(of map: JudgedMap, on image: JudgedImage) throws -> [Double?] {
    guard let code = image.knowledge.code else { return [nil, nil, nil] }
    let curves = try InformationCurves.curves(
      of: [map.order], shares: shares,
      shown: image.draws.shown(pixels: image.pixels, image: image.key), code, image: image.image,
      target: image.target, image.network)[0]
    return [curves.softmaxArea, curves.accuracyArea, curves.clippedShare]
  }
}
