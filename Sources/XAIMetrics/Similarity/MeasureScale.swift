/// Where the values of a measure lie and what they mean.
///
/// Everything that averages, judges or draws values asks the scale; nothing else knows where a measure
/// ends or whether more of it means alike or apart.
public struct MeasureScale: Sendable, Hashable, Codable {
  /// What a greater value says of two maps.
  public enum Direction: String, Sendable, Hashable, CaseIterable, Codable {
    /// They are more alike, as similarities and correlations say.
    case alike
    /// They are further apart, as distances say.
    case apart
  }

  /// The least possible value; nil where there is none.
  public let least: Double?
  /// The greatest possible value; nil where there is none.
  public let greatest: Double?
  /// The value of two equal maps.
  public let equal: Double
  /// What a greater value says.
  public let direction: Direction

  /// Describes a scale.
  /// - Parameters:
  ///   - least: The least possible value; nil where there is none.
  ///   - greatest: The greatest possible value; nil where there is none.
  ///   - equal: The value of two equal maps: one end of the scale.
  ///   - direction: What a greater value says.
  public init(least: Double?, greatest: Double?, equal: Double, direction: Direction) {
    (self.least, self.greatest) = (least, greatest)
    (self.equal, self.direction) = (equal, direction)
  }

  /// -1 to 1, 1 for equal maps: correlations, the cosine, SSIM.
  public static let correlation = MeasureScale(least: -1, greatest: 1, equal: 1, direction: .alike)
  /// 0 to 1, 1 for equal maps: shares.
  public static let share = MeasureScale(least: 0, greatest: 1, equal: 1, direction: .alike)
  /// 0 upwards, 0 for equal maps: distances.
  public static let distance = MeasureScale(least: 0, greatest: nil, equal: 0, direction: .apart)

  /// Where values lie, with infinities where there is no end.
  public var range: ClosedRange<Double> { (least ?? -.infinity)...(greatest ?? .infinity) }

  /// The nearest possible value.
  /// - Parameter value: Any number, such as a mean less a standard deviation.
  /// - Returns: The number itself where it is possible.
  public func clamped(_ value: Double) -> Double {
    min(max(value, range.lowerBound), range.upperBound)
  }

  /// Whether two maps are at least as alike as a limit says.
  /// - Parameters:
  ///   - value: What the measure says of the maps.
  ///   - limit: The limit on the same scale.
  /// - Returns: Whether the value is the limit or lies on the side of equal maps.
  public func isAtLeastAsAlike(_ value: Double, as limit: Double) -> Bool {
    direction == .alike ? value >= limit : value <= limit
  }

  /// The end of an interval where maps are more alike, and the other.
  /// - Parameters:
  ///   - lower: The lower end.
  ///   - upper: The upper end.
  /// - Returns: Both ends, the one nearer to equal maps first.
  public func ends(_ lower: Double, _ upper: Double) -> (alike: Double, apart: Double) {
    direction == .alike ? (upper, lower) : (lower, upper)
  }

  private enum CodingKeys: String, CodingKey {
    case least, greatest, equal
    case direction = "greater_means"
  }
}

/// What readers of results need to know about a measure.
public struct MeasureRecord: Sendable, Hashable, Codable {
  /// Its stable name.
  public let identifier: String
  /// What it is called where there is little room, such as `SSIM`; empty where the identifier is short.
  public let shortName: String
  /// How the number is made, as a phrase.
  public let summary: String
  /// Where values lie and what they mean.
  public let scale: MeasureScale

  /// What sentences call it: `similarity (SSIM)`, or the identifier.
  public var title: String { shortName.isEmpty ? identifier : "similarity (\(shortName))" }

  private init(identifier: String, shortName: String, summary: String, scale: MeasureScale) {
    (self.identifier, self.shortName) = (identifier, shortName)
    (self.summary, self.scale) = (summary, scale)
  }

  /// Describes a measure.
  /// - Parameter measure: The measure.
  public init(_ measure: any SimilarityMeasure) {
    self.init(
      identifier: measure.identifier, shortName: measure.shortName, summary: measure.summary,
      scale: measure.scale)
  }

  /// A measure of which only the name is known, as from results that do not describe it.
  /// - Parameter identifier: The name; measures of this toolkit are found by it.
  public init(identifier: String) {
    if let known = SimilarityPanel.measure(identifier) {
      self.init(known)
    } else {
      self.init(identifier: identifier, shortName: "", summary: "", scale: .correlation)
    }
  }

  private enum CodingKeys: String, CodingKey {
    case identifier, summary, scale
    case shortName = "short_name"
  }
}
