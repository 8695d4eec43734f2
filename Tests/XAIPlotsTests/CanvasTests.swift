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

  @Test("text is drawn in the built-in letters, and an unknown one as a box")
  func text() {
    var canvas = Canvas(height: 9, width: 17)
    canvas.text("Ag\u{E9}", x: 0, y: 0)
    #expect(
      drawing(canvas) == """
        .###........#####
        #...#.......#...#
        #...#..####.#...#
        #####.#...#.#...#
        #...#.#...#.#...#
        #...#.#...#.#...#
        #...#..####.#####
        ..........#......
        .......###.......
        """)
  }

  @Test("upward text is rightward text turned counterclockwise")
  func upward() {
    let (width, height) = Canvas.size(of: "To 7\ny", scale: 2)
    var rightward = Canvas(height: height, width: width)
    rightward.text("To 7\ny", x: 0, y: 0, scale: 2)
    var upward = Canvas(height: width, width: height)
    upward.text("To 7\ny", x: 0, y: 0, scale: 2, direction: .upward)
    var same = 0
    for row in 0..<height {
      for column in 0..<width
      where values(rightward.image[row, column]) == values(upward.image[width - 1 - column, row]) {
        same += 1
      }
    }
    #expect(same == width * height)
    #expect(drawing(rightward).contains("#"))
  }

  @Test("the extents of text hold all of it and no more")
  func extents() {
    #expect(Canvas.size(of: "abc") == (17, 9))
    #expect(Canvas.size(of: "a\nbcd", scale: 2) == (34, 38))
    #expect(Canvas.size(of: "").width == 0)
  }

  @Test("every printable ASCII letter looks different from all others")
  func letters() {
    let letters = (0x20..<0x7F).compactMap { UnicodeScalar($0).map { String(Character($0)) } }
    let pictures = letters.map { letter in
      var canvas = Canvas(height: 9, width: 5)
      canvas.text(letter, x: 0, y: 0)
      return drawing(canvas)
    }
    #expect(letters.count == 95)
    #expect(Set(pictures).count == 95)
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
