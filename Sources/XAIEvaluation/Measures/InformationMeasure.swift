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

  /// The curves that are known of an image.
  private final class Known {
    var curves: [PixelOrder: InformationCurves] = [:]
  }

  /// Draws the curves of all maps, in full batches.
  public func prepare(_ maps: [JudgedMap], on image: JudgedImage) throws -> [RemovalPlan] {
    _ = try curves(of: maps.map(\.order), on: image)
    return []
  }

  /// The points of each curve, and both ends once.
  public func passes(of maps: Int, on image: JudgedImage) throws -> (shared: Int, own: Int) {
    image.knowledge.code == nil ? (0, 0) : (2, maps * shares.count)
  }

  /// Reads the curves.
  public func scores(of map: JudgedMap, on image: JudgedImage) throws -> [Double?] {
    let curves = try curves(of: [map.order], on: image)[map.order]
    return [curves?.softmaxArea, curves?.accuracyArea, curves?.clippedShare]
  }

  /// The curves of orders, each drawn once; none where it is not known how values become pixels.
  private func curves(
    of orders: [PixelOrder], on image: JudgedImage
  ) throws -> [PixelOrder: InformationCurves] {
    guard let code = image.knowledge.code else { return [:] }
    let known = try image.shared("pic/\(shares)") { Known() }
    var seen = Set(known.curves.keys)
    let new = orders.filter { seen.insert($0).inserted }
    guard !new.isEmpty else { return known.curves }
    let curves = try InformationCurves.curves(
      of: new, shares: shares,
      shown: image.draws.shown(pixels: image.pixels, image: image.key), code, image: image.image,
      target: image.target, image.network)
    for (order, curves) in zip(new, curves) { known.curves[order] = curves }
    return known.curves
  }
}
