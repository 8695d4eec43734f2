public import XAIStatistics
public import XAITensor

/// Means and covariances of two layers over the same samples, in one pass (Chan, Golub and LeVeque 1983).
///
/// Of maps a channel is a neuron and every position of every image a sample; of dense layers an image is one.
public struct JointMoments: Sendable {
  /// The number of samples.
  public private(set) var count = 0
  private var means: [[Double]] = [[], []]
  /// Sums of products of deviations: of the first layer, of the second, and of both.
  private var sums: [Matrix] = []

  /// Starts without samples.
  public init() {}

  /// Takes the outputs of images.
  /// - Parameters:
  ///   - first: `[n, C, H, W]` or `[n, C]`.
  ///   - second: Of the same images and extent.
  /// - Throws: `RepresentationFailure` where extents differ.
  public mutating func insert(_ first: Tensor, _ second: Tensor) throws(RepresentationFailure) {
    guard first.rows == second.rows, first.shape.dropFirst(2) == second.shape.dropFirst(2) else {
      throw RepresentationFailure(
        .shape(
          of: "a layer compared by SVCCA", found: second.shape,
          expected:
            "the extent of the other, \(first.shape); compare layers of different extent by CKA"))
    }
    let parts = [first, second].map(Self.samples)
    guard let number = parts.first?.count, number > 0 else { return }
    let own = parts.map { samples in
      (0..<samples[0].count).map { column in
        samples.reduce(0.0) { $0 + $1[column] } / Double(number)
      }
    }
    let centered = zip(parts, own).map { samples, mean in
      samples.map { zip($0, mean).map { $0 - $1 } }
    }
    let products = [
      Self.products(centered[0], centered[0]), Self.products(centered[1], centered[1]),
      Self.products(centered[0], centered[1]),
    ]
    guard count > 0 else {
      (count, means, sums) = (number, own, products)
      return
    }
    let total = Double(count + number)
    let weight = Double(count) * Double(number) / total
    let shifts = zip(own, means).map { zip($0, $1).map { $0 - $1 } }
    for (index, (left, right)) in [(0, 0), (1, 1), (0, 1)].enumerated() {
      for row in 0..<sums[index].rows {
        for column in 0..<sums[index].columns {
          sums[index][row, column] +=
            products[index][row, column] + weight * shifts[left][row] * shifts[right][column]
        }
      }
    }
    for index in 0..<2 {
      means[index] = zip(means[index], shifts[index]).map { $0 + $1 * Double(number) / total }
    }
    count += number
  }

  /// The covariance of the first layer, `[p, p]`.
  public var first: Matrix { scaled(0) }
  /// The covariance of the second layer, `[q, q]`.
  public var second: Matrix { scaled(1) }
  /// The covariance of both, `[p, q]`.
  public var both: Matrix { scaled(2) }

  private func scaled(_ index: Int) -> Matrix {
    let number = Double(max(count, 1))
    return Matrix(
      rows: sums[index].rows, columns: sums[index].columns,
      sums[index].elements.map { $0 / number })
  }

  /// One array of neurons for each sample.
  private static func samples(_ outputs: Tensor) -> [[Double]] {
    let channels = outputs.shape[1]
    let area = outputs.shape.dropFirst(2).reduce(1, *)
    return outputs.withUnsafeElements { elements in
      (0..<outputs.rows * area).map { sample in
        let start = sample / area * channels * area + sample % area
        return (0..<channels).map { Double(elements[start + $0 * area]) }
      }
    }
  }

  private static func products(_ left: [[Double]], _ right: [[Double]]) -> Matrix {
    var sums = Matrix(rows: left[0].count, columns: right[0].count)
    let width = sums.columns
    sums.elements.withUnsafeMutableBufferPointer { target in
      for (one, other) in zip(left, right) {
        for row in one.indices {
          let factor = one[row]
          for column in 0..<width { target[row * width + column] += factor * other[column] }
        }
      }
    }
    return sums
  }
}
