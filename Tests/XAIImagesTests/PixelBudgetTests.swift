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

  @Test func `a picture of 179 megapixels is decoded whole, a larger one in part if that will do`()
    throws
  {
    func denominator(_ height: Int, _ width: Int, _ fitting: ImageFitting?) throws -> Int {
      try PixelBudget.denominator(
        height: height, width: width, bytes: 1 << 27, name: "a.jpg", for: fitting)
    }
    let small = ImageFitting(height: 224, width: 224, shorterSide: 256)
    #expect(try denominator(10_000, 17_895, nil) == 1)
    #expect(try denominator(20_000, 20_000, small) == 2)
    #expect(try denominator(60_000, 40_000, small) == 4)
    #expect(try denominator(65_500, 65_500, small) == 8)
    let large = ImageFitting(height: 12_000, width: 12_000)
    for fitting in [nil, large] {
      let failure = #expect(throws: ImageFailure.self) { try denominator(20_000, 20_000, fitting) }
      #expect(failure?.description.contains("expected a picture of 1 to 178956970 pixels") == true)
    }
  }
}
