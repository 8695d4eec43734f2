import XAIImages
import XAIPlots

/// How a curve looks: curves differ in color, dashes and markers, so that no reader depends on one of them.
struct CurveLook {
  /// The color of its line and markers.
  let color: RGBColor
  /// The lengths of dashes and gaps; empty for a whole line.
  let dashes: [Double]
  private let corners: Int

  init(_ index: Int) {
    let round = index / RGBColor.okabeIto.count
    color = RGBColor.okabeIto[index % RGBColor.okabeIto.count]
    dashes = [[], [7, 4], [2, 4]][(index % 2 + round) % 3]
    corners = [0, 4, 3, 1][(index + round) % 4]
  }

  /// A circle, square, triangle or diamond of about the same area.
  func drawMarker(at center: Drawing.Point, into drawing: inout Drawing) {
    let unit: [Drawing.Point]
    switch corners {
    case 4: unit = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
    case 3: unit = [(0, -1.4), (1.3, 0.9), (-1.3, 0.9)]
    case 1: unit = [(0, -1.4), (1.4, 0), (0, 1.4), (-1.4, 0)]
    default: return drawing.circle(at: center, radius: 3.6, color: color)
    }
    drawing.area(
      unit.map { (center.x + 3.3 * $0.x, center.y + 3.3 * $0.y) }, color: color)
  }
}
