import Testing
import XAIImages
import XAIPlots

@Suite struct DrawingTests {
  /// How much ink is on a white canvas, in pixels.
  private func ink(_ canvas: Canvas) -> Double {
    canvas.image.pixels.reduce(0) { $0 + Double(255 - $1) / 255 } / 3
  }

  /// Corners as x and y in turn, and the area.
  private static let polygons: [([Double], Double)] = [
    ([1, 1, 4, 1, 4, 3, 1, 3], 6), ([1.25, 1.5, 4.75, 1.5, 4.75, 3.25, 1.25, 3.25], 6.125),
    ([0, 0, 9.5, 3, 2, 8], 35), ([2, 0.5, 2.5, 9, 2.1, 9.5], 1.825),
    ([0.3, 5.2, 9.7, 5.4, 0.3, 5.6], 1.88),
  ]

  @Test(arguments: polygons)
  func `a polygon leaves as much ink as it has area`(numbers: [Double], area: Double) {
    let corners = stride(from: 0, to: numbers.count, by: 2).map { (numbers[$0], numbers[$0 + 1]) }
    var canvas = Canvas(height: 10, width: 10)
    canvas.fill(polygon: corners.map { (x: $0.0, y: $0.1) }, color: .black)
    var backward = Canvas(height: 10, width: 10)
    backward.fill(polygon: corners.reversed().map { (x: $0.0, y: $0.1) }, color: .black)
    #expect(abs(ink(canvas) - area) < 0.05)
    #expect(canvas.image == backward.image)
  }

  @Test func `a pixel half covered is gray, and opacity makes it fainter`() {
    var canvas = Canvas(height: 2, width: 3)
    canvas.fill(polygon: [(1, 0), (2, 0), (2, 0.5), (1, 0.5)], color: .black)
    canvas.fill(polygon: [(0, 1), (1, 1), (1, 2), (0, 2)], color: .black, opacity: 0.2)
    #expect(canvas.image[0, 1] == (128, 128, 128) && canvas.image[1, 0] == (204, 204, 204))
    #expect(canvas.image[0, 0] == (255, 255, 255) && canvas.image[1, 1] == (255, 255, 255))
  }

  @Test func `what lies outside is cut off`() {
    var canvas = Canvas(height: 4, width: 4)
    canvas.fill(polygon: [(-50, 1), (50, 1), (50, 2), (-50, 2)], color: .black)
    canvas.fill(polygon: [(7, 7), (9, 7), (9, 9)], color: .black)
    canvas.fill(circleAt: (-9, -9), radius: 3, color: .black)
    #expect(abs(ink(canvas) - 4) < 1e-9)
  }

  @Test func `a dashed line is drawn in parts`() {
    var canvas = Canvas(height: 3, width: 20)
    canvas.stroke([(0, 1.5), (10, 1.5), (20, 1.5)], color: .black, width: 1, dashes: [3, 2])
    #expect(abs(ink(canvas) - 12) < 1e-9)
    #expect(canvas.image[1, 2] == (0, 0, 0) && canvas.image[1, 3] == (255, 255, 255))
  }

  @Test(arguments: [([7.0, 4.0], 13.1, 46.1), ([2, 4], 31.2, 79.1), ([3, 2], 13.7, 77)])
  func `a dash that rounding leaves next to nothing of comes to its end`(
    dashes: [Double], corner: Double, end: Double
  ) {
    var canvas = Canvas(height: 3, width: 80)
    canvas.stroke(
      [(0, 1.5), (corner, 1.5), (end, 1.5)], color: .black, width: 1, dashes: dashes)
    let period = dashes[0] + dashes[1]
    let whole = (end / period).rounded(.down)
    let expected = whole * dashes[0] + min(end - whole * period, dashes[0])
    // Where a dash turns the corner, two parts of a pixel cover less than both.
    #expect(abs(ink(canvas) - expected) < 0.3)
  }

  @Test func `graphic and pixels show the same marks`() {
    var drawing = Drawing(width: 20, height: 10)
    drawing.area([(2, 2), (6, 2), (6, 6), (2, 6)], colour: RGBColor(255, 0, 0), opacity: 0.5)
    drawing.circle(at: (14, 5), radius: 3, colour: RGBColor(0, 0, 255))
    drawing.line([(0, 9.5), (20, 9.5)], colour: .black)
    drawing.text("<I>", at: (8, 8), size: 10, anchor: .middle)
    let text = drawing.svg.document(title: "a", description: "b")
    #expect(text.contains("points=\"2,2 6,2 6,6 2,6\" fill=\"#ff0000\" fill-opacity=\"0.5\""))
    #expect(text.contains("<circle cx=\"14\" cy=\"5\" r=\"3\" fill=\"#0000ff\"/>"))
    #expect(text.contains("&lt;I&gt;"))
    let picture = drawing.picture(scale: 2)
    #expect(picture.width == 40 && picture.height == 20)
    #expect(picture[8, 8] == (255, 128, 128) && picture[10, 28] == (0, 0, 255))
    #expect(picture[18, 1] == (0, 0, 0) && picture[1, 1] == (255, 255, 255))
  }

  @Test func `gray numbers survive a PNG file`() throws {
    let values = (0..<256).map { UInt8($0) }
    let bytes = try PNG.encode(gray: values, height: 8, width: 32)
    let picture = try PNG.decode(bytes, name: "gray")
    #expect(picture.pixels == values.flatMap { [$0, $0, $0] })
    #expect(picture.height == 8 && bytes[25] == 0)
  }
}
