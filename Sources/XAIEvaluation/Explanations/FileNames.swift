/// Names of files and folders made from any text.
///
/// Letters, digits and `. _ + -` stay, everything else becomes `_`; no name begins with a dot, is
/// longer than 100 bytes, or occurs twice.
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
    var name = String(
      text.unicodeScalars.map { scalar -> Character in
        let isLetter = scalar.isASCII && scalar.properties.isAlphabetic
        let isPlain = isLetter || "0123456789._+-".unicodeScalars.contains(scalar)
        return isPlain ? Character(scalar) : "_"
      }.prefix(Self.longest))
    if name.first == "." || name.first == "-" { name = "_" + name.dropFirst() }
    if name.isEmpty { name = "_" }
    // File systems may not tell cases apart.
    var unique = name
    var number = 2
    while !used.insert(unique.lowercased()).inserted {
      unique = "\(name.prefix(Self.longest - 8))-\(number)"
      number += 1
    }
    return unique
  }
}
