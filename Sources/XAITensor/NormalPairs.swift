/// Four pairs of independent normal numbers at a time (Box and Muller 1958).
///
/// Pair `m` is `r (cos t, sin t)` with `r = sqrt(-2 log u)`, made from the 64-bit numbers 2m and 2m + 1
/// of a stream of its own; 52 bits of either count, so that nothing lies beyond 8.5 deviations.
/// Everything is computed by additions, multiplications, divisions and square roots in an order that
/// is written here: unlike the system's logarithm and cosine, these give the same bits everywhere.
/// The polynomials have least maximal error; a pair is within 1e-12 of the exact one.
struct NormalPairs {
  typealias Numbers = SIMD4<Double>
  private typealias Bits = SIMD4<UInt64>

  private let key: UInt64

  /// Opens the pairs that belong to a stream's key.
  ///
  /// They have a key of their own: a stream that gives uniform and normal numbers in turn must not
  /// make both from the same bits.
  init(key: UInt64) { self.key = RandomStream.mix(key ^ 0x6E6F_726D_616C) }

  /// Four pairs.
  /// - Parameter first: The number of the first one.
  /// - Returns: The cosines' half and the sines' half of each.
  @inline(__always)
  func four(from first: UInt64) -> (even: Numbers, odd: Numbers) {
    let radius = Self.radius(bits(at: 2 &* first))
    let direction = Self.direction(bits(at: 2 &* first &+ 1))
    return (radius * direction.cosine, radius * direction.sine)
  }

  /// Every second 64-bit number of the stream.
  @inline(__always)
  private func bits(at index: UInt64) -> Bits {
    let step = RandomStream.increment
    let state = key &+ (index &+ 1) &* step
    return Bits(
      RandomStream.mix(state), RandomStream.mix(state &+ 2 &* step),
      RandomStream.mix(state &+ 4 &* step), RandomStream.mix(state &+ 6 &* step))
  }

  /// Uniform in [1, 2): the upper 52 bits become the significand.
  @inline(__always)
  private static func fraction(_ bits: Bits) -> Numbers {
    unsafeBitCast((bits &>> 12) | Bits(repeating: 0x3FF0_0000_0000_0000), to: Numbers.self)
  }

  /// `sqrt(-2 log u)` for u uniform in (0, 1].
  @inline(__always)
  private static func radius(_ bits: Bits) -> Numbers {
    // u = 2^e m with m from sqrt(1/2) to sqrt(2): the offset lets e count from there.
    let offset: UInt64 = 0x3FE6_A09E_0000_0000
    let u = unsafeBitCast(2 - fraction(bits), to: Bits.self)
    let shifted = u &+ Bits(repeating: 0x3FF0_0000_0000_0000 - offset)
    let m = unsafeBitCast(
      (shifted & Bits(repeating: 0x000F_FFFF_FFFF_FFFF)) &+ Bits(repeating: offset),
      to: Numbers.self)
    // The integer in the lowest bits of 2^52.
    let e =
      unsafeBitCast((shifted &>> 52) | Bits(repeating: 0x4330_0000_0000_0000), to: Numbers.self)
      - (0x1p52 + 1023)
    // log m = 2 artanh s
    let s = (m - 1) / (m + 1)
    let z = s * s
    var series = z * 0.09804616946553373 + 0.1108708365039206
    series = series * z + 0.14286084121716697
    series = series * z + 0.1999999743505244
    series = series * z + 0.33333333339828985
    series = series * z + 0.9999999999999734
    let square = e * -1.3862943611198906 - (4 * s) * series
    // Of a number that could be negative the compiler takes the root with a call for each lane.
    return Numbers(
      square[0].magnitude.squareRoot(), square[1].magnitude.squareRoot(),
      square[2].magnitude.squareRoot(), square[3].magnitude.squareRoot())
  }

  /// Cosine and sine of a uniform angle: those of its quarter, doubled twice.
  @inline(__always)
  private static func direction(_ bits: Bits) -> (cosine: Numbers, sine: Numbers) {
    // In quarter turns, from -1/2 to 1/2.
    let y = fraction(bits) - 1.5
    let z = y * y
    var sine = z * -3.5562065761525054e-06 + 0.00016042915251895755
    sine = sine * z - 0.004681752566780241
    sine = sine * z + 0.07969262615353515
    sine = sine * z - 0.6459640975042397
    sine = sine * z + 1.5707963267948895
    sine *= y
    var cosine = z * 4.6553012844640495e-07 - 2.520013564665259e-05
    cosine = cosine * z + 0.0009192599501492171
    cosine = cosine * z - 0.020863480734960516
    cosine = cosine * z + 0.25366950789986553
    cosine = cosine * z - 1.2337005501361513
    cosine = cosine * z + 1
    let sineOfHalf = sine * cosine * 2
    let cosineOfHalf = 1 - sine * sine * 2
    return (1 - sineOfHalf * sineOfHalf * 2, sineOfHalf * cosineOfHalf * 2)
  }
}
