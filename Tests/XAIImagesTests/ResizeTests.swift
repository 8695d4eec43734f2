import Testing
import XAIImages

@Suite("Resizing")
struct ResizeTests {
  @Test(
    "the pixels equal Pillow's antialiased bilinear filter",
    arguments: [(16, 16, 0), (64, 64, 0), (37, 11, 0), (50, 3, 0), (7, 40, 1), (19, 23, 1)])
  func pillow(height: Int, width: Int, tolerance: Int) throws {
    let photo = try RGBImage(contentsOf: Fixture.path("rgb.png"))
    let noise = try Fixture.image("source.noise", in: "resized.safetensors")
    for (name, source) in [("rgb", photo), ("noise", noise)] {
      let resized = source.resized(toHeight: height, width: width)
      let expected = try Fixture.image("\(name).\(height)x\(width)", in: "resized.safetensors")
      let difference = try #require(largestDifference(resized, expected))
      #expect(difference <= tolerance)
    }
  }

  @Test("one colour stays one colour at any size")
  func constant() {
    let image = RGBImage(height: 13, width: 17, repeating: (255, 1, 77))
    for (height, width) in [(1, 1), (5, 40), (64, 64), (200, 3)] {
      #expect(
        image.resized(toHeight: height, width: width)
          == RGBImage(height: height, width: width, repeating: (255, 1, 77)))
    }
  }

  @Test("the same size is the same picture")
  func identity() {
    let image = noise(height: 21, width: 34, seed: 7)
    #expect(image.resized(toHeight: 21, width: 34) == image)
  }
}
