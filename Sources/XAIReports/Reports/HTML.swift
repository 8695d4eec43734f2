import FoundationEssentials
package import XAIFiles
import XAIPlots
import XAITensor

/// A piece of an HTML page.
///
/// What is written in the program stands there as it is; text that is put in is escaped, so that no name
/// of a file or class can become markup: `"<b>\(name)</b>" as HTML`.
package struct HTML: Sendable, Equatable, ExpressibleByStringInterpolation {
  /// The markup.
  package private(set) var text: String

  package init(stringLiteral value: String) { text = value }

  package init(stringInterpolation: Interpolation) { text = stringInterpolation.text }

  /// Markup that was made elsewhere.
  package init(markup: String) { text = markup }

  package struct Interpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    package init(literalCapacity: Int, interpolationCount: Int) {
      text.reserveCapacity(literalCapacity)
    }

    package mutating func appendLiteral(_ literal: String) { text += literal }

    package mutating func appendInterpolation(_ value: String) { text += Markup.escaped(value) }

    package mutating func appendInterpolation(_ value: Int) { text += "\(value)" }

    package mutating func appendInterpolation(_ piece: HTML) { text += piece.text }

    package mutating func appendInterpolation(_ pieces: [HTML]) {
      for piece in pieces { text += piece.text }
    }
  }

  package static func + (left: HTML, right: HTML) -> HTML { HTML(markup: left.text + right.text) }

  /// A script element that holds a value as JSON for scripts to read.
  /// - Parameters:
  ///   - value: The value, without NaN and infinity.
  ///   - identifier: The element's identifier.
  /// - Returns: The element.
  /// - Throws: `FileFailure` of kind `software` where the value refuses to be encoded.
  package static func data(
    _ value: some Encodable, identifier: String
  ) throws(FileFailure) -> HTML {
    let json = HTML(markup: try json(value))
    return "<script type=\"application/json\" id=\"\(identifier)\">\(json)</script>\n"
  }

  /// JSON that can stand in a script element: nothing in it ends the element or begins a comment.
  /// - Parameter value: The value, without NaN and infinity.
  /// - Returns: The text, without line breaks.
  /// - Throws: `FileFailure` of kind `software` where the value refuses to be encoded.
  package static func json(_ value: some Encodable) throws(FileFailure) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text: String
    do { text = String(decoding: try encoder.encode(value), as: UTF8.self) } catch {
      throw FileFailure(.software, "a \(type(of: value)) cannot be written as JSON: \(error)")
    }
    var safe = ""
    safe.reserveCapacity(text.utf8.count)
    // Outside of strings JSON has none of these.
    for scalar in text.unicodeScalars {
      switch scalar {
      case "<": safe += "\\u003c"
      case ">": safe += "\\u003e"
      case "&": safe += "\\u0026"
      case "\u{2028}": safe += "\\u2028"
      case "\u{2029}": safe += "\\u2029"
      default: safe.unicodeScalars.append(scalar)
      }
    }
    return safe
  }
}
