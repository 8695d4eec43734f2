/// The checksum of zip files: CRC-32 with the polynomial 0x04C11DB7, reflected (PKWARE APPNOTE
/// 4.4.7).
enum CRC32 {
  /// Tables for eight bytes at a time: entry `256 * k + byte` is what a byte leaves after `k` more
  /// (Kounavis and Berry 2005, "slicing by 8").
  private static let tables: [UInt32] = {
    var tables = (0..<256).map { byte in
      (0..<8).reduce(UInt32(byte)) { value, _ in value >> 1 ^ (value & 1 == 0 ? 0 : 0xEDB8_8320) }
    }
    for index in 256..<256 * 8 {
      let before = tables[index - 256]
      tables.append(before >> 8 ^ tables[Int(before & 0xFF)])
    }
    return tables
  }()

  /// The checksum of some bytes.
  static func value(of bytes: UnsafeRawBufferPointer) -> UInt32 {
    tables.withUnsafeBufferPointer { tables in
      var state = UInt32.max
      var position = 0
      while position + 8 <= bytes.count {
        let word = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self).littleEndian
        let low = UInt32(truncatingIfNeeded: word) ^ state
        let high = UInt32(truncatingIfNeeded: word >> 32)
        state = fold(low, tables, 1024) ^ fold(high, tables, 0)
        position += 8
      }
      for byte in bytes[position...] {
        state = state >> 8 ^ tables[Int((state ^ UInt32(byte)) & 0xFF)]
      }
      return ~state
    }
  }

  /// Four bytes through the four tables from a place on, the first byte through the farthest.
  @inline(__always)
  private static func fold(
    _ word: UInt32, _ tables: UnsafeBufferPointer<UInt32>, _ start: Int
  ) -> UInt32 {
    tables[start + 768 + Int(word & 0xFF)] ^ tables[start + 512 + Int(word >> 8 & 0xFF)]
      ^ tables[start + 256 + Int(word >> 16 & 0xFF)] ^ tables[start + Int(word >> 24)]
  }
}
