internal import CDigest

/// The SHA-256 digest (FIPS 180-4, 2015), to tell files apart.
public struct SHA256: Sendable {
  /// Whether this processor has instructions for it.
  package static let isAccelerated = xai_sha256_is_available() != 0

  private let isAccelerated: Bool
  private var state: [UInt32] = [
    0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB,
    0x5BE0_CD19,
  ]

  private init(isAccelerated: Bool = isAccelerated) { self.isAccelerated = isAccelerated }

  /// The digest of a file.
  /// - Parameter path: The file.
  /// - Returns: 64 hexadecimal digits.
  /// - Throws: Where it cannot be read.
  public static func ofFile(_ path: String) throws(FileFailure) -> String {
    let file = try InputFile(path: path)
    var digest = SHA256()
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var offset = 0
    while true {
      let start = offset
      let filled = try buffer.withUnsafeMutableBufferPointer { (bytes) throws(FileFailure) in
        try file.readAvailable(into: UnsafeMutableRawBufferPointer(bytes), at: start)
      }
      offset += filled
      if filled < buffer.count { return digest.finish(buffer[..<filled], length: offset) }
      digest.absorb(buffer[...])
    }
  }

  /// The digest of bytes.
  /// - Parameter bytes: The bytes.
  /// - Returns: 64 hexadecimal digits.
  public static func of(_ bytes: [UInt8]) -> String { of(bytes, isAccelerated: isAccelerated) }

  /// The digest of bytes, in one of two ways.
  /// - Parameters:
  ///   - bytes: The bytes.
  ///   - isAccelerated: Whether the processor's instructions are used, which it must have.
  /// - Returns: 64 hexadecimal digits.
  package static func of(_ bytes: [UInt8], isAccelerated: Bool) -> String {
    var digest = SHA256(isAccelerated: isAccelerated)
    return digest.finish(bytes[...], length: bytes.count)
  }

  private mutating func finish(_ rest: ArraySlice<UInt8>, length: Int) -> String {
    var bytes = Array(rest) + [0x80]
    bytes += [UInt8](repeating: 0, count: (120 - bytes.count % 64) % 64)
    bytes += (0..<8).reversed().map { UInt8(truncatingIfNeeded: (length * 8) >> (8 * $0)) }
    absorb(bytes[...])
    return state.map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }

  /// Takes in whole blocks of 64 bytes.
  private mutating func absorb(_ bytes: ArraySlice<UInt8>) {
    guard !isAccelerated else {
      return bytes.withUnsafeBytes {
        xai_sha256_absorb(&state, Self.constants, $0.baseAddress, Int64($0.count / 64))
      }
    }
    var words = [UInt32](repeating: 0, count: 64)
    bytes.withUnsafeBytes { bytes in
      words.withUnsafeMutableBufferPointer { words in
        Self.constants.withUnsafeBufferPointer { constants in
          state.withUnsafeMutableBufferPointer { state in
            for start in stride(from: 0, to: bytes.count - 63, by: 64) {
              Self.compress(bytes, start, words, constants, state)
            }
          }
        }
      }
    }
  }

  /// Works one block into the state; the names are those of section 6.2.2.
  @inline(__always)
  private static func compress(
    _ bytes: UnsafeRawBufferPointer, _ start: Int, _ words: UnsafeMutableBufferPointer<UInt32>,
    _ constants: UnsafeBufferPointer<UInt32>, _ state: UnsafeMutableBufferPointer<UInt32>
  ) {
    for t in 0..<16 {
      words[t] = UInt32(
        bigEndian: bytes.loadUnaligned(fromByteOffset: start &+ 4 &* t, as: UInt32.self))
    }
    for t in 16..<64 {
      let (x, y) = (words[t &- 15], words[t &- 2])
      let first = rotated(x, 7) ^ rotated(x, 18) ^ (x &>> 3)
      let second = rotated(y, 17) ^ rotated(y, 19) ^ (y &>> 10)
      words[t] = words[t &- 16] &+ first &+ words[t &- 7] &+ second
    }
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for t in 0..<64 {
      let sum = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
      let one = h &+ sum &+ ((e & f) ^ (~e & g)) &+ constants[t] &+ words[t]
      let other = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
      let two = other &+ ((a & b) ^ (a & c) ^ (b & c))
      (h, g, f, e) = (g, f, e, d &+ one)
      (d, c, b, a) = (c, b, a, one &+ two)
    }
    // Not in a loop over an array, which would be allocated for each block.
    (state[0], state[1], state[2], state[3]) =
      (state[0] &+ a, state[1] &+ b, state[2] &+ c, state[3] &+ d)
    (state[4], state[5], state[6], state[7]) =
      (state[4] &+ e, state[5] &+ f, state[6] &+ g, state[7] &+ h)
  }

  @inline(__always)
  private static func rotated(_ word: UInt32, _ bits: UInt32) -> UInt32 {
    word &>> bits | word &<< (32 &- bits)
  }

  /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
  private static let constants: [UInt32] = [
    0x428A_2F98, 0x7137_4491, 0xB5C0_FBCF, 0xE9B5_DBA5, 0x3956_C25B, 0x59F1_11F1,
    0x923F_82A4, 0xAB1C_5ED5, 0xD807_AA98, 0x1283_5B01, 0x2431_85BE, 0x550C_7DC3,
    0x72BE_5D74, 0x80DE_B1FE, 0x9BDC_06A7, 0xC19B_F174, 0xE49B_69C1, 0xEFBE_4786,
    0x0FC1_9DC6, 0x240C_A1CC, 0x2DE9_2C6F, 0x4A74_84AA, 0x5CB0_A9DC, 0x76F9_88DA,
    0x983E_5152, 0xA831_C66D, 0xB003_27C8, 0xBF59_7FC7, 0xC6E0_0BF3, 0xD5A7_9147,
    0x06CA_6351, 0x1429_2967, 0x27B7_0A85, 0x2E1B_2138, 0x4D2C_6DFC, 0x5338_0D13,
    0x650A_7354, 0x766A_0ABB, 0x81C2_C92E, 0x9272_2C85, 0xA2BF_E8A1, 0xA81A_664B,
    0xC24B_8B70, 0xC76C_51A3, 0xD192_E819, 0xD699_0624, 0xF40E_3585, 0x106A_A070,
    0x19A4_C116, 0x1E37_6C08, 0x2748_774C, 0x34B0_BCB5, 0x391C_0CB3, 0x4ED8_AA4A,
    0x5B9C_CA4F, 0x682E_6FF3, 0x748F_82EE, 0x78A5_636F, 0x84C8_7814, 0x8CC7_0208,
    0x90BE_FFFA, 0xA450_6CEB, 0xBEF9_A3F7, 0xC671_78F2,
  ]
}
