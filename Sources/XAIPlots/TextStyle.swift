/// How letters look, and how much room they take.
public struct TextStyle: Sendable, Hashable {
  /// The size of the typeface, in units of the drawing or pixels: its capitals are 0.73 of it high.
  public var size: Double
  /// Whether letters are bold.
  public var isBold: Bool

  /// Describes letters.
  /// - Parameters:
  ///   - size: The size of the typeface.
  ///   - isBold: Whether letters are bold.
  public init(size: Double, isBold: Bool = false) { (self.size, self.isBold) = (size, isBold) }

  /// How far one line of text reaches.
  /// - Parameter text: The text.
  /// - Returns: Its width in the unit of the size.
  public func width(of text: String) -> Double {
    CairoContext(height: 1, width: 1).width(of: text, self)
  }

  /// A text in lines that fit, broken at spaces, and within words that are too long for a line.
  /// - Parameters:
  ///   - text: The text.
  ///   - width: The room, in the unit of the size.
  /// - Returns: At least one line.
  public func lines(of text: String, width: Double) -> [String] {
    let context = CairoContext(height: 1, width: 1)
    func fits(_ text: String) -> Bool { context.width(of: text, self) <= width }
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, fits(last + " " + word) {
        lines[lines.count - 1] = last + " " + word
        continue
      }
      lines.append("")
      for letter in word {
        let last = lines[lines.count - 1]
        if !last.isEmpty, !fits(last + String(letter)) { lines.append("") }
        lines[lines.count - 1].append(letter)
      }
    }
    return lines.isEmpty ? [""] : lines
  }

  /// Text without line ends and other control characters, which have no letters.
  static func printable(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { $0.value < 0x20 || 0x7F...0x9F ~= $0.value ? " " : $0 }))
  }
}
