/// What a map selects as its threshold falls from one distinct value to the next.
struct ThresholdCurve {
  /// After a distinct value: how many pixels are selected, and how many of them are the object's.
  let points: [(selected: Int, hits: Int)]

  init(_ map: JudgedMap, _ object: ObjectMask) {
    let order = map.order.pixels
    var points: [(selected: Int, hits: Int)] = []
    var hits = 0
    for (position, pixel) in order.enumerated() {
      if object.pixels[pixel] { hits += 1 }
      let isLast =
        position + 1 == order.count || map.values[order[position + 1]] != map.values[pixel]
      if isLast { points.append((position + 1, hits)) }
    }
    self.points = points
  }
}

/// Average precision: `sum (recall step) precision` over the distinct values of the map.
///
/// In (0, 1]; null: the area share.
///
/// Source: PxAP; Choe et al. 2020.
public struct AveragePrecision: LocalizationMeasure {
  /// `averagePrecision`.
  public let identifier = "averagePrecision"
  /// The only variant.
  public init() {}

  /// In (0, 1].
  public func score(_ map: JudgedMap, _ object: ObjectMask) -> Double? {
    var (sum, before) = (0.0, 0)
    for (selected, hits) in ThresholdCurve(map, object).points {
      sum += Double(hits - before) * Double(hits) / Double(selected)
      before = hits
    }
    return sum / Double(object.size)
  }
}

/// The greatest intersection over union of `{M >= v}` with the object, over thresholds v.
///
/// In (0, 1]; optimistic, as the threshold is chosen for each image. Null: the area share.
public struct BestIoU: LocalizationMeasure {
  /// `bestIoU`.
  public let identifier = "bestIoU"
  /// The only variant.
  public init() {}

  /// In (0, 1].
  public func score(_ map: JudgedMap, _ object: ObjectMask) -> Double? {
    ThresholdCurve(map, object).points.map { selected, hits in
      Double(hits) / Double(selected + object.size - hits)
    }.max()
  }
}
