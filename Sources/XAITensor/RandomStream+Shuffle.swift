extension RandomStream {
  /// Shuffles the elements of a tensor in place; every order is equally likely.
  ///
  /// It is the order that `shuffle` gives an array of as many elements.
  /// - Parameter tensor: What is shuffled; its shape stays.
  public mutating func shuffle(_ tensor: inout Tensor) {
    tensor.withUnsafeMutableElements { shuffle($0) }
  }

  /// Shuffles an array in place (Fisher and Yates); every order is equally likely.
  /// - Parameter values: What is shuffled.
  @inlinable
  public mutating func shuffle<Value>(_ values: inout [Value]) {
    values.withUnsafeMutableBufferPointer { shuffle($0) }
  }

  @inlinable
  mutating func shuffle<Value>(_ values: UnsafeMutableBufferPointer<Value>) {
    // A local copy stays in registers.
    var stream = self
    for last in stride(from: values.count - 1, to: 0, by: -1) {
      values.swapAt(last, stream.integer(below: last + 1))
    }
    self = stream
  }
}
