import ArgumentParser

/// Reads the values of options: `@Option(transform: Parse.positiveInteger) var epochs: Int`.
///
/// A value that cannot be makes ArgumentParser say which option wants what, and exit with 64.
public enum Parse {
  /// A whole number of at least 1.
  /// - Parameter text: The argument.
  /// - Returns: The number.
  /// - Throws: `ValidationError` that says what is expected.
  @Sendable public static func positiveInteger(_ text: String) throws -> Int {
    try require(Int(text), "a whole number of at least 1") { $0 >= 1 }
  }

  /// A number of threads: a whole number from 1 to 1024.
  /// - Parameter text: The argument.
  /// - Returns: The number.
  /// - Throws: `ValidationError` that says what is expected.
  @Sendable public static func threadCount(_ text: String) throws -> Int {
    try require(Int(text), "a whole number from 1 to 1024") { 1...1024 ~= $0 }
  }

  /// A whole number of at least 0.
  /// - Parameter text: The argument.
  /// - Returns: The number.
  /// - Throws: `ValidationError` that says what is expected.
  @Sendable public static func nonNegativeInteger(_ text: String) throws -> Int {
    try require(Int(text), "a whole number of at least 0") { $0 >= 0 }
  }

  /// A finite number above 0.
  /// - Parameter text: The argument.
  /// - Returns: The number.
  /// - Throws: `ValidationError` that says what is expected.
  @Sendable public static func positiveNumber(_ text: String) throws -> Double {
    try require(Double(text), "a number above 0") { $0 > 0 && $0.isFinite }
  }

  /// A finite number of at least 0.
  /// - Parameter text: The argument.
  /// - Returns: The number.
  /// - Throws: `ValidationError` that says what is expected.
  @Sendable public static func nonNegativeNumber(_ text: String) throws -> Double {
    try require(Double(text), "a number of at least 0") { $0 >= 0 && $0.isFinite }
  }

  /// A number in [0, 1), such as a dropout rate.
  /// - Parameter text: The argument.
  /// - Returns: The number.
  /// - Throws: `ValidationError` that says what is expected.
  @Sendable public static func fraction(_ text: String) throws -> Double {
    try require(Double(text), "a number of at least 0 and below 1") { 0..<1 ~= $0 }
  }

  /// A number in (0, 1), such as the fraction of images that validate.
  /// - Parameter text: The argument.
  /// - Returns: The number.
  /// - Throws: `ValidationError` that says what is expected.
  @Sendable public static func properFraction(_ text: String) throws -> Double {
    try require(Double(text), "a number between 0 and 1, neither of them included") {
      $0 > 0 && $0 < 1
    }
  }

  /// A seed: a whole number of 64 bits, 0 or greater.
  /// - Parameter text: The argument.
  /// - Returns: The number.
  /// - Throws: `ValidationError` that says what is expected.
  @Sendable public static func seed(_ text: String) throws -> UInt64 {
    try require(UInt64(text), "a whole number from 0 to \(UInt64.max)") { _ in true }
  }

  /// A number of bytes of at least 1: `1500000`, `1.5GB` (decimal) or `512 MiB` (binary).
  /// - Parameter text: The argument.
  /// - Returns: The number of bytes, fractions of a byte dropped.
  /// - Throws: `ValidationError` that says what is expected.
  @Sendable public static func byteCount(_ text: String) throws -> Int {
    let number = text.prefix { $0.isNumber || $0 == "." }
    let unit = text.dropFirst(number.count).drop { $0 == " " }
    let scales: [String: Double] = [
      "": 1, "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12,
      "k": 1e3, "m": 1e6, "g": 1e9, "t": 1e12,
      "kib": 0x1p10, "mib": 0x1p20, "gib": 0x1p30, "tib": 0x1p40,
    ]
    let scale = scales[unit.lowercased()]
    let bytes = scale.flatMap { scale in Double(number).map { $0 * scale } }
    return Int(try require(bytes, "a size such as 500MB, 1.5GB or 2GiB") { 1..<0x1p62 ~= $0 })
  }

  /// How often to save: `500` steps or `10min`.
  /// - Parameter text: The argument.
  /// - Returns: The interval.
  /// - Throws: `ValidationError` that says what is expected.
  @Sendable public static func saveInterval(_ text: String) throws -> SaveInterval {
    for unit in ["minutes", "min", "m"] where text.hasSuffix(unit) {
      let number = Double(text.dropLast(unit.count).filter { $0 != " " })
      return .minutes(try require(number, saveIntervalWish) { $0 > 0 && $0.isFinite })
    }
    return .steps(try require(Int(text), saveIntervalWish) { $0 >= 1 })
  }

  private static let saveIntervalWish =
    "a number of steps such as 500, or of minutes such as 10min, above 0"

  private static func require<Value>(
    _ value: Value?, _ wish: String, where isValid: (Value) -> Bool
  ) throws -> Value {
    guard let value, isValid(value) else { throw ValidationError("expected \(wish)") }
    return value
  }
}

/// How often the state of a run is saved between epochs.
public enum SaveInterval: Sendable, Equatable {
  /// After so many steps.
  case steps(Int)
  /// After so many minutes.
  case minutes(Double)
}
