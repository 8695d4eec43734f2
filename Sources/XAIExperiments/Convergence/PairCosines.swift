package import XAITensor

extension Tensor {
  /// The magnitudes of the cosines between the signals of all pairs of some rows.
  ///
  /// At each position over the channels; signals without positions as a whole.
  /// - Parameter range: Rows of this tensor `[N, C, H, W]` or `[N, C]`.
  /// - Returns: 0 to 1, for each pair and position; none where one of the two is zero or not finite.
  package func pairCosines(_ range: Range<Int>) -> [Double] {
    let plane = shape.dropFirst(2).reduce(1, *)
    let norms = range.map { products($0, $0, plane) }
    var cosines: [Double] = []
    for first in range {
      for second in range where second > first {
        let products = products(first, second, plane)
        let (left, right) = (norms[first - range.lowerBound], norms[second - range.lowerBound])
        for position in products.indices {
          let cosine =
            abs(products[position]) / (left[position].squareRoot() * right[position].squareRoot())
          // Rounding can lead beyond 1.
          if cosine.isFinite { cosines.append(min(cosine, 1)) }
        }
      }
    }
    return cosines
  }

  /// The scalar products of two rows over the channels, at each position.
  private func products(_ first: Int, _ second: Int, _ plane: Int) -> [Double] {
    withUnsafeElements { elements in
      var sums = Array(repeating: 0.0, count: plane)
      let (left, right) = (first * rowCount, second * rowCount)
      for channel in stride(from: 0, to: rowCount, by: plane) {
        for position in 0..<plane {
          sums[position] +=
            Double(elements[left + channel + position])
            * Double(elements[right + channel + position])
        }
      }
      return sums
    }
  }
}
