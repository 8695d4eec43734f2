import XAIImages
import XAIExperiments

/// The maps and images of a page.
struct SpriteSheet {
  /// Where the maps of a method and image are in their picture.
  struct Index: Encodable {
    var tiles: [Int] = []
    var scales: [Double] = []
  }

  /// For each method, for each image of the page.
  private(set) var indices: [[Index]] = []
  /// The pictures as elements.
  private(set) var elements: [HTML] = []
  /// The images as addresses.
  private(set) var images: [String] = []
  private let results: RandomizationResults
  private let options: RandomizationReport.Options

  init(results: RandomizationResults, options: RandomizationReport.Options) {
    (self.results, self.options) = (results, options)
  }

  /// Adds the maps of an image and method, methods one after the other.
  mutating func add(_ maps: MapSet, picture: RGBImage) throws {
    if maps.image == 0 { indices.append([]) }
    guard maps.image < options.mapImages else { return }
    if indices.count == 1 { images.append(try MapSprite.address(of: picture)) }
    var sprite = MapSprite(height: picture.height, width: picture.width)
    sprite.append(maps.original)
    for seed in options.mapSeeds {
      for plan in results.plans {
        for layer in plan.layers {
          sprite.append(
            maps.randomized[RandomizedStep(mode: plan.mode, layer: layer, seed: seed)])
        }
      }
    }
    let method = indices.count - 1
    indices[method].append(Index(tiles: sprite.tiles, scales: sprite.scales))
    elements.append(try sprite.element(identifier: "maps-\(method)-\(maps.image)"))
  }
}
