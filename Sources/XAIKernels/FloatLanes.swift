import XAITensor

/// One block of channels as a vector: `SIMD16<Float>` or `SIMD8<Float>`.
///
/// Comparisons are requirements because the standard library's generic ones are loops over scalars:
/// a maximum of 16 lanes took 227 ns, comparing and replacing in the concrete vectors 6 ns.
protocol FloatLanes: SIMD where Scalar == Float {
  /// `max(self, 0)`; NaN stays.
  func rectified() -> Self
  /// Itself where the gate is positive, else 0.
  func passed(where gate: Self) -> Self
  /// The larger of the two.
  func larger(_ other: Self) -> Self
  /// The smaller of the two.
  func smaller(_ other: Self) -> Self
  /// Itself where `first > second`, else 0.
  func kept(where first: Self, exceeds second: Self) -> Self
  /// Itself where `first <= second`, else 0.
  func kept(unless first: Self, exceeds second: Self) -> Self
  /// The quotient, or the alternative where the divisor is nearer to 0 than 1e-10.
  func divided(by divisor: Self, orElse alternative: Self) -> Self
  /// Itself where dropout spares the position, else 0; bytes of a counter-based stream decide.
  func spared(by dropout: Dropout, at index: Int) -> Self
  /// 2^n of integers -126...126 that lie in the lowest bits of the significand.
  func powerOfLowBits() -> Self
}

extension SIMD16<Float>: FloatLanes {
  @inline(__always)
  func smaller(_ other: Self) -> Self { replacing(with: other, where: other .< self) }

  @inline(__always)
  func powerOfLowBits() -> Self {
    let bits = unsafeBitCast(self, to: SIMD16<UInt32>.self)
    return unsafeBitCast(
      (bits &<< 23) &+ SIMD16<UInt32>(repeating: Float(1).bitPattern), to: Self.self)
  }

  @inline(__always)
  func rectified() -> Self { replacing(with: 0, where: self .< 0) }

  @inline(__always)
  func passed(where gate: Self) -> Self { replacing(with: 0, where: gate .<= 0) }

  @inline(__always)
  func larger(_ other: Self) -> Self { replacing(with: other, where: other .> self) }

  @inline(__always)
  func kept(where first: Self, exceeds second: Self) -> Self {
    Self().replacing(with: self, where: first .> second)
  }

  @inline(__always)
  func kept(unless first: Self, exceeds second: Self) -> Self {
    replacing(with: 0, where: first .> second)
  }

  @inline(__always)
  func divided(by divisor: Self, orElse alternative: Self) -> Self {
    let quotient = self / divisor
    return alternative.replacing(with: quotient, where: divisor .>= 1e-10)
      .replacing(with: quotient, where: divisor .<= -1e-10)
  }

  @inline(__always)
  func spared(by dropout: Dropout, at index: Int) -> Self {
    let bits = SIMD2(dropout.bits(2 * index), dropout.bits(2 * index + 1))
    let bytes = unsafeBitCast(bits, to: SIMD16<UInt8>.self)
    let numbers = SIMD16<Int32>(truncatingIfNeeded: bytes)
    return replacing(
      with: 0, where: numbers .< Self.MaskStorage(repeating: Int32(dropout.threshold)))
  }
}

extension SIMD8<Float>: FloatLanes {
  @inline(__always)
  func smaller(_ other: Self) -> Self { replacing(with: other, where: other .< self) }

  @inline(__always)
  func powerOfLowBits() -> Self {
    let bits = unsafeBitCast(self, to: SIMD8<UInt32>.self)
    return unsafeBitCast(
      (bits &<< 23) &+ SIMD8<UInt32>(repeating: Float(1).bitPattern), to: Self.self)
  }

  @inline(__always)
  func rectified() -> Self { replacing(with: 0, where: self .< 0) }

  @inline(__always)
  func passed(where gate: Self) -> Self { replacing(with: 0, where: gate .<= 0) }

  @inline(__always)
  func larger(_ other: Self) -> Self { replacing(with: other, where: other .> self) }

  @inline(__always)
  func kept(where first: Self, exceeds second: Self) -> Self {
    Self().replacing(with: self, where: first .> second)
  }

  @inline(__always)
  func kept(unless first: Self, exceeds second: Self) -> Self {
    replacing(with: 0, where: first .> second)
  }

  @inline(__always)
  func divided(by divisor: Self, orElse alternative: Self) -> Self {
    let quotient = self / divisor
    return alternative.replacing(with: quotient, where: divisor .>= 1e-10)
      .replacing(with: quotient, where: divisor .<= -1e-10)
  }

  @inline(__always)
  func spared(by dropout: Dropout, at index: Int) -> Self {
    let bytes = unsafeBitCast(dropout.bits(index), to: SIMD8<UInt8>.self)
    let numbers = SIMD8<Int32>(truncatingIfNeeded: bytes)
    return replacing(
      with: 0, where: numbers .< Self.MaskStorage(repeating: Int32(dropout.threshold)))
  }
}

extension Dropout {
  @inline(__always)
  fileprivate func bits(_ index: Int) -> UInt64 {
    RandomStream.mix(key &+ UInt64(truncatingIfNeeded: index) &* 0x9E37_79B9_7F4A_7C15)
  }
}

extension UnsafeMutablePointer<Float> {
  /// The same memory in vectors; it is aligned to 64 bytes.
  @inline(__always)
  func lanes<Lanes: FloatLanes>(_: Lanes.Type) -> UnsafeMutablePointer<Lanes> {
    UnsafeMutableRawPointer(self).assumingMemoryBound(to: Lanes.self)
  }
}
