import FoundationEssentials
package import XAIAttribution

/// The parameters that a file of given tensors names for each of the tensors asked for.
package struct JSONParameters {
  /// The tensors asked for, with their parameters.
  package let tensors: [String: [String: JSONValue]]

  /// Reads `{"NAME": {"steps": 10, ...}, ...}`.
  /// - Parameter text: JSON.
  /// - Throws: `RepresentationFailure` where it is none of that form.
  package init(_ text: String) throws(RepresentationFailure) {
    guard
      let value = try? JSONDecoder().decode(
        [String: [String: JSONValue]?].self, from: Data(text.utf8))
    else {
      throw RepresentationFailure(
        .value(
          of: "the metadata 'parameters' of the given tensors", found: "something else",
          expected: "an object of objects, one for each tensor by name"))
    }
    tensors = value.compactMapValues { $0 ?? [:] }
  }

  /// The names that begin with a word, divided at the dots.
  /// - Parameter family: The first word.
  /// - Returns: The words behind it, sorted.
  package func names(of family: String) -> [[String]] {
    tensors.keys.filter { $0.hasPrefix(family + ".") }.sorted()
      .map { $0.dropFirst(family.count + 1).split(separator: ".").map(String.init) }
  }

  /// A parameter of the first of some tensors that has it.
  /// - Parameters:
  ///   - key: The parameter's name.
  ///   - prefix: What the tensors' names begin with.
  /// - Returns: Its value, nil where none has it.
  package func value(_ key: String, of prefix: String) -> JSONValue? {
    if let value = tensors[prefix]?[key] { return value }
    return tensors.keys.filter { $0.hasPrefix(prefix + ".") }.sorted()
      .lazy.compactMap { tensors[$0]?[key] }.first
  }

  /// The largest whole number that a parameter may be: products of some of them must be numbers still.
  private static let most = 1 << 20

  /// A whole number.
  package func integer(
    _ key: String, of prefix: String, atLeast least: Int = 1
  ) throws(RepresentationFailure) -> Int? {
    guard let value = value(key, of: prefix) else { return nil }
    let number: Int? =
      switch value {
      case .integer(let number): Int(number)
      case .number(let number): Int(exactly: number)
      case .array(let values) where values.count == 1: values[0].wholeNumber
      default: nil
      }
    guard let number, least...Self.most ~= number else {
      throw RepresentationFailure(
        .value(
          of: "the parameter \(key) of \(prefix)", found: "\(value)",
          expected: "a whole number from \(least) to \(Self.most)"))
    }
    return number
  }

  /// A number of at least 0.
  package func number(_ key: String, of prefix: String) throws(RepresentationFailure) -> Double? {
    guard let value = value(key, of: prefix) else { return nil }
    guard let number = value.realNumber, number >= 0, number.isFinite else {
      throw RepresentationFailure(
        .value(
          of: "the parameter \(key) of \(prefix)", found: "\(value)",
          expected: "a number of at least 0"))
    }
    return number
  }

  /// A text.
  package func text(_ key: String, of prefix: String) throws(RepresentationFailure) -> String? {
    guard let value = value(key, of: prefix) else { return nil }
    guard case .string(let text) = value else {
      throw RepresentationFailure(
        .value(of: "the parameter \(key) of \(prefix)", found: "\(value)", expected: "a text"))
    }
    return text
  }

  /// Texts.
  package func texts(_ key: String, of prefix: String) throws(RepresentationFailure) -> [String]? {
    guard let value = value(key, of: prefix) else { return nil }
    if case .array(let values) = value {
      let texts = values.compactMap { if case .string(let text) = $0 { text } else { nil } }
      if texts.count == values.count { return texts }
    }
    throw RepresentationFailure(
      .value(
        of: "the parameter \(key) of \(prefix)", found: "\(value)", expected: "a list of texts"))
  }

  /// Lists of whole numbers.
  package func groups(_ key: String, of prefix: String) throws(RepresentationFailure) -> [[Int]]? {
    guard let value = value(key, of: prefix) else { return nil }
    if case .array(let values) = value {
      let groups = values.compactMap { group -> [Int]? in
        guard case .array(let members) = group else { return nil }
        let numbers = members.compactMap(\.wholeNumber)
        return numbers.count == members.count ? numbers : nil
      }
      if groups.count == values.count { return groups }
    }
    throw RepresentationFailure(
      .value(
        of: "the parameter \(key) of \(prefix)", found: "\(value)",
        expected: "a list of lists of whole numbers"))
  }
}

extension JSONValue {
  var wholeNumber: Int? {
    switch self {
    case .integer(let number): Int(number)
    case .number(let number): Int(exactly: number)
    default: nil
    }
  }

  var realNumber: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .unsigned(let number): Double(number)
    case .number(let number): number
    default: nil
    }
  }
}
