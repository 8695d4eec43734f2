import ArgumentParser
import XAIAttribution
import XAITensor

/// Words of a fixed set, separated by commas.
enum Words {
  /// Reads them.
  /// - Parameters:
  ///   - text: What was given.
  ///   - kind: What each of them is, in messages.
  /// - Returns: The values, in the order given.
  /// - Throws: `ValidationError` for another word.
  static func list<Value: CaseIterable & RawRepresentable<String>>(
    _ text: String, of kind: String
  ) throws -> [Value] {
    try text.split(separator: ",").map { word in
      guard let value = Value(rawValue: word.trimmingSpaces) else {
        let names = Value.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("there is no \(kind) '\(word)'; expected \(names)")
      }
      return value
    }
  }

  /// Reads one of them.
  /// - Parameters:
  ///   - text: What was given.
  ///   - kind: What it is, in messages.
  /// - Returns: The value.
  /// - Throws: `ValidationError` for another word.
  static func one<Value: CaseIterable & RawRepresentable<String>>(
    _ text: String, of kind: String
  ) throws -> Value {
    let values: [Value] = try list(text, of: kind)
    guard values.count == 1 else { throw ValidationError("expected one \(kind), found '\(text)'") }
    return values[0]
  }
}
