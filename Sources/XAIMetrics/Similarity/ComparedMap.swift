/// What a measure needs of a map alone, by name: ranks, moments, a descriptor.
///
/// Measures that need the same share it by sharing the preparation; a measure of one's own brings its
/// own:
///
///     extension MapPreparation where Value == [Double] {
///       static var histogram: Self { Self("histogram") { map in ... } }
///     }
public struct MapPreparation<Value> {
  let name: String
  let make: (RelevanceMap) -> Value

  /// Names what is prepared.
  /// - Parameters:
  ///   - name: Unique among all preparations.
  ///   - make: Computes it; called once for a map.
  public init(_ name: String, _ make: @escaping (RelevanceMap) -> Value) {
    (self.name, self.make) = (name, make)
  }
}

/// A map with what measures have computed of it, each once.
///
/// The map of the original network is compared with many others. For one thread: it remembers.
public final class ComparedMap {
  /// The map.
  public let map: RelevanceMap
  private var known: [String: Any] = [:]

  /// Wraps a map; nothing is computed yet.
  /// - Parameter map: The map.
  public init(_ map: RelevanceMap) { self.map = map }

  /// What a measure needs of the map.
  /// - Parameter preparation: What is needed.
  public subscript<Value>(preparation: MapPreparation<Value>) -> Value {
    if let known = known[preparation.name] as? Value { return known }
    let value = preparation.make(map)
    known[preparation.name] = value
    return value
  }
}

/// Two maps of the same extents.
public final class ComparedPair {
  /// The first map.
  public let left: ComparedMap
  /// The second map.
  public let right: ComparedMap
  private var known: [String: PairMoments] = [:]

  /// Pairs two maps.
  /// - Parameters:
  ///   - left: A map.
  ///   - right: A map of the same extents.
  public init(_ left: ComparedMap, _ right: ComparedMap) {
    precondition(
      left.map.height == right.map.height && left.map.width == right.map.width,
      "\(left.map.height) x \(left.map.width) against \(right.map.height) x \(right.map.width)")
    (self.left, self.right) = (left, right)
  }

  /// Moments of both maps with their covariances.
  func moments(_ preparation: MapPreparation<WindowMoments>) -> PairMoments {
    if let known = known[preparation.name] { return known }
    let moments = PairMoments(left[preparation], right[preparation])
    known[preparation.name] = moments
    return moments
  }
}
