public import XAITensor
import XAIStatistics

/// The nearest training images in a layer's space, exactly; of equal distances the lower index.
///
/// An influence method that returns the neighbors has added nothing: they stand beside every other.
public struct FeatureNeighbors: Sendable {
  /// How distance is measured.
  public enum Distance: String, Sendable, Codable, CaseIterable {
    /// `|a - b|`.
    case euclidean
    /// `1 - a . b / (|a| |b|)`.
    case cosine
  }

  /// Positions among the training rows, nearest first, for each row asked about.
  public let neighbors: [[Int]]
  /// The distance to every training row.
  public let distances: [[Double]]

  /// Finds neighbors.
  /// - Parameters:
  ///   - queries: `[m, ...]`.
  ///   - training: `[n, ...]` of the same row length.
  ///   - distance: How distance is measured.
  ///   - count: How many; 5 of the semantics.
  ///   - excluded: For each row asked about, training rows that do not count, such as the image itself.
  /// - Throws: `ExampleFailure` where rows have other lengths.
  public init(
    of queries: Tensor, among training: Tensor, _ distance: Distance = .cosine, count: Int = 5,
    excluding excluded: [[Int]] = []
  ) throws(ExampleFailure) {
    guard queries.rowCount == training.rowCount, training.rows > 0 else {
      throw ExampleFailure(
        .shape(
          of: "the training features", found: training.shape,
          expected: "[n] followed by \(Array(queries.shape.dropFirst()))"))
    }
    distances = Self.distances(queries, training, distance)
    neighbors = distances.enumerated().map { row, distances in
      let others = excluded.indices.contains(row) ? Set(excluded[row]) : []
      let order = distances.indices.filter { !others.contains($0) }
        .sorted { (distances[$0], $0) < (distances[$1], $1) }
      return Array(order.prefix(max(count, 0)))
    }
  }

  private static func distances(
    _ queries: Tensor, _ training: Tensor, _ distance: Distance
  ) -> [[Double]] {
    let width = queries.rowCount
    return queries.withUnsafeElements { left in
      training.withUnsafeElements { right in
        func length(_ values: UnsafeBufferPointer<Float>, _ row: Int) -> Double {
          var sum = 0.0
          for index in row * width..<(row + 1) * width {
            sum += Double(values[index]) * Double(values[index])
          }
          return sum.squareRoot()
        }
        let lengths = (0..<training.rows).map { length(right, $0) }
        return (0..<queries.rows).map { row in
          let own = length(left, row)
          return (0..<training.rows).map { other in
            var (product, square) = (0.0, 0.0)
            for index in 0..<width {
              let (a, b) = (Double(left[row * width + index]), Double(right[other * width + index]))
              product += a * b
              square += (a - b) * (a - b)
            }
            switch distance {
            case .euclidean: return square.squareRoot()
            case .cosine:
              // A row of zeros has no direction, and is as far as one at a right angle.
              let scale = own * lengths[other]
              return scale > 0 ? 1 - product / scale : 1
            }
          }
        }
      }
    }
  }
}
