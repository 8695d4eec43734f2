/// The share of the largest tenth of the pixels that two maps have in common.
///
/// Both maps name `round(n / 10)` of their n pixels, at least one; on ties the earlier pixel in row-major
/// order counts. Independent maps share a tenth. Source: the top-k intersection of Ghorbani et
/// al. 2019 (k = 1000 there, a tenth of the pixels here).
public struct TopOverlap: SimilarityMeasure {
  /// Whether signs count.
  public let signs: SignTreatment

  /// Chooses a variant.
  /// - Parameter signs: Whether the largest values or the largest absolute values count.
  public init(_ signs: SignTreatment) { self.signs = signs }

  /// `top10.signed` or `top10.absolute`.
  public var identifier: String { "top10.\(signs.rawValue)" }

  /// 0 to 1.
  public var scale: MeasureScale { .share }

  /// How the number is made.
  public var summary: String {
    "shared share of the 10 % largest \(signs == .signed ? "values" : "absolute values")"
  }

  /// Compares two maps.
  /// - Parameter pair: The maps.
  /// - Returns: 0 to 1; 0 where one map has equal values only, 1 where both have.
  public func similarity(of pair: ComparedPair) -> Similarity {
    let top = MapPreparation<[Int]>.top(signs)
    let (left, right) = (pair.left[top], pair.right[top])
    guard !left.isEmpty, !right.isEmpty else {
      return .convention(bothEmpty: left.isEmpty && right.isEmpty)
    }
    let others = Set(right)
    return Similarity(value: Double(left.count { others.contains($0) }) / Double(left.count))
  }

  /// The pixels of the largest tenth.
  /// - Parameter values: The values of a map.
  /// - Returns: Their indices; none where all values are equal.
  static func pixels(_ values: [Double]) -> [Int] {
    guard values.contains(where: { $0 != values[0] }) else { return [] }
    let count = max(1, Int((Double(values.count) / 10).rounded(.toNearestOrEven)))
    let threshold = values.sorted(by: >)[count - 1]
    let above = values.indices.filter { values[$0] > threshold }
    let equal = values.indices.filter { values[$0] == threshold }
    return above + equal.prefix(count - above.count)
  }
}

extension MapPreparation where Value == [Int] {
  /// The largest tenth of the pixels.
  static func top(_ signs: SignTreatment) -> Self {
    Self("top10.\(signs.rawValue)") { TopOverlap.pixels(signs.values(of: $0)) }
  }
}
