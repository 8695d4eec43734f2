import Testing
import XAIImages
import XAITensor

@Suite struct PixelBudgetTests {
  @Test func `an empty page of one bit a pixel is read`() throws {
    let page = try RGBImage(contentsOf: Fixture.path("bil300.png"))
    #expect((page.height, page.width) == (3508, 2480))
    #expect(page.pixels.allSatisfy { $0 == 255 })
  }

  /// By hand: deflate shrinks 1032 times at most, so 10,000 bytes hold 82,560,000 bits.
  @Test(arguments: [(1, 9_000, 9_100), (8, 3_000, 3_300), (16, 2_200, 2_300)])
  func `how many pixels bytes can hold depends on the bits of a pixel`(
    bits: Int, possible: Int, impossible: Int
  ) {
    #expect(throws: Never.self) {
      try PixelBudget.check(
        height: possible, width: possible, bits: bits, bytes: 10_000, name: "a.png")
    }
    let failure = #expect(throws: ImageFailure.self) {
      try PixelBudget.check(
        height: impossible, width: impossible, bits: bits, bytes: 10_000, name: "a.png")
    }
    #expect(failure?.kind == .badData)
  }

  private func denominator(_ height: Int, _ width: Int, _ fitting: ImageFitting?) throws -> Int {
    try PixelBudget.denominator(
      height: height, width: width, bytes: 1 << 27, name: "a.jpg", for: fitting)
  }

  @Test func `a large picture is decoded in part where that will do, else whole if there is room`()
    throws
  {
    let small = ImageFitting(height: 224, width: 224, shorterSide: 256)
    let square = ImageFitting(height: 64, width: 64)
    // A photograph of 89 megapixels keeps the pixels that Pillow would give.
    #expect(try denominator(8_000, 11_000, small) == 1)
    #expect(try denominator(10_000, 17_800, square) == 2)
    #expect(try denominator(10_000, 17_895, nil) == 1)
    #expect(try denominator(20_000, 20_000, small) == 4)
    #expect(try denominator(60_000, 40_000, small) == 8)
    #expect(try denominator(65_500, 65_500, small) == 8)
    let large = ImageFitting(height: 12_000, width: 12_000)
    #expect(try denominator(13_000, 13_000, large) == 1)
    // At half of its extents it does not fit comfortably, but a quarter is too little.
    let half = ImageFitting(height: 9_000, width: 9_000)
    #expect(try denominator(20_000, 20_000, half) == 2)
    for fitting in [nil, large] {
      let failure = #expect(throws: ImageFailure.self) { try denominator(20_000, 20_000, fitting) }
      #expect(failure?.description.contains("expected a picture of 1 to 178956970 pixels") == true)
    }
  }

  /// The header's extents decide about progressive files' memory, and nothing else about them.
  @Test(arguments: [(40_000, 40_000), (65_500, 65_500), (65_500, 20_000)])
  func `what a progressive file claims takes no more memory than is allowed`(
    height: Int, width: Int
  ) throws {
    var bytes = try Fixture.bytes("rgb_422_progressive.jpg")
    let frame = try #require(
      bytes.indices.dropLast(9).first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC2 })
    bytes.replaceSubrange(
      frame + 5..<frame + 9,
      with: [height >> 8, height & 255, width >> 8, width & 255].map { UInt8($0) })
    bytes += [UInt8](repeating: 0, count: height * width / 1000)
    let failure = #expect(throws: ImageFailure.self) {
      try DecodedImage(
        bytes: bytes, name: "claim.jpg", fitting: ImageFitting(height: 64, width: 64))
    }
    #expect(failure?.kind == .badData)
    #expect(
      failure?.description.contains("take more than the 1498764624 bytes that are allowed") == true)
  }

  @Test(arguments: ["progressive.jpg", "rgb_422_progressive.jpg", "ycck.jpg", "exif6.png"])
  func `the extents of a file are known from its header`(name: String) throws {
    let whole = try RGBImage(contentsOf: Fixture.path(name))
    let extents = try #require(try DecodedImage.storedExtents(Fixture.bytes(name)))
    #expect((extents.height, extents.width) == (whole.height, whole.width))
  }

  @Test func `what is no image has no extents`() {
    for bytes in [[], [0xFF, 0xD8], Array("no image".utf8)] as [[UInt8]] {
      let height = DecodedImage.storedExtents(bytes)?.height
      #expect(height == nil)
    }
  }
}
