import Testing
import XAIImages

@Suite("Colour maps")
struct ColorMapTests {
  @Test("a map meets its stops and mixes evenly between them")
  func stops() {
    let map = ColorMap([RGBColor(0, 100, 200), RGBColor(100, 100, 100), RGBColor(255, 0, 0)])
    #expect(map.color(at: 0) == RGBColor(0, 100, 200))
    #expect(map.color(at: 0.25) == RGBColor(50, 100, 150))
    #expect(map.color(at: 0.5) == RGBColor(100, 100, 100))
    #expect(map.color(at: 1) == RGBColor(255, 0, 0))
  }

  @Test("numbers beyond the ends take the end's colour, and NaN is gray")
  func beyond() {
    #expect(ColorMap.blues.color(at: -.infinity) == ColorMap.blues.color(at: 0))
    #expect(ColorMap.blues.color(at: 7) == ColorMap.blues.color(at: 1))
    #expect(ColorMap.blues.color(at: .nan) == .gray)
  }

  @Test("the sequential map darkens steadily, so that more looks like more")
  func darkens() {
    let lights = (0...100).map { step in
      let color = ColorMap.blues.color(at: Double(step) / 100)
      return 299 * Int(color.red) + 587 * Int(color.green) + 114 * Int(color.blue)
    }
    for (lighter, darker) in zip(lights, lights.dropFirst()) { #expect(lighter > darker) }
    #expect(ColorMap.blues.color(at: 0).readable == .black)
    #expect(ColorMap.blues.color(at: 1).readable == .white)
  }

  @Test("zero is white in the diverging map")
  func diverging() {
    let image = ColorMap.redWhiteGreen.image(
      of: [-2, 0, 2, 1], height: 2, width: 2, range: -2...2)
    #expect(image.pixels == [255, 0, 0, 255, 255, 255, 0, 128, 0, 128, 192, 128])
  }

  @Test("an empty range paints the first colour")
  func emptyRange() {
    let image = ColorMap.grays.image(of: [3, 3], height: 1, width: 2, range: 3...3)
    #expect(image.pixels == [0, 0, 0, 0, 0, 0])
  }
}
