/// The area under the ROC curve of the map as a detector of the object's pixels: the probability that a pixel
/// of the object has a larger value than one beside it (Mann and Whitney 1947), equal ones half.
///
/// In [0, 1]; null: 0.5. `nil` where the object is all or nothing of the image.
public struct ROCArea: LocalizationMeasure {
  /// `rocAUC`.
  public let identifier = "rocAUC"
  /// The only variant.
  public init() {}

  /// In [0, 1].
  public func score(_ map: JudgedMap, _ object: ObjectMask) -> Double? {
    let inside = Double(object.size)
    let outside = Double(object.pixels.count) - inside
    guard outside > 0 else { return nil }
    let ranks = Correlation.ranks(map.values)
    return (object.pixels.sum(of: ranks) - inside * (inside + 1) / 2) / (inside * outside)
  }
}
