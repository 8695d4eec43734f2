/// Which pixels of an image belong to something, one bit each.
public struct PixelMask: Sendable, Equatable {
  private var words: [UInt64]
  /// The number of pixels that belong to it.
  public private(set) var area = 0

  /// A mask of no pixels.
  /// - Parameter count: The number of pixels of the image.
  public init(count: Int) { words = Array(repeating: 0, count: (count + 63) / 64) }

  /// A mask of the pixels that fulfil a condition.
  /// - Parameters:
  ///   - count: The number of pixels of the image.
  ///   - belongs: Whether a pixel belongs to it.
  public init(count: Int, where belongs: (Int) -> Bool) {
    self.init(count: count)
    for index in 0..<count where belongs(index) { words[index / 64] |= 1 << UInt64(index % 64) }
    area = words.reduce(0) { $0 + $1.nonzeroBitCount }
  }

  /// The number of pixels that belong to both.
  /// - Parameter other: A mask of the same image size.
  /// - Returns: The number.
  public func overlap(with other: PixelMask) -> Int {
    guard area > 0, other.area > 0 else { return 0 }
    return words.withUnsafeBufferPointer { one in
      other.words.withUnsafeBufferPointer { two in
        var sum = 0
        for index in one.indices { sum += (one[index] & two[index]).nonzeroBitCount }
        return sum
      }
    }
  }
}
