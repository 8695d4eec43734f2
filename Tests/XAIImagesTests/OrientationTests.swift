import Testing
import XAIFiles
import XAIImages

/// Orientations in every form that files state them in.
@Suite struct OrientationTests {
  @Test func `a PNG file is turned as its eXIf chunk says`() throws {
    let read = try DecodedImage(contentsOf: Fixture.path("exif6.png"))
    #expect(try read.image == Fixture.image("exif6.png", in: "upright.safetensors"))
    #expect((read.storedHeight, read.storedWidth) == (read.image.height, read.image.width))
  }

  /// A TIFF structure of one entry, by the definition of TIFF 6.0.
  private func exif(_ value: UInt8, type: UInt8, isLittle: Bool) -> [UInt8] {
    func number(_ value: UInt8, _ width: Int) -> [UInt8] {
      let digits = [UInt8](repeating: 0, count: width - 1) + [value]
      return isLittle ? digits.reversed() : digits
    }
    let widths: [UInt8: Int] = [1: 1, 3: 2, 4: 4]
    let width = widths[type] ?? 4
    let tag: [UInt8] = isLittle ? [0x12, 0x01] : [0x01, 0x12]
    return (isLittle ? [0x49, 0x49] : [0x4D, 0x4D]) + number(42, 2) + number(8, 4) + number(1, 2)
      + tag + number(type, 2) + number(1, 4) + number(value, width)
      + [UInt8](repeating: 0, count: 4 - width) + number(0, 4)
  }

  /// The stored pixel that is seen in the upper left corner, for each orientation (Exif 2.3, 4.6.4 A).
  static let corners: [(UInt8, row: Int, column: Int)] = [
    (1, 0, 0), (2, 0, 2), (3, 1, 2), (4, 1, 0), (5, 0, 0), (6, 1, 0), (7, 1, 2), (8, 0, 2),
  ]

  @Test(
    arguments: corners,
    [(1, true), (3, true), (3, false), (4, true), (4, false)] as [(UInt8, Bool)])
  func `every type of number, in either order of bytes, turns a PNG file`(
    _ corner: (value: UInt8, row: Int, column: Int), _ form: (type: UInt8, isLittle: Bool)
  ) throws {
    let stored = noise(height: 2, width: 3, seed: 5)
    var bytes = try PNG.encode(stored)
    // After the header: signature of 8 bytes, chunk of 25.
    bytes.insert(
      contentsOf: chunk(exif(corner.value, type: form.type, isLittle: form.isLittle)), at: 33)
    let seen = try PNG.decode(bytes, name: "turned.png")
    #expect((seen.height, seen.width) == (corner.value < 5 ? (2, 3) : (3, 2)))
    #expect(seen[0, 0] == stored[corner.row, corner.column])
  }

  @Test(arguments: [(1, true), (3, false), (4, true), (4, false)] as [(UInt8, Bool)])
  func `every type of number turns a JPEG file`(_ form: (type: UInt8, isLittle: Bool)) throws {
    let bytes = try Fixture.bytes("rgb_444.jpg")
    let stored = try JPEG.decode(bytes, name: "plain.jpg")
    let content = Array("Exif\0\0".utf8) + exif(3, type: form.type, isLittle: form.isLittle)
    let segment = [0xFF, 0xE1, 0, UInt8(content.count + 2)] + content
    let seen = try JPEG.decode(bytes[..<2] + segment + bytes[2...], name: "turned.jpg")
    #expect(seen[0, 0] == stored[stored.height - 1, stored.width - 1])
  }

  /// By the definition of Exif 2.3: what the stored picture's row 0 and column 0 are to the viewer.
  @Test(arguments: 1...8 as ClosedRange<UInt8>, [(5, 7), (6, 4), (1, 9), (9, 1), (8, 8), (13, 70)])
  func `every pixel goes where the orientation says`(
    value: UInt8, _ size: (rows: Int, columns: Int)
  ) throws {
    let stored = noise(height: size.rows, width: size.columns, seed: 7)
    var bytes = try PNG.encode(stored)
    bytes.insert(contentsOf: chunk(exif(value, type: 3, isLittle: true)), at: 33)
    let seen = try PNG.decode(bytes, name: "turned.png")
    for row in 0..<size.rows {
      for column in 0..<size.columns {
        let isFromBottom = [3, 4, 7, 8].contains(value)
        let isFromRight = [2, 3, 6, 7].contains(value)
        let place: (Int, Int)
        if value < 5 {
          place = (
            isFromBottom ? size.rows - 1 - row : row,
            isFromRight ? size.columns - 1 - column : column
          )
        } else {
          place = (
            isFromBottom ? size.columns - 1 - column : column,
            isFromRight ? size.rows - 1 - row : row
          )
        }
        #expect(seen[place.0, place.1] == stored[row, column])
      }
    }
  }

  @Test func `damaged orientations leave a PNG file as it is stored`() throws {
    let stored = noise(height: 2, width: 3, seed: 5)
    let whole = exif(6, type: 3, isLittle: true)
    for content in [
      [], Array(whole.prefix(12)), exif(9, type: 3, isLittle: true),
      exif(6, type: 12, isLittle: true),
    ] {
      var bytes = try PNG.encode(stored)
      bytes.insert(contentsOf: chunk(content), at: 33)
      #expect(try PNG.decode(bytes, name: "odd.png") == stored)
    }
  }

  /// An eXIf chunk; its checksum is not looked at, as no pixel depends on it.
  private func chunk(_ content: [UInt8]) -> [UInt8] {
    [0, 0, 0, UInt8(content.count)] + Array("eXIf".utf8) + content + [0, 0, 0, 0]
  }
}
