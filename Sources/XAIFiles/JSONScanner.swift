/// Reads JSON from its beginning to its end, in one pass and without building a tree.
///
/// Unlike a general decoder it keeps the order of keys and lets the caller see repeated ones.
/// Grammar: RFC 8259, with whole numbers only where a number is read.
struct JSONScanner: ~Copyable {
  /// What is wrong, as a clause such as `expected ':' at byte 12 of the header`.
  struct Problem: Error { let clause: String }

  private static let deepest = 64

  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Reads an object; the closure gets each key and must read its value.
  mutating func object(
    _ member: (inout JSONScanner, String) throws(Problem) -> Void
  ) throws(Problem) {
    try expect("{")
    if take("}") { return }
    repeat {
      let key = try string()
      try expect(":")
      try member(&self, key)
    } while take(",")
    try expect("}")
  }

  /// Reads an array; the closure must read each element.
  mutating func array(
    _ element: (inout JSONScanner) throws(Problem) -> Void
  ) throws(Problem) {
    try expect("[")
    if take("]") { return }
    repeat { try element(&self) } while take(",")
    try expect("]")
  }

  /// Reads a whole number that is not negative.
  mutating func unsignedInteger() throws(Problem) -> Int {
    skipSpaces()
    let start = position
    var value = 0
    while let byte = peek(), UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte {
      let (product, wide) = value.multipliedReportingOverflow(by: 10)
      let (sum, wider) = product.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
      if wide || wider { throw problem("a number beyond 64 bits", at: start) }
      value = sum
      position += 1
    }
    let hasLeadingZero = position > start + 1 && bytes[start] == UInt8(ascii: "0")
    guard position > start, !hasLeadingZero else {
      throw problem("expected a whole number that is not negative", at: start)
    }
    return value
  }

  /// Reads a string.
  mutating func string() throws(Problem) -> String {
    try expect("\"")
    let start = position
    var decoded: [UInt8] = []
    while let byte = peek(), byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw problem("a control character in a string", at: position) }
      position += 1
      if byte == UInt8(ascii: "\\") {
        decoded.append(contentsOf: Array(String(try escape()).utf8))
      } else {
        decoded.append(byte)
      }
    }
    guard take("\"") else { throw problem("a string without end", at: start) }
    guard let text = String(validating: decoded, as: UTF8.self) else {
      throw problem("a string that is not UTF-8", at: start)
    }
    return text
  }

  /// Passes over any value.
  mutating func skipValue(depth: Int = 0) throws(Problem) {
    guard depth < Self.deepest else {
      throw problem("more than \(Self.deepest) levels of nesting", at: position)
    }
    skipSpaces()
    switch peek() {
    case UInt8(ascii: "{"):
      try object { (scanner, _) throws(Problem) in try scanner.skipValue(depth: depth + 1) }
    case UInt8(ascii: "["):
      try array { (scanner) throws(Problem) in try scanner.skipValue(depth: depth + 1) }
    case UInt8(ascii: "\""): _ = try string()
    default: try skipWord()
    }
  }

  /// Makes sure that nothing but spaces is left.
  mutating func end() throws(Problem) {
    skipSpaces()
    if position < bytes.count { throw problem("text after the end of the object", at: position) }
  }

  private mutating func skipWord() throws(Problem) {
    let start = position
    while let byte = peek(), Self.isWordByte(byte) { position += 1 }
    let word = bytes[start..<position]
    let isName = ["true", "false", "null"].contains { word.elementsEqual($0.utf8) }
    guard isName || Self.isNumber(word) else { throw problem("expected a value", at: start) }
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch Unicode.Scalar(byte) {
    case "a"..."z", "A"..."Z", "0"..."9", "+", "-", ".": true
    default: false
    }
  }

  /// Whether a word is a number: a sign, digits, a fraction, an exponent, each as JSON allows.
  private static func isNumber(_ word: ArraySlice<UInt8>) -> Bool {
    var rest = word
    func takeDigits() -> ArraySlice<UInt8> {
      let digits = rest.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
      rest = rest.dropFirst(digits.count)
      return digits
    }
    func take(_ scalars: Unicode.Scalar...) -> Bool {
      guard let first = rest.first, scalars.contains(Unicode.Scalar(first)) else { return false }
      rest = rest.dropFirst()
      return true
    }
    _ = take("-")
    let whole = takeDigits()
    if whole.isEmpty || whole.count > 1 && whole.first == UInt8(ascii: "0") { return false }
    if take("."), takeDigits().isEmpty { return false }
    if take("e", "E") {
      _ = take("+", "-")
      if takeDigits().isEmpty { return false }
    }
    return rest.isEmpty
  }

  private mutating func escape() throws(Problem) -> Unicode.Scalar {
    let start = position
    guard let byte = peek() else { throw problem("a string without end", at: start) }
    position += 1
    switch Unicode.Scalar(byte) {
    case "\"": return "\""
    case "\\": return "\\"
    case "/": return "/"
    case "b": return "\u{8}"
    case "f": return "\u{C}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "u":
      let first = try codeUnit()
      guard UTF16.isLeadSurrogate(first) else {
        if let scalar = Unicode.Scalar(first) { return scalar }
        throw problem("half of a surrogate pair", at: start)
      }
      guard takeNext("\\"), takeNext("u") else {
        throw problem("half of a surrogate pair", at: start)
      }
      let second = try codeUnit()
      guard UTF16.isTrailSurrogate(second) else {
        throw problem("half of a surrogate pair", at: start)
      }
      return UTF16.decode(UTF16.EncodedScalar([first, second]))
    default: throw problem("an unknown escape in a string", at: start)
    }
  }

  private mutating func codeUnit() throws(Problem) -> UInt16 {
    let digits = bytes[position..<min(position + 4, bytes.count)]
    guard digits.count == 4, digits.allSatisfy({ Unicode.Scalar($0).properties.isASCIIHexDigit }),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw problem("expected four hexadecimal digits", at: position) }
    position += 4
    return unit
  }

  private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func takeNext(_ scalar: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: scalar) else { return false }
    position += 1
    return true
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    skipSpaces()
    return takeNext(scalar)
  }

  private mutating func expect(_ scalar: Unicode.Scalar) throws(Problem) {
    guard take(scalar) else { throw problem("expected \(scalar)", at: position) }
  }

  private mutating func skipSpaces() {
    while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  private func problem(_ what: String, at position: Int) -> Problem {
    Problem(clause: "\(what) at byte \(position) of the header")
  }
}
