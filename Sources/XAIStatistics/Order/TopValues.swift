/// The largest values of a stream in one pass and bounded memory, exactly.
///
/// A buffer takes what exceeds the smallest value kept so far; when it is full its lower half is dropped. The
/// largest values of a union do not depend on order, so neither do results.
/// - Complexity: O(1) for each value on average, 8 bytes a value kept.
public struct TopValues: Sendable {
  /// How many values are kept.
  public let count: Int
  private var buffer: [Float] = []
  private var bound = -Float.infinity

  /// Starts without values.
  /// - Parameter count: How many of the largest values are wanted, at least 1.
  public init(count: Int) {
    precondition(count > 0, "the largest \(count) values")
    self.count = count
    buffer.reserveCapacity(2 * count)
  }

  /// Takes values.
  /// - Parameter values: Any number of them; NaN is ignored.
  public mutating func insert(_ values: some Sequence<Float>) {
    for value in values where value > bound || buffer.count < count && !value.isNaN {
      buffer.append(value)
      if buffer.count == 2 * count { shrink() }
    }
  }

  /// The value of a rank, 0 for the largest.
  /// - Parameter rank: Less than `count`.
  /// - Returns: The value, nil where fewer were seen.
  public func value(ofRank rank: Int) -> Float? {
    precondition(0..<count ~= rank, "rank \(rank) of the \(count) largest values")
    return rank < buffer.count ? buffer.sorted(by: >)[rank] : nil
  }

  private mutating func shrink() {
    buffer.sort(by: >)
    buffer.removeLast(buffer.count - count)
    bound = buffer[count - 1]
  }
}
