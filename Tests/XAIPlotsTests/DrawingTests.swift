import Testing
import XAIImages
import XAIPlots

@Suite struct DrawingTests {
  /// How much ink a drawing of 20 x 10 leaves on white, in pixels of its own size.
  private func ink(_ draw: (inout Drawing) -> Void) -> Double {
    var drawing = Drawing(width: 20, height: 10)
    draw(&drawing)
    return drawing.picture(scale: 1).pixels.reduce(0) { $0 + Double(255 - $1) / 255 } / 3
  }

  /// Corners as x and y in turn, and the area.
  private static let polygons: [([Double], Double)] = [
    ([1, 1, 4, 1, 4, 3, 1, 3], 6), ([1.25, 1.5, 4.75, 1.5, 4.75, 3.25, 1.25, 3.25], 6.125),
    ([0, 0, 9.5, 3, 2, 8], 35), ([2, 0.5, 2.5, 9, 2.1, 9.5], 1.825),
    ([-50, 1, 50, 1, 50, 2, -50, 2], 20), ([27, 7, 29, 7, 29, 9], 0),
  ]

  @Test(arguments: polygons)
  func `an area leaves as much ink as it covers of the drawing`(numbers: [Double], area: Double) {
    let corners = stride(from: 0, to: numbers.count, by: 2)
      .map { (x: numbers[$0], y: numbers[$0 + 1]) }
    #expect(abs(ink { $0.area(corners, color: .black) } - area) < 0.1 + 0.01 * area)
    #expect(
      abs(ink { $0.area(corners, color: .black, opacity: 0.25) } - area / 4) < 0.1 + 0.01 * area)
  }

  @Test func `a dashed line is drawn in parts`() {
    let dashed = ink { $0.line([(0, 1.5), (10, 1.5), (20, 1.5)], color: .black, dashes: [3, 2]) }
    #expect(abs(dashed - 12) < 0.1)
    #expect(abs(ink { $0.line([(0, 1.5), (20, 1.5)], color: .black) } - 20) < 0.1)
  }

  @Test func `text stands where its anchor says, and upward as well`() {
    func leftmost(_ anchor: SVG.Anchor, isVertical: Bool = false) -> Int? {
      var drawing = Drawing(width: 200, height: 200)
      drawing.text("HHHH", at: (100, 100), size: 20, anchor: anchor, isVertical: isVertical)
      let picture = drawing.picture(scale: 1)
      return (0..<200).first { line in
        (0..<200).contains { other in
          let (row, column) = isVertical ? (line, other) : (other, line)
          return picture[row, column].0 < 128
        }
      }
    }
    let length = TextStyle(size: 20).width(of: "HHHH")
    for (anchor, share) in [(SVG.Anchor.start, 0.0), (.middle, 0.5), (.end, 1.0)] {
      let expected = 100 - share * length
      #expect(abs(Double(leftmost(anchor) ?? -99) - expected) < 4)
      #expect(
        abs(Double(leftmost(anchor, isVertical: true) ?? -99) - (200 - length - expected)) < 4)
    }
  }

  @Test func `equal drawings give equal PDF documents, which hold their words`() {
    func document(_ word: String) -> [UInt8] {
      var drawing = Drawing(width: 200, height: 100)
      drawing.text(word, at: (10, 50), size: 20)
      return drawing.pdf(title: "a plot")
    }
    let bytes = document("similarity")
    #expect(bytes.starts(with: Array("%PDF-".utf8)) && bytes == document("similarity"))
    #expect(bytes != document("another") && bytes.count > 1000)
  }

  @Test func `lines of text fit, and no letter is lost`() {
    let style = TextStyle(size: 15, isBold: true)
    let text = "Relevance propagation, cascading (top down) " + String(repeating: "x", count: 90)
    let lines = style.lines(of: text, width: 200)
    #expect(lines.count > 3 && lines.allSatisfy { style.width(of: $0) <= 200 })
    #expect(lines.joined().filter { $0 != " " } == text.filter { $0 != " " })
    #expect(style.lines(of: "", width: 10) == [""])
  }

  @Test func `graphic and pixels show the same marks`() {
    var drawing = Drawing(width: 20, height: 10)
    drawing.area([(2, 2), (6, 2), (6, 6), (2, 6)], color: RGBColor(255, 0, 0), opacity: 0.5)
    drawing.circle(at: (14, 5), radius: 3, color: RGBColor(0, 0, 255))
    drawing.line([(0, 9.5), (20, 9.5)], color: .black)
    drawing.text("<I>", at: (8, 8), size: 4, anchor: .middle)
    let text = drawing.svg.document(title: "a", description: "b")
    #expect(text.contains("points=\"2,2 6,2 6,6 2,6\" fill=\"#ff0000\" fill-opacity=\"0.5\""))
    #expect(text.contains("<circle cx=\"14\" cy=\"5\" r=\"3\" fill=\"#0000ff\"/>"))
    #expect(text.contains("&lt;I&gt;"))
    let picture = drawing.picture(scale: 2)
    #expect(picture.width == 40 && picture.height == 20)
    #expect(picture[8, 8].0 == 255 && abs(Int(picture[8, 8].1) - 128) < 3)
    #expect(picture[10, 28] == (0, 0, 255))
    #expect(picture[18, 1] == (0, 0, 0) && picture[1, 1] == (255, 255, 255))
  }

  @Test func `gray numbers survive a PNG file`() throws {
    let values = (0..<256).map { UInt8($0) }
    let bytes = try PNG.encode(gray: values, height: 8, width: 32)
    let picture = try PNG.decode(bytes, name: "gray")
    #expect(picture.pixels == values.flatMap { [$0, $0, $0] })
    #expect(picture.height == 8 && bytes[25] == 0)
  }

  @Test func `a drawing that is too wide for a picture is shown smaller`() {
    let name = String(repeating: "M", count: 9000)
    var drawing = Drawing(width: TextStyle(size: 12).width(of: name), height: 40)
    drawing.text(name, at: (0, 20), size: 12)
    let picture = drawing.picture(scale: 2)
    #expect(picture.width == 32_000 && picture.height >= 1)
    #expect(drawing.pdf(title: "wide").starts(with: Array("%PDF-".utf8)))
  }
}
