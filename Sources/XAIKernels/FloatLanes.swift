import XAITensor

/// One block of channels as a vector: `SIMD16<Float>` or `SIMD8<Float>`.
protocol FloatLanes: SIMD where Scalar == Float {
  /// Which lanes of a position survive dropout; bytes of a counter-based stream decide.
  static func survivors(of dropout: Dropout, at index: Int) -> SIMDMask<MaskStorage>
}

extension SIMD16<Float>: FloatLanes {
  @inline(__always)
  static func survivors(of dropout: Dropout, at index: Int) -> SIMDMask<SIMD16<Int32>> {
    let bits = SIMD2(dropout.bits(2 * index), dropout.bits(2 * index + 1))
    let bytes = unsafeBitCast(bits, to: SIMD16<UInt8>.self)
    return SIMD16<Int32>(truncatingIfNeeded: bytes) .>= Int32(dropout.threshold)
  }
}

extension SIMD8<Float>: FloatLanes {
  @inline(__always)
  static func survivors(of dropout: Dropout, at index: Int) -> SIMDMask<SIMD8<Int32>> {
    let bytes = unsafeBitCast(dropout.bits(index), to: SIMD8<UInt8>.self)
    return SIMD8<Int32>(truncatingIfNeeded: bytes) .>= Int32(dropout.threshold)
  }
}

extension Dropout {
  @inline(__always)
  fileprivate func bits(_ index: Int) -> UInt64 {
    RandomStream.mix(key &+ UInt64(truncatingIfNeeded: index) &* 0x9E37_79B9_7F4A_7C15)
  }
}

extension FloatLanes {
  @inline(__always)
  func rectified() -> Self { replacing(with: 0, where: self .< 0) }

  /// 1 / sqrt(self).
  @inline(__always)
  func inverseSquareRoot() -> Self { Self(repeating: 1) / squareRoot() }
}

extension UnsafeMutablePointer<Float> {
  /// The same memory in vectors; it is aligned to 64 bytes.
  @inline(__always)
  func lanes<Lanes: FloatLanes>(_: Lanes.Type) -> UnsafeMutablePointer<Lanes> {
    UnsafeMutableRawPointer(self).assumingMemoryBound(to: Lanes.self)
  }
}
