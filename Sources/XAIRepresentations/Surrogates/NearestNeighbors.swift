public import XAIStatistics
public import XAITensor

/// The k nearest training rows in a layer's space, exactly; equal distances: the earlier row.
///
/// Euclidean distance. One scale for all features changes no order.
public struct NearestNeighbors: Sendable {
  /// The default number of neighbors.
  public static let defaultCount = 5

  /// Positions among the training rows, nearest first, for each row asked about.
  public let neighbors: [[Int]]
  /// Their distances in scaled features.
  public let distances: [[Double]]

  /// Finds neighbors.
  /// - Parameters:
  ///   - queries: `[m, ...]`.
  ///   - training: `[n, ...]` of the same row length.
  ///   - count: k.
  /// - Throws: `StatisticsFailure` where all training rows are equal.
  public init(
    of queries: Tensor, among training: Tensor, count: Int = defaultCount
  ) throws(StatisticsFailure) {
    let features = try ProbeFeatures(training: training, test: queries, for: "nearest neighbors")
    let own = features.gram.diagonal
    let lengths = Self.lengths(queries, features)
    var (all, distances) = ([[Int]](), [[Double]]())
    for row in 0..<queries.rows {
      let squares = own.indices.map { lengths[row] + own[$0] - 2 * features.cross[row, $0] }
      let order = squares.indices.sorted { (squares[$0], $0) < (squares[$1], $1) }.prefix(count)
      all.append(Array(order))
      distances.append(order.map { max(0, squares[$0]).squareRoot() })
    }
    (neighbors, self.distances) = (all, distances)
  }

  private static func lengths(_ queries: Tensor, _ features: ProbeFeatures) -> [Double] {
    let width = features.mean.count
    return queries.withUnsafeElements { elements in
      (0..<queries.rows).map { row in
        let sum = (0..<width).reduce(0.0) { sum, index in
          let difference = Double(elements[row * width + index]) - features.mean[index]
          return sum + difference * difference
        }
        return sum / (features.scale * features.scale)
      }
    }
  }

  /// The answers: the most frequent class of the neighbors, where equal that of the nearest.
  /// - Parameter labels: The class of each training row.
  /// - Returns: One for each row asked about.
  public func answers(_ labels: [Int]) -> [Int] {
    neighbors.map { row in
      var counts: [Int: Int] = [:]
      for neighbor in row { counts[labels[neighbor], default: 0] += 1 }
      let most = counts.values.max() ?? 0
      return row.map { labels[$0] }.first { counts[$0] == most } ?? 0
    }
  }
}
