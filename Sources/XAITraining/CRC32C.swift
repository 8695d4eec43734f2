/// The cyclic redundancy check CRC-32C (Castagnoli, Brauer and Herrmann 1993), whose reflected
/// polynomial is 0x82F63B78.
enum CRC32C {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in
      value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1
    }
  }

  /// The checksum of bytes.
  static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let table = table
    return ~bytes.reduce(UInt32.max) { value, byte in
      table[Int(UInt8(truncatingIfNeeded: value) ^ byte)] ^ value >> 8
    }
  }

  /// The checksum as TFRecord files store it: a checksum of bytes that hold their own checksum
  /// would be weak, so it is rotated and shifted.
  static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let value = checksum(bytes)
    return (value >> 15 | value << 17) &+ 0xA282_EAD8
  }
}
