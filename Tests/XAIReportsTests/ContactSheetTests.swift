import Testing
import XAIAttribution
import XAIReports
import XAIImages
import XAITensor

@Suite struct ContactSheetTests {
  private func sheet(_ labels: [String], title: [String] = ["image", "target"]) -> RGBImage {
    let map = Tensor(shape: [1, 16, 16], repeating: 1)
    return ContactSheet(
      of: RGBImage(height: 16, width: 16, repeating: (0, 0, 255)), title: title,
      entries: labels.map { .init($0, all: Heatmap(map), positive: Heatmap(map, sign: .positive)) }
    ).picture
  }

  /// Pixels of a colour.
  private func count(_ color: (UInt8, UInt8, UInt8), in picture: RGBImage) -> Int {
    (0..<picture.height).reduce(0) { sum, row in
      sum + (0..<picture.width).count { picture[row, $0] == color }
    }
  }

  private func isWhite(_ row: Int, _ column: Int, _ picture: RGBImage) -> Bool {
    picture[row, column] == (255, 255, 255)
  }

  @Test(arguments: [1, 3, 7, 8, 9, 15, 33])
  func `the image and every map stand there whole, twice`(number: Int) {
    let picture = sheet((0..<number).map { "method-\($0)" })
    let cell = 192 * 192
    #expect(count((0, 0, 255), in: picture) == 2 * cell)
    // The last column of the legend has the same blue.
    let full = count((5, 85, 160), in: picture)
    #expect(full >= 2 * number * cell && full < 2 * number * cell + 100)
  }

  @Test func `a margin stays empty whatever is written`() {
    let picture = sheet(
      [String(repeating: "long", count: 30), "integrated-gradients-smooth-grad", "", "a"],
      title: [String(repeating: "wide ", count: 100), "", String(repeating: "x", count: 999)])
    for row in 0..<picture.height {
      for column in (0..<24).map({ [$0, picture.width - 1 - $0] }).joined() {
        #expect(isWhite(row, column, picture))
      }
    }
    for column in 0..<picture.width {
      for row in (0..<12).map({ [$0, picture.height - 1 - $0] }).joined() {
        #expect(isWhite(row, column, picture))
      }
    }
  }

  @Test func `rows grow with the number of methods, not columns`() {
    let (few, many) = (
      sheet(Array(repeating: "a", count: 7)), sheet(Array(repeating: "a", count: 31))
    )
    #expect(few.width == many.width && few.height < many.height)
  }

  @Test func `each meaning that a sheet has is explained once`() {
    let map = Heatmap(Tensor(shape: [1, 16, 16], repeating: 1))
    func height(_ looks: [MapLook]) -> Int {
      ContactSheet(
        of: RGBImage(height: 16, width: 16, repeating: (0, 0, 255)), title: ["image"],
        entries: looks.map { .init("a", all: map, positive: map, look: $0) }
      ).picture.height
    }
    let (relevance, saliency) = (MapLook(.relevance), MapLook(.magnitude))
    #expect(height([relevance, relevance]) == height([relevance, saliency]))
    let all = MapMeaning.allCases.map { MapLook($0) }
    #expect(height(all) > height([relevance, relevance, relevance, relevance]))
    #expect(MapLook.distinct([saliency, relevance, saliency]) == [relevance, saliency])
    #expect(Set(all.map(\.palette.colors.stops)).count == 3)
  }
}
