import Testing
import XAIImages
import XAIPlots

@Suite("Canvas")
struct CanvasTests {
  @Test("a rectangle fills exactly its pixels, and what lies outside is cut off")
  func fill() {
    var canvas = Canvas(height: 6, width: 8)
    canvas.fill(x: 6, y: -1, width: 5, height: 3, color: .black)
    canvas.fill(x: 20, y: 20, width: 4, height: 4, color: .black)
    canvas.fill(x: 2, y: 2, width: -3, height: 2, color: .black)
    #expect(
      drawing(canvas) == """
        ......##
        ......##
        ........
        ........
        ........
        ........
        """)
  }

  @Test("an outline runs inside of its rectangle")
  func outline() {
    var canvas = Canvas(height: 4, width: 5)
    canvas.outline(x: 0, y: 0, width: 5, height: 4, color: .black)
    #expect(
      drawing(canvas) == """
        #####
        #...#
        #...#
        #####
        """)
  }

  @Test("a line joins its ends in either direction and beyond the border")
  func line() {
    var canvas = Canvas(height: 3, width: 7)
    canvas.line(from: (0, 0), to: (6, 2), color: .black)
    var reversed = Canvas(height: 3, width: 7)
    reversed.line(from: (3, -3), to: (3, 9), color: .black)
    #expect(
      drawing(canvas) == """
        ##.....
        ..###..
        .....##
        """)
    #expect(drawing(reversed) == "...#...\n...#...\n...#...")
  }

  @Test("a picture is enlarged without smoothing")
  func enlarged() {
    let picture = RGBImage(height: 1, width: 2, pixels: [255, 0, 0, 0, 0, 255])
    var canvas = Canvas(height: 4, width: 8)
    canvas.draw(picture, x: 1, y: 1, scale: 3)
    for (column, expected) in [(0, [255, 255, 255]), (1, [255, 0, 0]), (3, [255, 0, 0])] {
      #expect(values(canvas.image[1, column]) == expected)
    }
    for (column, expected) in [(4, [0, 0, 255]), (6, [0, 0, 255]), (7, [255, 255, 255])] {
      #expect(values(canvas.image[3, column]) == expected)
    }
    #expect(values(canvas.image[0, 2]) == [255, 255, 255])
  }

  /// Where something else than white is: the first and the last row and column.
  private func extents(_ canvas: Canvas) -> [Int]? {
    var found: (rows: [Int], columns: [Int]) = ([], [])
    for row in 0..<canvas.image.height {
      for column in 0..<canvas.image.width where canvas.image[row, column] != (255, 255, 255) {
        found.rows.append(row)
        found.columns.append(column)
      }
    }
    guard let top = found.rows.min(), let bottom = found.rows.max() else { return nil }
    return [top, bottom, found.columns.min() ?? 0, found.columns.max() ?? 0]
  }

  @Test("the extents of text hold all of it, and not much more")
  func textExtents() throws {
    for (text, bold) in [
      ("To 7", false), ("Hagy", true), ("a\nbcd", false), ("\u{C4}\u{3B1}", false),
    ] {
      let style = TextStyle(size: 20, isBold: bold)
      let size = Canvas.size(of: text, style)
      var canvas = Canvas(height: size.height + 40, width: size.width + 40)
      canvas.text(text, x: 20, y: 20, style)
      let found = try #require(extents(canvas))
      #expect(found[0] >= 16 && found[1] <= 20 + size.height, "\(text): \(found)")
      #expect(found[2] >= 19 && found[3] <= 20 + size.width, "\(text): \(found)")
      #expect(found[3] - found[2] > size.width / 2 && found[1] - found[0] > size.height / 2)
    }
    #expect(Canvas.size(of: "", TextStyle(size: 20)).width == 0)
  }

  @Test("letters are smooth, and twice the size has four times the ink")
  func ink() {
    func ink(_ size: Double) -> Double {
      var canvas = Canvas(height: 100, width: 400)
      canvas.text("Explanations", x: 4, y: 4, TextStyle(size: size))
      return canvas.image.pixels.reduce(0) { $0 + Double(255 - $1) }
    }
    #expect(abs(ink(40) / ink(20) - 4) < 0.1)
  }

  @Test("upward text is rightward text turned counterclockwise")
  func upward() throws {
    let style = TextStyle(size: 18)
    let (width, height) = Canvas.size(of: "To 7\ny", style)
    var rightward = Canvas(height: height + 8, width: width + 8)
    rightward.text("To 7\ny", x: 4, y: 4, style)
    var upward = Canvas(height: width + 8, width: height + 8)
    upward.text("To 7\ny", x: 4, y: 4, style, direction: .upward)
    var difference = 0.0
    for row in 0..<height + 8 {
      for column in 0..<width + 8 {
        let (left, right) = (rightward.image[row, column], upward.image[width + 7 - column, row])
        difference += abs(Double(left.0) - Double(right.0))
      }
    }
    let ink = rightward.image.pixels.reduce(0) { $0 + Double(255 - $1) } / 3
    #expect(ink > 1000 && difference < 0.02 * ink)
  }

  @Test("text outside of the canvas is cut off, and what lies below is seen between letters")
  func background() {
    var canvas = Canvas(height: 30, width: 30, background: RGBColor(200, 220, 240))
    canvas.text("WWWWWW", x: -40, y: 4, TextStyle(size: 20))
    canvas.text("far", x: 500, y: 4, TextStyle(size: 20))
    #expect(canvas.image[0, 0] == (200, 220, 240))
    #expect(canvas.image.pixels.contains { $0 < 60 })
  }

  private func values(_ pixel: (UInt8, UInt8, UInt8)) -> [Int] {
    [Int(pixel.0), Int(pixel.1), Int(pixel.2)]
  }

  /// White as a point, anything else as a hash.
  private func drawing(_ canvas: Canvas) -> String {
    (0..<canvas.image.height).map { row in
      (0..<canvas.image.width).map { canvas.image[row, $0] == (255, 255, 255) ? "." : "#" }.joined()
    }.joined(separator: "\n")
  }
}
