/// Converts stored elements, little-endian and without alignment, to the types of this program.
enum ElementConversion {
  /// Converts to Float32, rounding to nearest.
  static func floats(
    _ type: ElementType, _ bytes: UnsafeRawBufferPointer,
    _ output: UnsafeMutableBufferPointer<Float>
  ) {
    switch type {
    case .bool: fill(output, bytes, UInt8.self) { $0 == 0 ? 0 : 1 }
    case .uint8: fill(output, bytes, UInt8.self) { Float($0) }
    case .int8: fill(output, bytes, Int8.self) { Float($0) }
    case .uint16: fill(output, bytes, UInt16.self) { Float($0) }
    case .int16: fill(output, bytes, Int16.self) { Float($0) }
    case .float16: fill(output, bytes, UInt16.self, half)
    case .bfloat16: fill(output, bytes, UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
    case .uint32: fill(output, bytes, UInt32.self) { Float($0) }
    case .int32: fill(output, bytes, Int32.self) { Float($0) }
    case .float32: fill(output, bytes, Float.self) { $0 }
    case .uint64: fill(output, bytes, UInt64.self) { Float($0) }
    case .int64: fill(output, bytes, Int64.self) { Float($0) }
    case .float64: fill(output, bytes, Double.self) { Float($0) }
    }
  }

  /// Converts to Double; exact but for integers beyond 2^53, which are rounded.
  static func doubles(
    _ type: ElementType, _ bytes: UnsafeRawBufferPointer,
    _ output: UnsafeMutableBufferPointer<Double>
  ) {
    switch type {
    case .bool: fill(output, bytes, UInt8.self) { $0 == 0 ? 0 : 1 }
    case .uint8: fill(output, bytes, UInt8.self) { Double($0) }
    case .int8: fill(output, bytes, Int8.self) { Double($0) }
    case .uint16: fill(output, bytes, UInt16.self) { Double($0) }
    case .int16: fill(output, bytes, Int16.self) { Double($0) }
    case .float16: fill(output, bytes, UInt16.self) { Double(half($0)) }
    case .bfloat16:
      fill(output, bytes, UInt16.self) { Double(Float(bitPattern: UInt32($0) << 16)) }
    case .uint32: fill(output, bytes, UInt32.self) { Double($0) }
    case .int32: fill(output, bytes, Int32.self) { Double($0) }
    case .float32: fill(output, bytes, Float.self) { Double($0) }
    case .uint64: fill(output, bytes, UInt64.self) { Double($0) }
    case .int64: fill(output, bytes, Int64.self) { Double($0) }
    case .float64: fill(output, bytes, Double.self) { $0 }
    }
  }

  /// Converts whole numbers to Int64; unsigned ones beyond its range become -1.
  static func integers(
    _ type: ElementType, _ bytes: UnsafeRawBufferPointer,
    _ output: UnsafeMutableBufferPointer<Int64>
  ) {
    switch type {
    case .bool: fill(output, bytes, UInt8.self) { $0 == 0 ? 0 : 1 }
    case .uint8: fill(output, bytes, UInt8.self) { Int64($0) }
    case .int8: fill(output, bytes, Int8.self) { Int64($0) }
    case .uint16: fill(output, bytes, UInt16.self) { Int64($0) }
    case .int16: fill(output, bytes, Int16.self) { Int64($0) }
    case .uint32: fill(output, bytes, UInt32.self) { Int64($0) }
    case .int32: fill(output, bytes, Int32.self) { Int64($0) }
    case .uint64: fill(output, bytes, UInt64.self) { Int64(exactly: $0) ?? -1 }
    case .int64: fill(output, bytes, Int64.self) { $0 }
    case .float16, .bfloat16, .float32, .float64:
      precondition(false, "\(type.rawValue) is no type of whole numbers")
    }
  }

  @inline(__always)
  private static func fill<Stored: BitwiseCopyable, Element>(
    _ output: UnsafeMutableBufferPointer<Element>, _ bytes: UnsafeRawBufferPointer,
    _ stored: Stored.Type, _ convert: (Stored) -> Element
  ) {
    precondition(
      bytes.count == output.count * MemoryLayout<Stored>.size,
      "\(bytes.count) bytes for \(output.count) elements")
    for index in output.indices {
      let value = bytes.loadUnaligned(
        fromByteOffset: index * MemoryLayout<Stored>.size, as: Stored.self)
      output.initializeElement(at: index, to: convert(value))
    }
  }

  /// A half-precision number; by integer steps, because the conversion instruction needs F16C.
  @inline(__always)
  private static func half(_ bits: UInt16) -> Float {
    let magnitude = UInt32(bits & 0x7FFF)
    let sign = UInt32(bits & 0x8000) << 16
    // Subnormal: the mantissa counts steps of 2^-24.
    let small = (Float(magnitude) * 0x1p-24).bitPattern
    // The exponent moves from bias 15 to bias 127; infinity and NaN move to the top.
    let rebiased = magnitude << 13 &+ (magnitude >= 0x7C00 ? 224 << 23 : 112 << 23)
    return Float(bitPattern: sign | (magnitude < 0x400 ? small : rebiased))
  }

  /// The nearest half-precision number, ties to even; by integer steps, as the way back.
  static func halfBits(_ number: Float) -> UInt16 {
    let bits = number.bitPattern
    let sign = UInt16(truncatingIfNeeded: bits >> 16) & 0x8000
    let magnitude = bits & 0x7FFF_FFFF
    if magnitude > 0x7F80_0000 { return sign | 0x7E00 }
    // From 65,520 on the nearest is infinity.
    if magnitude >= 0x477F_F000 { return sign | 0x7C00 }
    if magnitude < 0x3880_0000 {
      // Subnormal: steps of 2^-24, counted by the addition of a number whose last digit is such a step.
      let shifted = Float(bitPattern: magnitude) + 0.5
      return sign | UInt16(truncatingIfNeeded: shifted.bitPattern &- Float(0.5).bitPattern)
    }
    let odd = magnitude >> 13 & 1
    return sign | UInt16(truncatingIfNeeded: (magnitude &- 112 << 23 &+ 0xFFF &+ odd) >> 13)
  }
}
