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
        == RGBImage(height: 2, width: 2, repeating: (5, 85, 160)))
    #expect(
      Heatmap(Tensor(shape: [1, 2, 2], repeating: -7)).picture
        == RGBImage(height: 2, width: 2, repeating: (179, 88, 6)))
    let red = Heatmap(Tensor(shape: [1, 2, 2], repeating: -7)).picture(in: .signed(.redGreen))
    #expect(red == RGBImage(height: 2, width: 2, repeating: (255, 0, 0)))
  }

  @Test func `what is no number is gray and disturbs nothing else`() {
    let heatmap = Heatmap(Tensor(shape: [1, 1, 3], [.nan, .infinity, 2]))
    #expect(heatmap.scale == 2 && heatmap.values[2] == 1)
    #expect(heatmap.picture.pixels.prefix(6).allSatisfy { $0 == 128 })
  }

  @Test func `an overlay shows the image in its colors where there is no relevance`() {
    let image = RGBImage(height: 1, width: 4, repeating: (255, 0, 0))
    let overlay = Heatmap(map).overlay(on: image, in: .signed(.redGreen))
    #expect(overlay[0, 2] == (255, 51, 51))
    let strongest = overlay[0, 1]
    #expect(strongest.0 > 200 && strongest.1 < 30 && strongest.2 < 30)
  }

  @Test func `amounts have one hue, and what is below zero is nothing`() {
    let picture = Heatmap(map).picture(in: .magnitude)
    #expect(picture[0, 1] == (255, 255, 255) && picture[0, 2] == (255, 255, 255))
    #expect(picture[0, 0] != (255, 255, 255))
    let neutral = Heatmap(Tensor(shape: [1, 1, 2], [-1, 1])).picture(in: .neutral)
    #expect(neutral[0, 0] == neutral[0, 1])
  }

  /// Captum 0.9, `_cumulative_sum_threshold` of the magnitudes.
  @Test(arguments: [(0.02, 40.0), (0.3, 40), (0.45, 30), (0, 40), (0.5, 30), (0.75, 20)])
  func `clipping divides by the magnitude at which the others hold the rest of the mass`(
    clip: Double, scale: Double
  ) {
    let heatmap = Heatmap(Tensor(shape: [1, 1, 4], [10, -40, 20, 30]), clip: clip)
    #expect(heatmap.scale == scale)
    #expect(heatmap.values == [10, -40, 20, 30].map { min(max($0 / scale, -1), 1) })
    #expect(Heatmap(Tensor(shape: [1, 2, 2]), clip: clip).values == [0, 0, 0, 0])
  }

  @Test func `squares of an enlarged map become slopes between their centers`() {
    let coarse = Tensor(
      shape: [1, 2, 4], [0, 0, 1, 1, 0, 0, 1, 1])
    #expect(Heatmap(coarse).smoothed().values == [0, 0.25, 0.75, 1, 0, 0.25, 0.75, 1])
    let fine = Heatmap(Tensor(shape: [1, 2, 2], [1, 2, 3, 4]))
    #expect(fine.smoothed().values == fine.values)
    let constant = Heatmap(Tensor(shape: [1, 4, 4], repeating: 2)).smoothed()
    #expect(constant.values == Array(repeating: 1, count: 16) && constant.scale == 2)
  }

  @Test func `a resized map keeps its mean and its edges`() {
    let map = Heatmap(Tensor(shape: [1, 2, 2], [0, 1, 0, 1])).resized(toHeight: 4, width: 8)
    #expect(map.height == 4 && map.width == 8)
    #expect(map.values[0] == 0 && map.values[7] == 1)
    #expect(abs(map.values.reduce(0, +) / 32 - 0.5) < 1e-12)
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
