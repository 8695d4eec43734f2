import Testing
import XAIImages

@Suite struct ImageFittingTests {
  /// Fixtures are named by source, size that comes out, and shorter side (0 for none).
  static let cases = [
    "rgb.16x12.0", "rgb.8x9.16", "rgb.13x13.13", "rgb.10x40.24", "noise.24x30.0", "noise.18x11.29",
    "noise.13x13.13", "wide.20x20.17", "wide.31x29.29",
  ]

  /// Bilinear pixels may differ by one level where Pillow begins with the columns.
  @Test(arguments: cases, ImageFitting.Interpolation.allCases)
  func `pixels are those of Pillow and torchvision`(
    _ name: String, _ interpolation: ImageFitting.Interpolation
  ) throws {
    let expected = try Fixture.image(
      "\(name).\(interpolation.rawValue)", in: "fitted.safetensors")
    let parts = name.split(separator: ".")
    let shorterSide = try #require(Int(parts[2]))
    let fitting = ImageFitting(
      height: expected.height, width: expected.width,
      shorterSide: shorterSide == 0 ? nil : shorterSide, interpolation: interpolation)
    let fitted = try source(parts[0]).fitted(fitting)
    let difference = try #require(largestDifference(fitted, expected))
    #expect(difference <= (interpolation == .nearest ? 0 : 1))
  }

  private func source(_ name: Substring) throws -> RGBImage {
    if name == "noise" { return try Fixture.image("source.noise", in: "resized.safetensors") }
    let photo = try RGBImage(contentsOf: Fixture.path("rgb.png"))
    guard name == "wide" else { return photo }
    // A quarter turn to the left, as Pillow's ROTATE_90.
    var turned = RGBImage(height: photo.width, width: photo.height, repeating: (0, 0, 0))
    for row in 0..<turned.height {
      for column in 0..<turned.width {
        turned[row, column] = photo[column, photo.width - 1 - row]
      }
    }
    return turned
  }

  /// By hand: 7 rows and 4 columns become 10 (truncated from 10.5) and 6; 5 rows begin at 2, as 2.5
  /// rounds to even.
  @Test func `sizes are truncated and the middle begins at the even half`() {
    let fitting = ImageFitting(height: 5, width: 3, shorterSide: 6)
    let tall = fitting.placement(ofHeight: 7, width: 4)
    #expect((tall.height, tall.width, tall.top, tall.left) == (10, 6, 2, 2))
    let wide = fitting.placement(ofHeight: 6, width: 9)
    #expect((wide.height, wide.width, wide.top, wide.left) == (6, 9, 0, 3))
  }

  @Test func `what a small picture does not reach is black, less of it before than after`() {
    let white = RGBImage(height: 4, width: 4, repeating: (255, 255, 255))
    let fitted = white.fitted(ImageFitting(height: 5, width: 7, shorterSide: 4))
    for row in 0..<5 {
      for column in 0..<7 {
        let isInside = row < 4 && 1..<5 ~= column
        #expect(fitted[row, column] == (isInside ? (255, 255, 255) : (0, 0, 0)))
      }
    }
  }

  /// By hand: columns 7,679,888 to 7,680,111 of 15,360,000 are kept; pixel 30,000 begins at 7,680,000.
  @Test(arguments: ImageFitting.Interpolation.allCases)
  func `of a strip that would become a billion pixels only the middle is made`(
    _ interpolation: ImageFitting.Interpolation
  ) {
    var strip = RGBImage(height: 1, width: 60_000, repeating: (0, 0, 0))
    strip[0, 30_000] = (250, 250, 250)
    let fitted = strip.fitted(
      ImageFitting(height: 224, width: 224, shorterSide: 256, interpolation: interpolation))
    #expect((fitted.height, fitted.width) == (224, 224))
    let reds = (0..<224).map { Int(fitted[100, $0].0) }
    if interpolation == .nearest {
      #expect(reds == (0..<224).map { $0 < 112 ? 0 : 250 })
    } else {
      #expect(reds == reds.sorted() && reds[0] < 60 && 110...145 ~= reds[112] && reds[223] > 200)
    }
  }

  @Test(arguments: ImageFitting.Interpolation.allCases)
  func `a picture of the wanted size is the same picture`(
    _ interpolation: ImageFitting.Interpolation
  ) {
    let image = noise(height: 21, width: 34, seed: 7)
    let fitting = ImageFitting(
      height: 21, width: 34, shorterSide: 21, interpolation: interpolation)
    #expect(image.fitted(fitting) == image)
  }
}
