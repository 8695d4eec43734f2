extension RandomStream {
  /// A tensor of independent uniform numbers.
  ///
  /// They are those that `uniform(in:)` gives one at a time, in row-major order, rounded to Float32; by
  /// rounding, one in some 10^8 may be the upper bound itself.
  /// - Parameters:
  ///   - shape: Extents of the tensor.
  ///   - range: The range.
  /// - Returns: The tensor; the position advances by its number of elements.
  public mutating func uniform(shape: [Int], in range: Range<Double>) -> Tensor {
    Tensor(shape: shape) { elements in
      // A local copy stays in registers.
      var stream = self
      for index in elements.indices {
        elements.initializeElement(at: index, to: Float(stream.uniform(in: range)))
      }
      self = stream
    }
  }
}
