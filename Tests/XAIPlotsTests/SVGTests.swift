import Testing
import XAIPlots

@Suite struct SVGTests {
  @Test(arguments: [
    (1.0, "1"), (0.5, "0.5"), (1.005, "1"), (-0.001, "0"), (10, "10"), (-2.25, "-2.25"),
    (100.126, "100.13"),
  ])
  func `a coordinate has at most two digits and none too many`(value: Double, expected: String) {
    #expect(SVG.number(value) == expected)
  }

  @Test func `every mark is one element in its order`() {
    var svg = SVG(width: 20, height: 10)
    svg.line(from: (0, 1), to: (2, 3), color: "#000000", width: 1.5, dashes: "2 4")
    svg.polyline([(0, 0), (1, 1), (2, 0)], color: "#111111", dashes: nil)
    svg.square(at: (5, 5), side: 2, color: "#222222")
    svg.text("words", at: (3, 4), size: 12, anchor: .end, isBold: true, isVertical: true)
    let lines = svg.element(title: "t", description: "d").split(separator: "\n").map(String.init)
    #expect(lines[0].contains("width=\"20\" height=\"10\" viewBox=\"0 0 20 10\" role=\"img\""))
    #expect(
      lines[1...3] == [
        "<title>t</title>", "<desc>d</desc>", "<rect width=\"20\" height=\"10\" fill=\"#ffffff\"/>",
      ])
    #expect(
      lines[4...] == [
        "<line x1=\"0\" y1=\"1\" x2=\"2\" y2=\"3\" stroke=\"#000000\" stroke-width=\"1.5\" "
          + "stroke-dasharray=\"2 4\"/>",
        "<polyline points=\"0,0 1,1 2,0\" fill=\"none\" stroke=\"#111111\" stroke-width=\"2\" "
          + "stroke-linejoin=\"round\" stroke-linecap=\"round\"/>",
        "<rect x=\"4\" y=\"4\" width=\"2\" height=\"2\" fill=\"#222222\"/>",
        "<text x=\"3\" y=\"4\" font-size=\"12\" fill=\"#333333\" text-anchor=\"end\" "
          + "font-weight=\"bold\" transform=\"rotate(-90 3 4)\">words</text>",
        "</svg>",
      ])
    #expect(
      svg.document(title: "t", description: "d").hasPrefix(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg "))
  }
}
