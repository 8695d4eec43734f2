/// What went wrong, in the few kinds that a caller may treat differently.
public enum FailureKind: Sendable, CaseIterable {
  /// Something is asked for that does not exist or cannot be.
  case usage
  /// A file is there but its content is wrong.
  case badData
  /// A file or folder that should be read is not there or may not be read.
  case missingInput
  /// The program or a library it uses broke its own rules.
  case software
  /// A file or folder cannot be created.
  case cannotCreate
  /// Reading or writing failed under way: a full disk, a broken device.
  case inputOutput
}

/// An error that is meant for people.
///
/// Each library has one type that conforms. `description` is one sentence that says what failed,
/// where, what was expected and found, and what to do.
public protocol Failure: Error, CustomStringConvertible {
  /// The kind of failure.
  var kind: FailureKind { get }
}

/// A sentence for one line of a terminal, whatever a file or an argument put into it.
///
/// Control characters and line separators become `?`; of a very long sentence the middle is left out, so
/// that it still says what failed and what to do.
/// - Parameter sentence: The sentence.
/// - Returns: The same sentence where nothing is wrong with it.
package func oneLine(_ sentence: String) -> String {
  let scalars = sentence.unicodeScalars
  let isShort = sentence.utf8.count <= longestSentence
  if isShort, !scalars.contains(where: breaksLine) { return sentence }
  var kept = String.UnicodeScalarView()
  if isShort {
    kept.append(contentsOf: scalars)
  } else {
    kept.append(contentsOf: scalars.prefix(longestSentence / 4))
    kept.append(contentsOf: " ... ".unicodeScalars)
    kept.append(contentsOf: scalars.suffix(longestSentence / 8))
  }
  return String(String.UnicodeScalarView(kept.map { breaksLine($0) ? "?" : $0 }))
}

/// A name or path from a file, fit for a sentence: in quotes, not too long, without control characters.
/// - Parameters:
///   - text: The name.
///   - longest: So many characters are shown at most.
/// - Returns: The name in quotes.
package func quoted(_ text: String, longest: Int = 500) -> String {
  let scalars = text.unicodeScalars
  let shown = scalars.prefix(longest).map { breaksLine($0) ? "?" : String($0) }.joined()
  return "'\(shown)\(scalars.count > longest ? "..." : "")'"
}

/// Bytes; two paths of the greatest length the system knows fit into it.
private let longestSentence = 1 << 14

private func breaksLine(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: true
  default: false
  }
}
