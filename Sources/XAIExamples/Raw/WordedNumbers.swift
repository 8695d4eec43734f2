import XAIAttribution
import XAIRepresentations

/// Numbers inside of sentences: parameters that the raw form's metadata only tell in words.
///
/// `"the goal is predicted, or 12 swaps"` has 12 before `swaps`, `"w = 300, times 1.0035 after every step"` has 300
/// behind `w = `.
enum WordedNumbers {
  private static let words = [
    "one": 1.0, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10,
  ]

  /// The number that follows a phrase.
  /// - Parameters:
  ///   - phrase: What stands before it.
  ///   - text: The sentence.
  /// - Returns: The number; nil where the phrase is not there, or something else follows.
  static func number(after phrase: String, in text: String) -> Double? {
    var place = text.startIndex
    while let found = text[place...].firstRange(of: phrase) {
      let rest = text[found.upperBound...].drop { $0 == " " }
      if let number = Self.leading(rest) { return number }
      place = text.index(after: found.lowerBound)
    }
    return nil
  }

  /// The number that stands before a phrase.
  /// - Parameters:
  ///   - phrase: What follows it.
  ///   - text: The sentence.
  /// - Returns: The number; nil where the phrase is not there, or something else stands before it.
  static func number(before phrase: String, in text: String) -> Double? {
    var place = text.startIndex
    while let found = text[place...].firstRange(of: phrase) {
      let head = text[..<found.lowerBound].reversed().drop { $0 == " " }
      let token = String(head.prefix { !" (,;".contains($0) }.reversed())
      if let number = Double(token) ?? words[token] { return number }
      place = text.index(after: found.lowerBound)
    }
    return nil
  }

  private static func leading(_ text: Substring) -> Double? {
    let digits = text.prefix { $0.isNumber || ".eE+-".contains($0) }
    var candidate = digits
    // A full stop or a sign behind a number is none of it.
    while !candidate.isEmpty {
      if let number = Double(candidate) { return number }
      candidate = candidate.dropLast()
    }
    return words[String(text.prefix { $0.isLetter })]
  }
}

extension JSONParameters {
  /// A number by its own key, or by words in another parameter.
  /// - Parameters:
  ///   - key: The parameter that is the number.
  ///   - prefix: What the tensors' names begin with.
  ///   - sentence: The parameter whose sentence has it.
  ///   - before: What stands before it there.
  ///   - behind: What follows it there.
  /// - Returns: The number; nil where neither has it.
  /// - Throws: `RepresentationFailure` where the key's value is no number of at least 0.
  func number(
    _ key: String, of prefix: String, in sentence: String, after before: String? = nil,
    before behind: String? = nil
  ) throws(RepresentationFailure) -> Double? {
    // A parameter may have a sentence where others have a number.
    if case .string? = value(key, of: prefix) {
    } else if let number = try number(key, of: prefix) {
      return number
    }
    guard case .string(let text)? = value(sentence, of: prefix) else { return nil }
    return before.flatMap { WordedNumbers.number(after: $0, in: text) }
      ?? behind.flatMap { WordedNumbers.number(before: $0, in: text) }
  }

  /// A whole number by its own key, or by words in another parameter.
  func count(
    _ key: String, of prefix: String, in sentence: String, after before: String? = nil,
    before behind: String? = nil, atLeast least: Int = 1
  ) throws -> Int? {
    guard
      let number = try number(key, of: prefix, in: sentence, after: before, before: behind)
    else { return nil }
    guard let whole = Int(exactly: number), least...1 << 20 ~= whole else {
      throw ExampleFailure(
        .value(
          of: "the parameter \(key) of \(prefix)", found: "\(number)",
          expected: "a whole number from \(least) to \(1 << 20)"))
    }
    return whole
  }

  /// A tensor that a parameter names as FILE/NAME, in a sentence or alone.
  /// - Parameters:
  ///   - keys: The parameters that may name it.
  ///   - prefix: What the tensors' names begin with.
  ///   - names: The tensors there are.
  /// - Returns: The longest of them that a parameter has in it.
  func tensor(namedBy keys: [String], of prefix: String, among names: [String]) -> String? {
    for key in keys {
      guard case .string(let text)? = value(key, of: prefix) else { continue }
      let found = names.filter { $0.contains("/") && text.contains($0) }
      if let name = found.max(by: { $0.count < $1.count }) { return name }
    }
    return nil
  }

  /// The whole numbers that names of a family end with behind a word: 1 and 10 of `meaningful.mask1` and
  /// `meaningful.mask10`.
  func suffixes(of family: String, behind words: [String]) -> [Int] {
    let numbers = names(of: family).compactMap { parts -> Int? in
      guard parts.count == 1, let last = parts.last else { return nil }
      return words.lazy.compactMap { last.hasPrefix($0) ? Int(last.dropFirst($0.count)) : nil }
        .first
    }
    return Set(numbers.filter { $0 > 0 && $0 <= 1 << 20 }).sorted()
  }
}
