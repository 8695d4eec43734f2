import Testing
import XAIImages

@Suite("Resizing")
struct ResizeTests {
  @Test(
    "the pixels equal Pillow's antialiased bilinear filter",
    arguments: [(16, 16), (64, 64), (7, 40), (37, 11), (1, 1), (19, 23), (50, 3)])
  func pillow(height: Int, width: Int) throws {
    let photo = try RGBImage(contentsOf: Fixture.path("rgb.png"))
    let noise = try Fixture.image("source.noise", in: "resized.safetensors")
    for (name, source) in [("rgb", photo), ("noise", noise)] {
      let resized = source.resized(toHeight: height, width: width)
      let expected = try Fixture.image("\(name).\(height)x\(width)", in: "resized.safetensors")
      #expect(resized == expected)
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
