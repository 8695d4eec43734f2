import XAIAttribution
import XAIImages
import XAITensor
import XAIExperiments

/// What the scripts of a page about pairs of maps read.
struct ContrastData: Encodable {
  struct Side: Encodable {
    let title: String
    let facts: String
  }
  struct Pair: Encodable {
    let title: String
    let contrast: Int
    let left: Int
    let right: Int
    /// Its place among the scores.
    let place: Int
  }
  struct Image: Encodable {
    let name: String
    let facts: String
    let picture: String
    let sides: [Side]
    let pairs: [Pair]
  }
  struct Method: Encodable {
    let id: String
    let group: String
    let meaning: MapMeaning
    let summary: String
  }

  let height: Int
  let width: Int
  let images: [Image]
  let imageCount: Int
  let groups: [PageChoice]
  let methods: [Method]
  let contrasts: [String]
  let measures: [PageMeasure]
  let headline: String
  let maps: [[SpriteSheet.Index]]
  /// For each method and measure: millionths, separated by commas, by place.
  let scores: [[String]]
  /// Which of these numbers are conventions.
  let conventions: [[String]]
  /// For each method and measure: mean, deviation, lower and upper end, by contrast.
  let summaries: [[String]]
}

extension ContrastData {
  /// Gathers the data, and the maps as elements of the page.
  init(_ report: ContrastReport, sprites: inout [HTML]) throws {
    let results = report.results
    height = report.pictures.first?.height ?? 1
    width = report.pictures.first?.width ?? 1
    imageCount = results.images.count
    groups = PageChoice.groups(of: results.methods)
    methods = results.methods.map {
      Method(
        id: $0.identifier, group: $0.group.rawValue, meaning: $0.shownMeaning,
        summary: $0.summary)
    }
    contrasts = results.contrasts.map(\.identifier)
    measures = PageMeasure.measures(results)
    headline = results.headline

    // The scores of the images that are shown, image by image.
    var places: [Int: Int] = [:]
    var images: [Image] = []
    for index in 0..<report.shown {
      let sides = results.sides(of: index)
      var pairs: [Pair] = []
      for (position, pair) in results.pairs.enumerated() where pair.image == index {
        guard let left = sides.firstIndex(of: pair.left),
          let right = sides.firstIndex(of: pair.right)
        else { continue }
        places[position] = places.count
        pairs.append(
          Pair(
            title: Self.title(of: pair, in: results), contrast: pair.contrast, left: left,
            right: right, place: places.count - 1))
      }
      images.append(
        Image(
          name: results.images[index].name, facts: report.facts(results.images[index]),
          picture: try MapSprite.address(of: report.pictures[index]),
          sides: sides.map { Side(title: results.words($0), facts: Self.facts(of: $0)) },
          pairs: pairs))
    }
    self.images = images

    maps = try results.methods.indices.map { method in
      try (0..<report.shown).map { image in
        let picture = report.pictures[image]
        var sprite = MapSprite(height: picture.height, width: picture.width)
        for side in results.sides(of: image) {
          sprite.append(report.maps[method, image, side.side])
        }
        sprites.append(try sprite.element(identifier: "maps-\(method)-\(image)"))
        return SpriteSheet.Index(tiles: sprite.tiles, scales: sprite.scales)
      }
    }
    (scores, conventions) = Self.scores(results, places)
    summaries = Self.summaries(results)
  }

  private static func title(of pair: ContrastPair, in results: ContrastResults) -> String {
    let contrast = results.contrasts[pair.contrast].identifier
    let words = [pair.left, pair.right].map(results.words)
    let both = "\(words[0]) against \(words[1])"
    return results.contrasts.count == 1 ? both : "\(contrast): \(both)"
  }

  private static func facts(of side: ContrastSide) -> String {
    "logit \(fixedOrScientific(Double(side.target.logit))), probability "
      + "\(fixedPoint(100 * side.target.probability, digits: 1)) %"
  }

  private static func scores(
    _ results: ContrastResults, _ places: [Int: Int]
  ) -> (values: [[String]], conventions: [[String]]) {
    let rows = Dictionary(grouping: results.scores, by: \.method)
    var (all, agreed): ([[String]], [[String]]) = ([], [])
    for method in results.methods {
      var values = Array(
        repeating: Array(repeating: "", count: places.count), count: results.measures.count)
      var conventions = Array(repeating: [String](), count: results.measures.count)
      for row in rows[method.identifier] ?? [] {
        guard let place = places[row.pair] else { continue }
        for (measure, identifier) in results.measures.enumerated() {
          values[measure][place] = PackedNumbers.packed(row.values[measure])
          if row.degenerate.contains(identifier) { conventions[measure].append("\(place)") }
        }
      }
      all.append(values.map { $0.joined(separator: ",") })
      agreed.append(conventions.map { $0.joined(separator: ",") })
    }
    return (all, agreed)
  }

  private static func summaries(_ results: ContrastResults) -> [[String]] {
    let known = Dictionary(grouping: results.summaries, by: \.method)
    return results.methods.map { method in
      let byMeasure = Dictionary(grouping: known[method.identifier] ?? [], by: \.measure)
      return results.measures.map { measure in
        results.contrasts.flatMap { contrast -> [String] in
          let row = byMeasure[measure]?.first { $0.contrast == contrast.identifier }
          return [row?.mean, row?.deviation, row?.lower, row?.upper].map(PackedNumbers.packed)
        }.joined(separator: ",")
      }
    }
  }
}
