import Testing
import XAIImages
import XAITensor

@Suite struct HeatmapTests {
  private let map = Tensor(shape: [2, 1, 4], [1, -3, 0, 0.5, 1, -1, 0, -1.5])

  @Test func `channels are summed and divided by the largest magnitude`() {
    let heatmap = Heatmap(map)
    #expect(heatmap.height == 1 && heatmap.width == 4)
    #expect(heatmap.scale == 4)
    #expect(heatmap.values == [0.5, -1, 0, -0.25])
  }

  @Test(arguments: [
    (MapSign.positive, [1, 0, 0, 0], 2.0), (.negative, [0, -1, 0, -0.25], 4),
    (.absolute, [0.5, 1, 0, 0.25], 4),
  ])
  func `a sign is chosen before the division`(sign: MapSign, values: [Double], scale: Double) {
    let heatmap = Heatmap(map, sign: sign)
    #expect(heatmap.values == values)
    #expect(heatmap.scale == scale)
  }

  @Test(arguments: MapSign.allCases)
  func `a map of zeros is white, not NaN`(sign: MapSign) {
    let heatmap = Heatmap(Tensor(shape: [3, 2, 2]), sign: sign)
    #expect(heatmap.scale == 0 && heatmap.values == [0, 0, 0, 0])
    #expect(heatmap.picture == RGBImage(height: 2, width: 2, repeating: (255, 255, 255)))
  }

  @Test func `a constant map has one full colour`() {
    #expect(
      Heatmap(Tensor(shape: [1, 2, 2], repeating: 1e-30)).picture
        == RGBImage(height: 2, width: 2, repeating: (0, 128, 0)))
    #expect(
      Heatmap(Tensor(shape: [1, 2, 2], repeating: -7)).picture
        == RGBImage(height: 2, width: 2, repeating: (255, 0, 0)))
  }

  @Test func `what is no number is gray and disturbs nothing else`() {
    let heatmap = Heatmap(Tensor(shape: [1, 1, 3], [.nan, .infinity, 2]))
    #expect(heatmap.scale == 2 && heatmap.values[2] == 1)
    #expect(heatmap.picture.pixels.prefix(6).allSatisfy { $0 == 128 })
  }

  @Test func `an overlay shows the image in gray where there is no relevance`() {
    let image = RGBImage(height: 1, width: 4, repeating: (255, 0, 0))
    let overlay = Heatmap(map).overlay(on: image)
    let (red, green, blue) = overlay[0, 2]
    #expect(red == green && green == blue)
    let strongest = overlay[0, 1]
    #expect(strongest.0 > 200 && strongest.1 < 30 && strongest.2 < 30)
  }

  @Test func `each pixel becomes a square`() {
    let image = RGBImage(height: 1, width: 2, pixels: [1, 2, 3, 4, 5, 6])
    let large = image.enlarged(by: 3)
    #expect(large.height == 3 && large.width == 6)
    for row in 0..<3 {
      for column in 0..<6 {
        let same = large[row, column] == image[0, column / 3]
        #expect(same)
      }
    }
  }
}
