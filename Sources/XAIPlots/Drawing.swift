package import XAIImages

/// A plot's lines, areas and words, drawn as a scalable graphic or as pixels.
package struct Drawing {
  package typealias Point = (x: Double, y: Double)

  private enum Mark {
    case line([Point], RGBColor, width: Double, dashes: [Double])
    case area([Point], RGBColor, opacity: Double)
    case circle(Point, radius: Double, RGBColor)
    case text(String, Point, size: Double, RGBColor, SVG.Anchor, isBold: Bool, isVertical: Bool)
  }

  package let width: Double
  package let height: Double
  private var marks: [Mark] = []

  /// An empty drawing; all lengths are pixels of the graphic in its own size.
  package init(width: Double, height: Double) {
    (self.width, self.height) = (width, height)
  }

  package mutating func line(
    _ points: [Point], colour: RGBColor, width: Double = 1, dashes: [Double] = []
  ) {
    marks.append(.line(points, colour, width: width, dashes: dashes))
  }

  package mutating func area(_ points: [Point], colour: RGBColor, opacity: Double = 1) {
    marks.append(.area(points, colour, opacity: opacity))
  }

  package mutating func circle(at centre: Point, radius: Double, colour: RGBColor) {
    marks.append(.circle(centre, radius: radius, colour))
  }

  package mutating func text(
    _ text: String, at point: Point, size: Double, colour: RGBColor = RGBColor(51, 51, 51),
    anchor: SVG.Anchor = .start, isBold: Bool = false, isVertical: Bool = false
  ) {
    marks.append(
      .text(text, point, size: size, colour, anchor, isBold: isBold, isVertical: isVertical))
  }

  /// The drawing as a scalable graphic.
  package var svg: SVG {
    var svg = SVG(width: width, height: height)
    for mark in marks {
      switch mark {
      case .line(let points, let colour, let width, let dashes):
        let dashes = dashes.isEmpty ? nil : dashes.map { SVG.number($0) }.joined(separator: " ")
        if points.count == 2 {
          svg.line(
            from: points[0], to: points[1], colour: colour.hexadecimal, width: width,
            dashes: dashes)
        } else {
          svg.polyline(points, colour: colour.hexadecimal, dashes: dashes)
        }
      case .area(let points, let colour, let opacity):
        svg.polygon(points, colour: colour.hexadecimal, opacity: opacity)
      case .circle(let centre, let radius, let colour):
        svg.circle(at: centre, radius: radius, colour: colour.hexadecimal)
      case .text(let text, let point, let size, let colour, let anchor, let bold, let vertical):
        svg.text(
          text, at: point, size: size, colour: colour.hexadecimal, anchor: anchor, isBold: bold,
          isVertical: vertical)
      }
    }
    return svg
  }

  /// The drawing as pixels, letters in the built-in font.
  /// - Parameter scale: Pixels for each unit of length.
  /// - Returns: The picture.
  package func picture(scale: Int = 2) -> RGBImage {
    let factor = Double(scale)
    var canvas = Canvas(
      height: Int((height * factor).rounded(.up)), width: Int((width * factor).rounded(.up)))
    func scaled(_ point: Point) -> Point { (point.x * factor, point.y * factor) }
    for mark in marks {
      switch mark {
      case .line(let points, let colour, let width, let dashes):
        canvas.stroke(
          points.map(scaled), color: colour, width: width * factor,
          dashes: dashes.map { $0 * factor })
      case .area(let points, let colour, let opacity):
        canvas.fill(polygon: points.map(scaled), color: colour, opacity: opacity)
      case .circle(let centre, let radius, let colour):
        canvas.fill(circleAt: scaled(centre), radius: radius * factor, color: colour)
      case .text(let text, let point, let size, let colour, let anchor, _, let vertical):
        // Letters of the font are 7 pixels high where those of a typeface are 0.72 of its size.
        let letter = max(1, Int((0.72 * size * factor / 7).rounded(.down)))
        let extents = Canvas.size(of: text, scale: letter)
        let along: Int =
          switch anchor {
          case .start: 0
          case .middle: extents.width / 2
          case .end: extents.width
          }
        let (x, y) = (Int((point.x * factor).rounded()), Int((point.y * factor).rounded()))
        canvas.text(
          text, x: vertical ? x - 7 * letter : x - along,
          y: vertical ? y - extents.width + along : y - 7 * letter, color: colour, scale: letter,
          direction: vertical ? .upward : .rightward)
      }
    }
    return canvas.image
  }
}

extension RGBColor {
  /// As style sheets and graphics write it.
  package var hexadecimal: String {
    "#"
      + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// Seven colours that people with any colour vision can tell apart (Okabe and Ito 2008), without the
  /// yellow that cannot be seen on white.
  package static let okabeIto = [
    RGBColor(0, 114, 178), RGBColor(213, 94, 0), RGBColor(0, 158, 115), RGBColor(204, 121, 167),
    RGBColor(230, 159, 0), RGBColor(86, 180, 233), RGBColor(0, 0, 0),
  ]
}
