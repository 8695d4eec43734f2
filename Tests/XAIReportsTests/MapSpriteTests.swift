import Foundation
import Testing
import XAIReports
import XAIImages
import XAIMetrics

@Suite struct MapSpriteTests {
  private func map(_ values: [Double]) -> RelevanceMap {
    RelevanceMap(height: 1, width: values.count, values: values)
  }

  /// The gray values of a picture in the page.
  private func pixels(_ sprite: MapSprite) throws -> [UInt8] {
    let html = try sprite.element(identifier: "maps-0-0").text
    let match = try #require(html.firstMatch(of: /id="maps-0-0">([^<]*)</))
    let data = try #require(Data(base64Encoded: String(match.output.1)))
    let picture = try PNG.decode(Array(data), name: "sprite")
    return stride(from: 0, to: picture.pixels.count, by: 3).map { picture.pixels[$0] }
  }

  @Test func `a map is divided by its largest magnitude`() throws {
    var sprite = MapSprite(height: 1, width: 4)
    sprite.append(map([-2, 0, 1, 2]))
    sprite.append(map([0, 0, 0, 0]))
    #expect(sprite.tiles == [0, 1] && sprite.scales == [2, 0])
    // 127 / 2 is 63.5, which goes up.
    #expect(try pixels(sprite) == [1, 128, 192, 255, 128, 128, 128, 128])
  }

  @Test func `equal maps stand there once, also on different scales`() throws {
    var sprite = MapSprite(height: 1, width: 2)
    sprite.append(map([1, -1]))
    sprite.append(map([1, 0]))
    sprite.append(map([5, -5]))
    #expect(sprite.tiles == [0, 1, 0] && sprite.scales == [1, 1, 5])
    #expect(try pixels(sprite) == [255, 1, 255, 128])
  }

  @Test func `no map and one of another size have no place`() throws {
    var sprite = MapSprite(height: 1, width: 2)
    sprite.append(nil)
    sprite.append(map([1, 2, 3]))
    #expect(sprite.tiles == [-1, -1] && sprite.scales == [0, 0])
    #expect(try sprite.element(identifier: "x").text == "")
  }
}
