/// Means and variances of a map in every window that lies inside it.
struct WindowMoments: Sendable {
  let window: SimilarityWindow
  let width: Int
  /// The map itself.
  let values: [Double]
  let means: [Double]
  let variances: [Double]

  /// Whether all values of the map are equal.
  var isConstant: Bool { values.allSatisfy { $0 == values[0] } }

  init(_ map: RelevanceMap, in window: SimilarityWindow) {
    (self.window, width, values) = (window, map.width, map.values)
    means = window.means(map.values, width: map.width)
    let squares = window.means(map.values.map { $0 * $0 }, width: map.width)
    variances = zip(squares, means).map { window.varianceFactor * ($0 - $1 * $1) }
  }

  /// The covariance with another map in every window.
  /// - Parameter other: Moments of a map of the same extents in the same window.
  /// - Returns: One covariance for each position.
  func covariances(with other: WindowMoments) -> [Double] {
    let products = window.means(zip(values, other.values).map { $0 * $1 }, width: width)
    return products.indices.map {
      window.varianceFactor * (products[$0] - means[$0] * other.means[$0])
    }
  }
}

/// The moments of two maps in the same window.
struct PairMoments: Sendable {
  let left: WindowMoments
  let right: WindowMoments
  let covariances: [Double]

  init(_ left: WindowMoments, _ right: WindowMoments) {
    (self.left, self.right) = (left, right)
    covariances = left.covariances(with: right)
  }
}
