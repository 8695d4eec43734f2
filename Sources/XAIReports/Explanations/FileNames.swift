/// Names of files and folders made from any text.
///
/// Letters and digits of any script and `. _ + -` stay, everything else becomes `_`: separators,
/// controls, and what would reorder or hide other characters. No name begins with a dot, is longer
/// than 100 bytes of UTF-8, or occurs twice.
public struct FileNames: Sendable {
  private static let longest = 100
  private var used: Set<String> = []

  /// Only some names are used yet.
  /// - Parameter reserved: Names that are taken.
  public init(besides reserved: [String] = []) { used = Set(reserved.map { $0.lowercased() }) }

  /// Makes a name.
  /// - Parameter text: Such as an image's name or a class's.
  /// - Returns: A name that was not returned before.
  public mutating func name(for text: String) -> String {
    var plain = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { plain.append(Self.isPlain(scalar) ? scalar : "_") }
    // A mark would stand on whatever is before the name.
    if let first = plain.first, ".-".unicodeScalars.contains(first) || Self.isMark(first) {
      plain.replaceSubrange(...plain.startIndex, with: CollectionOfOne("_"))
    }
    var name = Self.start(of: String(plain), bytes: Self.longest)
    if name.isEmpty { name = "_" }
    // File systems may not tell cases apart.
    var unique = name
    var number = 2
    while !used.insert(unique.lowercased()).inserted {
      unique = "\(Self.start(of: name, bytes: Self.longest - 8))-\(number)"
      number += 1
    }
    return unique
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII {
      return scalar.properties.isAlphabetic || "0123456789._+-".unicodeScalars.contains(scalar)
    }
    if scalar.properties.isDefaultIgnorableCodePoint { return false }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .decimalNumber, .letterNumber:
      return true
    default: return isMark(scalar)
    }
  }

  /// Whether a character stands on the one before: accents, and vowels of many scripts.
  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    [.nonspacingMark, .spacingMark].contains(scalar.properties.generalCategory)
      && !scalar.properties.isDefaultIgnorableCodePoint
  }

  /// As many whole characters as fit.
  private static func start(of text: String, bytes: Int) -> String {
    var start = ""
    var size = 0
    for character in text {
      size += character.utf8.count
      if size > bytes { break }
      start.append(character)
    }
    return start
  }
}
