/// A set of the pixels of an image, in row-major order.
///
/// Sixty-four pixels share a word, so that thousands of sets are small and found by their content.
public struct PixelMask: Sendable, Hashable {
  /// The number of pixels of the image.
  public let count: Int
  private var words: [UInt64]

  /// The empty set.
  /// - Parameter count: The number of pixels of the image.
  public init(count: Int) {
    self.count = count
    words = Array(repeating: 0, count: (count + 63) / 64)
  }

  /// A set of some pixels.
  /// - Parameters:
  ///   - pixels: Indices below `count`, in any order.
  ///   - count: The number of pixels of the image.
  public init(_ pixels: some Sequence<Int>, count: Int) {
    self.init(count: count)
    for pixel in pixels { insert(pixel) }
  }

  /// The set of the pixels that a condition holds for.
  /// - Parameters:
  ///   - count: The number of pixels of the image.
  ///   - contains: The condition.
  public init(count: Int, where contains: (Int) -> Bool) {
    self.init((0..<count).lazy.filter(contains), count: count)
  }

  /// The set in bytes, eight pixels each: what digests of it are made of.
  public var bytes: [UInt8] {
    words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
  }

  /// Whether a pixel belongs to the set.
  /// - Parameter pixel: Its index.
  public subscript(pixel: Int) -> Bool { words[pixel >> 6] >> UInt64(pixel & 63) & 1 == 1 }

  /// Adds a pixel.
  /// - Parameter pixel: Its index.
  public mutating func insert(_ pixel: Int) {
    precondition(0..<count ~= pixel, "pixel \(pixel) of \(count)")
    words[pixel >> 6] |= 1 << UInt64(pixel & 63)
  }

  /// Adds the pixels of another set.
  /// - Parameter other: A set of pixels of the same image.
  public mutating func formUnion(_ other: PixelMask) {
    precondition(count == other.count, "sets of \(count) and \(other.count) pixels")
    for index in words.indices { words[index] |= other.words[index] }
  }

  /// The pixels that do not belong to the set.
  public var complement: PixelMask {
    var complement = self
    for index in words.indices { complement.words[index] = ~words[index] }
    if count & 63 != 0 { complement.words[words.count - 1] &= (1 << UInt64(count & 63)) - 1 }
    return complement
  }

  /// The number of pixels of the set.
  public var size: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  /// The pixels of the set, in row-major order.
  public var pixels: [Int] { (0..<count).filter { self[$0] } }
}
