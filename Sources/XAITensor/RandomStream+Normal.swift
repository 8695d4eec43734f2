#if canImport(Glibc)
  import Glibc
#endif

extension RandomStream {
  /// A number drawn from the standard normal distribution (Box and Muller 1958).
  /// - Returns: The number.
  public mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * Double.pi * uniform())
  }

  /// A tensor of independent normal numbers.
  /// - Parameters:
  ///   - shape: Extents of the tensor.
  ///   - mean: Mean of every element.
  ///   - standardDeviation: Standard deviation of every element.
  /// - Returns: The tensor, drawn in row-major order.
  public mutating func normal(
    shape: [Int], mean: Double = 0, standardDeviation: Double = 1
  ) -> Tensor {
    Tensor(shape: shape) { elements in
      for index in elements.indices {
        elements.initializeElement(at: index, to: Float(mean + standardDeviation * normal()))
      }
    }
  }

  /// Shuffles in place (Fisher and Yates).
  /// - Parameter values: What is shuffled.
  public mutating func shuffle<Value>(_ values: inout [Value]) {
    for last in stride(from: values.count - 1, to: 0, by: -1) {
      values.swapAt(last, integer(below: last + 1))
    }
  }
}
