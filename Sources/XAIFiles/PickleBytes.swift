import XAITensor

/// The bytes of a pickle, read from front to back.
struct PickleBytes {
  typealias Problem = PickleInterpreter.Problem

  private let bytes: [UInt8]
  private(set) var position: Int

  init(_ bytes: [UInt8], at position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  mutating func take(_ count: Int) throws(Problem) -> ArraySlice<UInt8> {
    guard count >= 0, count <= bytes.count - position else { throw Problem.ending }
    defer { position += count }
    return bytes[position..<position + count]
  }

  /// An unsigned little-endian number.
  mutating func number(_ size: Int) throws(Problem) -> Int {
    guard let number = Int(exactly: Array(try take(size)).number(at: 0, size: size)) else {
      throw Problem.ending
    }
    return number
  }

  /// A signed integer of `size` bytes, nil beyond 64 bits.
  mutating func long(_ size: Int) throws(Problem) -> Int? {
    let bytes = Array(try take(size))
    guard size <= 8 else { return nil }
    let unused = 64 - 8 * size
    let bits = bytes.number(at: 0, size: size)
    return size == 0 ? 0 : Int(Int64(bitPattern: bits << unused) >> unused)
  }

  mutating func real() throws(Problem) -> Double {
    Double(bitPattern: Array(try take(8).reversed()).number(at: 0, size: 8))
  }

  mutating func text(_ size: Int) throws(Problem) -> String {
    guard let text = String(validating: try take(size), as: UTF8.self) else {
      throw Problem(clause: "its pickle has a text that is not UTF-8")
    }
    return text
  }

  /// A byte string of Python 2, where names of tensors were such: text where it is any.
  mutating func byteText(_ size: Int) throws(Problem) -> PickleValue {
    String(validating: try take(size), as: UTF8.self).map(PickleValue.text) ?? .opaque
  }

  mutating func line() throws(Problem) -> String {
    guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) else {
      throw Problem.ending
    }
    let line = try text(end - position)
    position = end + 1
    return line
  }

  // MARK: The instructions of protocol 0, whose arguments are lines of text

  /// A whole number, or a truth value, which is written with two digits.
  mutating func integerLine() throws(Problem) -> PickleValue {
    let line = try line()
    switch line {
    case "00": return .boolean(false)
    case "01": return .boolean(true)
    default:
      return Int(line.hasSuffix("L") ? String(line.dropLast()) : line)
        .map(PickleValue.integer) ?? .opaque
    }
  }

  mutating func realLine() throws(Problem) -> PickleValue {
    Double(try line()).map(PickleValue.real) ?? .opaque
  }

  /// A text in quotes; one with escapes is none of the names that are looked for.
  mutating func quotedLine() throws(Problem) -> PickleValue {
    let line = try line()
    guard line.count >= 2, let quote = line.first, quote == line.last, "'\"".contains(quote),
      !line.contains("\\")
    else { return .opaque }
    return .text(String(line.dropFirst().dropLast()))
  }

  mutating func unicodeLine() throws(Problem) -> PickleValue {
    let line = try line()
    return line.contains("\\") ? .opaque : .text(line)
  }

  mutating func numberLine() throws(Problem) -> Int {
    guard let number = Int(try line()), number >= 0 else {
      throw Problem(clause: "its pickle names a kept value by no number")
    }
    return number
  }
}
