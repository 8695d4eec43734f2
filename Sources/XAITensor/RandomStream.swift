/// A seeded stream of random numbers with a name.
///
/// Streams are named by a seed and what they are for, so that a draw depends on neither the order
/// of other draws, the batch size nor the number of threads. The generator is SplitMix64
/// (Steele, Lea and Flood 2014): element `i` of a stream is a pure function of key and `i`.
public struct RandomStream: RandomNumberGenerator, Sendable {
  @usableFromInline static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// The position-independent part of the state: everything that the name decides.
  public let key: UInt64
  /// How many numbers were drawn, of 64 bits or normal; set it to continue a stream that was saved.
  public var position: UInt64

  /// Opens the stream of a purpose.
  /// - Parameters:
  ///   - seed: The run's seed.
  ///   - purpose: What the numbers are for, such as `"initialization/conv1"`.
  ///   - indices: Further names: epoch, step, sample, ...
  public init(seed: UInt64, purpose: String, _ indices: Int...) {
    var key = Self.mix(seed &+ Self.increment)
    for byte in purpose.utf8 { key = Self.mix(key ^ UInt64(byte) &+ Self.increment) }
    for index in indices {
      key = Self.mix(key &+ Self.increment ^ UInt64(bitPattern: Int64(index)))
    }
    self.key = key
    position = 0
  }

  /// The next 64 random bits.
  /// - Returns: A number drawn uniformly.
  @inlinable
  public mutating func next() -> UInt64 {
    position &+= 1
    return Self.mix(key &+ position &* Self.increment)
  }

  /// A number drawn uniformly from [0, 1) with 53 bits.
  /// - Returns: The number.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number drawn uniformly from a half-open range.
  /// - Parameter range: The range.
  /// - Returns: The number.
  public mutating func uniform(in range: Range<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// An integer drawn uniformly from 0 ..< bound (Lemire 2019, without bias).
  /// - Parameter bound: The exclusive upper bound, positive.
  /// - Returns: The integer.
  @inlinable
  public mutating func integer(below bound: Int) -> Int {
    precondition(bound > 0, "an integer below \(bound) does not exist")
    let bound = UInt64(bound)
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      // Without these the lower integers would be likelier.
      let rejected = (0 &- bound) % bound
      while product.low < rejected { product = next().multipliedFullWidth(by: bound) }
    }
    return Int(truncatingIfNeeded: product.high)
  }

  /// The finaliser of SplitMix64: a bijection that scatters every bit.
  /// - Parameter value: Any number.
  /// - Returns: Its image.
  @inlinable
  public static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
