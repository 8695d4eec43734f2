import XAITensor

/// Damages files as disks, transfers, editors and people do.
///
/// Each mutation begins with one of the seeds and makes one to four changes: flipped bits, other bytes,
/// cuts, parts removed, doubled, filled in or taken from another seed, numbers at the edges of their
/// types; in text also other numbers, names and brackets. Half of the changes are made to the first 96 bytes
/// or so, where headers are.
public struct Mutator {
  private let seeds: [[UInt8]]
  private let isText: Bool
  private var random: RandomStream

  /// Prepares mutations of some files.
  /// - Parameters:
  ///   - seeds: The files, none of them empty.
  ///   - isText: Whether changes of text are among the mutations.
  ///   - purpose: Names the random stream: the same purpose makes the same mutations.
  public init(seeds: [[UInt8]], isText: Bool = false, purpose: String) {
    precondition(!seeds.isEmpty && !seeds.contains { $0.isEmpty }, "seeds of \(purpose)")
    (self.seeds, self.isText) = (seeds, isText)
    random = RandomStream(seed: 1, purpose: "mutations/\(purpose)")
  }

  /// The next damaged file.
  /// - Returns: Its bytes; may be empty.
  public mutating func next() -> [UInt8] {
    var bytes = seeds[random.integer(below: seeds.count)]
    // Most files get one change: what several have damaged is mostly refused for the first of them.
    let changes = 1 + max(0, random.integer(below: 8) - 4)
    for _ in 0..<changes {
      if isText && random.integer(below: 2) == 0 { changeText(&bytes) } else { change(&bytes) }
    }
    return bytes
  }

  private mutating func change(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else { return bytes = [byte()] }
    let (start, length) = (place(in: bytes), 1 + random.integer(below: 32))
    let end = min(bytes.count, start + length)
    switch random.integer(below: 9) {
    case 0: bytes[start] ^= 1 << UInt8(random.integer(below: 8))
    case 1: bytes[start] = byte()
    case 2: for index in start..<end { bytes[index] = byte() }
    case 3: bytes.removeLast(bytes.count - start)
    case 4: bytes.removeSubrange(start..<end)
    case 5: bytes.insert(contentsOf: bytes[start..<end], at: end)
    case 6: bytes.insert(contentsOf: (start..<end).map { _ in byte() }, at: start)
    case 7:
      let other = seeds[random.integer(below: seeds.count)]
      let from = random.integer(below: other.count)
      bytes = Array(bytes[..<start]) + Array(other[from...])
    default: writeEdge(at: start, of: &bytes)
    }
  }

  /// Writes a number at the edge of its type over what is there, in either order of bytes.
  private mutating func writeEdge(at start: Int, of bytes: inout [UInt8]) {
    let edges: [UInt64] = [
      0, 1, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x1_0000, 0x7FFF_FFFF, 0x8000_0000,
      0xFFFF_FFFF, 1 << 32, 1 << 40, 0x7FFF_FFFF_FFFF_FFFF, 1 << 63, .max, .max - 7, 60_000,
    ]
    let edge = edges[random.integer(below: edges.count)]
    let size = 1 << random.integer(below: 4)
    let isLittle = random.integer(below: 2) == 0
    for index in 0..<min(size, bytes.count - start) {
      let shift = 8 * (isLittle ? index : size - 1 - index)
      bytes[start + index] = UInt8(truncatingIfNeeded: edge >> UInt64(shift))
    }
  }

  private mutating func place(in bytes: [UInt8]) -> Int {
    let reach = random.integer(below: 2) == 0 ? min(96, bytes.count) : bytes.count
    return random.integer(below: reach)
  }

  private mutating func byte() -> UInt8 { UInt8(random.integer(below: 256)) }
}

extension Mutator {
  private static let numbers = [
    "0", "-1", "1", "-0", "0.5", "1e308", "1e999", "-1e999", "1e-400", "2147483648",
    "4294967296", "9007199254740993", "9223372036854775807", "9223372036854775808",
    "-9223372036854775809", "18446744073709551616", "NaN", "Infinity", "\"nan\"", "\"-inf\"",
    "00", "+1", "0x10", "\u{0661}", "60000",
  ]
  private static let words = [
    "null", "true", "false", "[]", "{}", "\"\"", "\"..\"", "\"\\u0000\"", "\"\\ud800\"",
    "\"\u{2028}\"", "\"\\n\\u001b[31m\"", "\u{FEFF}", "\u{1F34C}", "\u{301}", ",", ":", "\n",
    "\t", "\r\n", "\0", "\\", "\"", "[", "]", "{", "}", "../../x", "/", "=1+1", "<b>", "%n%s",
  ]

  /// Replaces a number, fills a word in, or nests deeply.
  private mutating func changeText(_ bytes: inout [UInt8]) {
    let start = bytes.isEmpty ? 0 : random.integer(below: bytes.count)
    switch random.integer(below: 4) {
    case 0:
      let word = Self.words[random.integer(below: Self.words.count)]
      bytes.insert(contentsOf: Array(word.utf8), at: start)
    case 1:
      let brackets: [UInt8] = Array((random.integer(below: 2) == 0 ? "[" : "{\"a\":").utf8)
      let depth = [2, 60, 600, 5000][random.integer(below: 4)]
      bytes.insert(contentsOf: (0..<depth).flatMap { _ in brackets }, at: start)
    default:
      let isDigit = { (byte: UInt8) in 0x30...0x39 ~= byte }
      guard let first = bytes[start...].firstIndex(where: isDigit) else { return }
      let end = bytes[first...].firstIndex { !isDigit($0) } ?? bytes.count
      let number = Self.numbers[random.integer(below: Self.numbers.count)]
      bytes.replaceSubrange(first..<end, with: Array(number.utf8))
    }
  }
}
