import Testing
import XAIImages

@Suite("Encoding")
struct EncodingTests {
  @Test(
    "PNG keeps every value",
    arguments: [(1, 1), (1, 200), (200, 1), (37, 29), (64, 64), (300, 301)])
  func png(height: Int, width: Int) throws {
    for image in [
      gradient(height: height, width: width), noise(height: height, width: width, seed: 3),
    ] {
      let bytes = try PNG.encode(image)
      #expect(try RGBImage(bytes: bytes, name: "png") == image)
    }
  }

  @Test("the size of an incompressible PNG stays close to its pixels")
  func incompressible() throws {
    let image = noise(height: 512, width: 512, seed: 4)
    let bytes = try PNG.encode(image)
    #expect(bytes.count < image.pixels.count * 101 / 100)
  }

  @Test("JPEG at the highest quality is close", arguments: [(1, 1), (17, 5), (63, 61), (64, 64)])
  func jpeg(height: Int, width: Int) throws {
    let image = gradient(height: height, width: width)
    let decoded = try RGBImage(bytes: JPEG.encode(image, quality: 100), name: "jpeg")
    let difference = try #require(largestDifference(decoded, image))
    #expect(difference <= 4)
  }

  @Test("a lower quality gives a smaller JPEG file and a larger error")
  func quality() throws {
    let image = noise(height: 64, width: 64, seed: 5)
    var sizes: [Int] = []
    var errors: [Int] = []
    for quality in [100, 80, 30, 1] {
      let bytes = try JPEG.encode(image, quality: quality)
      let decoded = try JPEG.decode(bytes, name: "jpeg")
      sizes.append(bytes.count)
      errors.append(zip(decoded.pixels, image.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) })
    }
    #expect(sizes == sizes.sorted(by: >))
    #expect(errors == errors.sorted())
    #expect(Set(sizes).count == 4)
  }

  @Test("encoding is deterministic")
  func deterministic() throws {
    let image = noise(height: 40, width: 50, seed: 6)
    #expect(try JPEG.encode(image) == JPEG.encode(image))
    #expect(try PNG.encode(image) == PNG.encode(image))
  }

  @Test("the default JPEG quality keeps colour edges at full resolution")
  func fullChroma() throws {
    var image = RGBImage(height: 16, width: 16, repeating: (128, 128, 128))
    for row in 0..<16 {
      for column in stride(from: 0, to: 16, by: 2) { image[row, column] = (228, 78, 128) }
    }
    let decoded = try JPEG.decode(JPEG.encode(image), name: "stripes")
    let difference = try #require(largestDifference(decoded, image))
    #expect(difference < 40)
  }

  @Test("a picture wider than JPEG allows is refused with a sentence")
  func tooWide() throws {
    let image = RGBImage(height: 1, width: 70_000, repeating: (0, 0, 0))
    let failure = try #require(throws: ImageFailure.self) { try JPEG.encode(image) }
    #expect(failure.description.contains("70000 x 1 pixels as JPEG"))
  }
}
