/// What XML, its graphics and HTML have in common.
package enum Markup {
  /// Text as content or quoted attribute: no character is left that ends either, and none that HTML or
  /// XML does not allow.
  /// - Parameters:
  ///   - text: Any text.
  ///   - keepingApostrophes: Whether apostrophes stay, where no attribute stands in them.
  /// - Returns: The markup.
  package static func escaped(_ text: String, keepingApostrophes: Bool = false) -> String {
    var escaped = ""
    escaped.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'" where !keepingApostrophes: escaped += "&#39;"
      case "\u{0}"..."\u{8}", "\u{B}", "\u{C}", "\u{E}"..."\u{1F}", "\u{7F}"..."\u{9F}",
        "\u{FFFE}", "\u{FFFF}":
        escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
