import XAITensor

/// Builds the text of a scalable vector graphic; equal calls give equal text.
package struct SVG {
  package enum Anchor: String { case start, middle, end }

  package let width: Double
  package let height: Double
  private var lines: [String] = []

  package init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  /// The whole document.
  /// - Parameters:
  ///   - title: What the graphic is called, also for screen readers.
  ///   - description: What is to be seen, for screen readers.
  /// - Returns: The text.
  package func document(title: String, description: String) -> String {
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + element(title: title, description: description)
  }

  /// The graphic as an element of an HTML page.
  /// - Parameters:
  ///   - title: What the graphic is called, also for screen readers.
  ///   - description: What is to be seen, for screen readers.
  /// - Returns: The text.
  package func element(title: String, description: String) -> String {
    let (width, height) = (Self.number(width), Self.number(height))
    let opening =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" "
      + "viewBox=\"0 0 \(width) \(height)\" role=\"img\" "
      + "font-family=\"'Helvetica Neue', Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif\">"
    let start = [
      opening,
      "<title>\(Self.escaped(title))</title>", "<desc>\(Self.escaped(description))</desc>",
      "<rect width=\"\(width)\" height=\"\(height)\" fill=\"#ffffff\"/>",
    ]
    return (start + lines + ["</svg>"]).joined(separator: "\n") + "\n"
  }

  package mutating func line(
    from start: (x: Double, y: Double), to end: (x: Double, y: Double), color: String,
    width: Double = 1, dashes: String? = nil
  ) {
    let dashes = dashes.map { " stroke-dasharray=\"\($0)\"" } ?? ""
    lines.append(
      "<line x1=\"\(Self.number(start.x))\" y1=\"\(Self.number(start.y))\" "
        + "x2=\"\(Self.number(end.x))\" y2=\"\(Self.number(end.y))\" "
        + "stroke=\"\(color)\" stroke-width=\"\(Self.number(width))\"\(dashes)/>")
  }

  package mutating func polyline(
    _ points: [(x: Double, y: Double)], color: String, dashes: String?, width: Double = 2
  ) {
    let dashes = dashes.map { " stroke-dasharray=\"\($0)\"" } ?? ""
    let places = points.map { "\(Self.number($0.x)),\(Self.number($0.y))" }
    lines.append(
      "<polyline points=\"\(places.joined(separator: " "))\" fill=\"none\" stroke=\"\(color)\" "
        + "stroke-width=\"\(Self.number(width))\" stroke-linejoin=\"round\" stroke-linecap=\"round\"\(dashes)/>"
    )
  }

  package mutating func polygon(
    _ points: [(x: Double, y: Double)], color: String, opacity: Double = 1
  ) {
    let places = points.map { "\(Self.number($0.x)),\(Self.number($0.y))" }
    let faintness = opacity < 1 ? " fill-opacity=\"\(Self.number(opacity))\"" : ""
    lines.append(
      "<polygon points=\"\(places.joined(separator: " "))\" fill=\"\(color)\"\(faintness)/>")
  }

  package mutating func circle(at center: (x: Double, y: Double), radius: Double, color: String) {
    lines.append(
      "<circle cx=\"\(Self.number(center.x))\" cy=\"\(Self.number(center.y))\" "
        + "r=\"\(Self.number(radius))\" fill=\"\(color)\"/>")
  }

  package mutating func square(at center: (x: Double, y: Double), side: Double, color: String) {
    lines.append(
      "<rect x=\"\(Self.number(center.x - side / 2))\" y=\"\(Self.number(center.y - side / 2))\" "
        + "width=\"\(Self.number(side))\" height=\"\(Self.number(side))\" fill=\"\(color)\"/>")
  }

  package mutating func text(
    _ text: String, at point: (x: Double, y: Double), size: Double, color: String = "#333333",
    anchor: Anchor = .start, isBold: Bool = false, isVertical: Bool = false
  ) {
    let (x, y) = (Self.number(point.x), Self.number(point.y))
    let weight = isBold ? " font-weight=\"bold\"" : ""
    let turn = isVertical ? " transform=\"rotate(-90 \(x) \(y))\"" : ""
    lines.append(
      "<text x=\"\(x)\" y=\"\(y)\" font-size=\"\(Self.number(size))\" fill=\"\(color)\" "
        + "text-anchor=\"\(anchor.rawValue)\"\(weight)\(turn)>\(Self.escaped(text))</text>")
  }

  /// A coordinate with at most two digits after the point.
  package static func number(_ value: Double) -> String {
    var text = fixedPoint(value, digits: 2)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }

  /// Text in one line that is no markup.
  ///
  /// Apostrophes stay: no attribute of a graphic stands in them.
  private static func escaped(_ text: String) -> String {
    let line = text.map { $0.isNewline || $0 == "\t" ? " " : $0 }
    return Markup.escaped(String(line), keepingApostrophes: true)
  }
}
