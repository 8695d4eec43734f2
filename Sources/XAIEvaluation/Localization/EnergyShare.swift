/// The share of positive relevance that lies on the object: `sum_m max(M, 0) / sum max(M, 0)`.
///
/// Energy-based pointing game (Wang et al. 2020), mass accuracy (Arras et al. 2022) and inside-total ratio
/// (Kohlbrenner et al. 2020): three names of one number, in [0, 1]. Null: the area share. `nil` without
/// positive relevance.
/// - Note: Deviation: Quantus divides signed sums, which has no bounds.
public struct EnergyShare: LocalizationMeasure {
  /// `energy`.
  public let identifier = "energy"
  /// The only variant.
  public init() {}

  /// In [0, 1].
  public func score(_ map: JudgedMap, _ object: ObjectMask) -> Double? {
    Self.share(map.values.map { max($0, 0) }, in: object.pixels)
  }

  /// The share of a mass that lies in a set; `nil` where there is none.
  static func share(_ mass: [Double], in set: PixelMask) -> Double? {
    let all = mass.reduce(0, +)
    return all > 0 ? min(set.sum(of: mass) / all, 1) : nil
  }
}

/// The energy by the area share of the object: 1 is what a random map has, at most 1 / area.
/// - Note: Deviation: Quantus **multiplies** by the area, and takes the size from other images of the batch.
public struct EnergyGain: LocalizationMeasure {
  /// `energy.gain`.
  public let identifier = "energy.gain"
  /// The only variant.
  public init() {}

  /// At least 0.
  public func score(_ map: JudgedMap, _ object: ObjectMask) -> Double? {
    EnergyShare().score(map, object).map { $0 / object.areaShare }
  }
}

/// The share of absolute relevance that lies on the object, in [0, 1]; `nil` for a zero map.
public struct AbsoluteMass: LocalizationMeasure {
  /// `mass.absolute`.
  public let identifier = "mass.absolute"
  /// The only variant.
  public init() {}

  /// In [0, 1].
  public func score(_ map: JudgedMap, _ object: ObjectMask) -> Double? {
    EnergyShare.share(map.values.map(abs), in: object.pixels)
  }
}
