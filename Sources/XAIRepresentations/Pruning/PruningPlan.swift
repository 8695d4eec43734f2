/// Which filters stay when the least important of all layers together go.
public struct PruningPlan: Sendable, Equatable {
  /// The layers.
  public let layers: [FilterLayer]
  /// Whether each filter of each layer stays.
  public let kept: [[Bool]]

  /// The default share of a layer that always stays.
  public static let defaultFloor = 0.05

  /// Chooses filters.
  ///
  /// Equal scores, such as those of dead filters: the lower layer, then the lower filter goes first.
  /// - Parameters:
  ///   - scores: Normalized, of all layers.
  ///   - count: How many filters go.
  ///   - floors: How many filters of each layer stay whatever they are worth.
  public init(_ scores: [FilterScores], removing count: Int, floors: [Int]) {
    layers = scores.map(\.layer)
    var kept = scores.map { Array(repeating: true, count: $0.values.count) }
    var left = kept.map(\.count)
    let order = scores.indices.flatMap { layer in
      scores[layer].values.indices.map { (layer: layer, filter: $0) }
    }.sorted { one, other in
      let (first, second) = (
        scores[one.layer].values[one.filter], scores[other.layer].values[other.filter]
      )
      return (first, one.layer, one.filter) < (second, other.layer, other.filter)
    }
    var removed = 0
    for entry in order where removed < count && left[entry.layer] > max(floors[entry.layer], 1) {
      kept[entry.layer][entry.filter] = false
      left[entry.layer] -= 1
      removed += 1
    }
    self.kept = kept
  }

  /// Chooses a share of all filters.
  /// - Parameters:
  ///   - scores: Normalized, of all layers.
  ///   - share: Of all filters that go, rounded down.
  ///   - floor: The share of each layer that stays, rounded up; at least one filter.
  public init(_ scores: [FilterScores], removing share: Double, floor: Double = defaultFloor) {
    let total = scores.reduce(0) { $0 + $1.values.count }
    self.init(
      scores, removing: Int((share * Double(total) + 1e-9).rounded(.down)),
      floors: scores.map { Self.floor(floor, of: $0.values.count) })
  }

  /// How many filters of a layer stay at least.
  package static func floor(_ share: Double, of filters: Int) -> Int {
    max(1, Int((share * Double(filters) - 1e-9).rounded(.up)))
  }

  /// The indices of the filters that stay, by convolution.
  public var indices: [String: [Int]] {
    Dictionary(
      uniqueKeysWithValues: zip(layers, kept).map { layer, kept in
        (layer.convolution, kept.indices.filter { kept[$0] })
      })
  }

  /// The number of filters that go.
  public var removed: Int { kept.reduce(0) { $0 + $1.count { !$0 } } }
}
