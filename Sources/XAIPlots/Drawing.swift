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
    _ points: [Point], color: RGBColor, width: Double = 1, dashes: [Double] = []
  ) {
    marks.append(.line(points, color, width: width, dashes: dashes))
  }

  package mutating func area(_ points: [Point], color: RGBColor, opacity: Double = 1) {
    marks.append(.area(points, color, opacity: opacity))
  }

  package mutating func circle(at center: Point, radius: Double, color: RGBColor) {
    marks.append(.circle(center, radius: radius, color))
  }

  package mutating func text(
    _ text: String, at point: Point, size: Double, color: RGBColor = RGBColor(51, 51, 51),
    anchor: SVG.Anchor = .start, isBold: Bool = false, isVertical: Bool = false
  ) {
    marks.append(
      .text(text, point, size: size, color, anchor, isBold: isBold, isVertical: isVertical))
  }

  /// The drawing as a scalable graphic.
  package var svg: SVG {
    var svg = SVG(width: width, height: height)
    for mark in marks {
      switch mark {
      case .line(let points, let color, let width, let dashes):
        let dashes = dashes.isEmpty ? nil : dashes.map { SVG.number($0) }.joined(separator: " ")
        if points.count == 2 {
          svg.line(
            from: points[0], to: points[1], color: color.hexadecimal, width: width,
            dashes: dashes)
        } else {
          svg.polyline(points, color: color.hexadecimal, dashes: dashes)
        }
      case .area(let points, let color, let opacity):
        svg.polygon(points, color: color.hexadecimal, opacity: opacity)
      case .circle(let center, let radius, let color):
        svg.circle(at: center, radius: radius, color: color.hexadecimal)
      case .text(let text, let point, let size, let color, let anchor, let bold, let vertical):
        svg.text(
          text, at: point, size: size, color: color.hexadecimal, anchor: anchor, isBold: bold,
          isVertical: vertical)
      }
    }
    return svg
  }

  /// The drawing as pixels.
  /// - Parameter scale: Pixels for each unit of length; fewer where a side would be too long for a picture.
  /// - Returns: The picture.
  package func picture(scale: Int = 2) -> RGBImage {
    // A name of thousands of letters makes a drawing wider than Cairo's pictures can be: it is shown smaller.
    let scale = min(Double(scale), CairoContext.longestSide / max(width, height))
    let context = CairoContext(
      height: max(1, Int((height * scale).rounded(.up))),
      width: max(1, Int((width * scale).rounded(.up))))
    context.scale(by: scale)
    draw(on: context)
    return context.image
  }

  /// The drawing as a PDF document of one page, a point for each unit of length.
  /// - Parameter title: What the document is called.
  /// - Returns: The file; equal drawings give equal bytes.
  package func pdf(title: String) -> [UInt8] {
    CairoContext.pdf(width: width, height: height, title: title, draw)
  }

  private func draw(on context: CairoContext) {
    for mark in marks {
      switch mark {
      case .line(let points, let color, let width, let dashes):
        context.stroke(points, color: color, width: width, dashes: dashes)
      case .area(let points, let color, let opacity):
        context.fill(points, color: color, opacity: opacity)
      case .circle(let center, let radius, let color):
        context.fill(circleAt: center, radius: radius, color: color)
      case .text(let text, var point, let size, let color, let anchor, let bold, let vertical):
        let style = TextStyle(size: size, isBold: bold)
        let length = context.width(of: text, style)
        let along: Double =
          switch anchor {
          case .start: 0
          case .middle: length / 2
          case .end: length
          }
        if vertical { point.y += along } else { point.x -= along }
        context.show(text, at: point, style, color: color, isUpward: vertical)
      }
    }
  }
}

extension RGBColor {
  /// As style sheets and graphics write it.
  package var hexadecimal: String {
    "#"
      + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// Seven colors that people with any color vision can tell apart (Okabe and Ito 2008), without the
  /// yellow that cannot be seen on white.
  package static let okabeIto = [
    RGBColor(0, 114, 178), RGBColor(213, 94, 0), RGBColor(0, 158, 115), RGBColor(204, 121, 167),
    RGBColor(230, 159, 0), RGBColor(86, 180, 233), RGBColor(0, 0, 0),
  ]
}
