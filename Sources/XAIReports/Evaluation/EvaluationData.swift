import XAIAttribution
import XAIEvaluation
import XAIExperiments
import XAIImages
import XAIMetrics
import XAIPlots

/// What the scripts of the page of an evaluation read.
struct EvaluationData: Encodable {
  struct Image: Encodable {
    let name: String
    let facts: String
    /// Nothing where tensors alone are known.
    let picture: String?
    /// The outline of the object as the path of a graphic, a unit for each pixel.
    let outline: String?
  }
  struct Method: Encodable {
    let id: String
    let group: String
    let meaning: MapMeaning
    let summary: String
  }
  struct Measure: Encodable {
    let id: String
    let name: String
    let title: String
    let baseline: String?
    let quantity: TargetQuantity?
    let direction: MeasureColumn.Direction
  }
  /// Curves of an image and baseline; each number list is packed.
  struct Curves: Encodable {
    let image: Int
    let baseline: String
    /// The shares of pixels that are gone.
    let shares: String
    /// The same of the curves of the coalition table.
    let cells: String
    /// For each method: most relevant first as logit and probability, then least relevant first.
    let methods: [[String]]
    /// Logit and probability.
    let random: [String]
    let best: [String]
    let worst: [String]
  }

  let height: Int
  let width: Int
  let images: [Image]
  let groups: [PageChoice]
  let methods: [Method]
  /// The methods without controls that come first.
  let best: [Int]
  /// The headlines that rank, with all baselines and quantities.
  let measures: [Measure]
  let headline: String
  let baselines: [String]
  let maps: [[SpriteSheet.Index]]
  let curves: [Curves]
  /// For each method and measure, by image.
  let scores: [[String]]
  /// For each method and measure: value, lower and upper end.
  let summaries: [[String]]
}

extension EvaluationData {
  /// Gathers the data, and the maps as elements of the page.
  init(_ report: EvaluationReport, sprites: inout [HTML]) throws {
    let (results, outcome, shown) = (report.results, report.outcome, report.shown)
    let map = outcome.maps.joined().lazy.compactMap(\.self).first
    let size = (
      height: outcome.pictures.first?.height ?? map?.height ?? 1,
      width: outcome.pictures.first?.width ?? map?.width ?? 1
    )
    (height, width) = size
    images = try (0..<shown).map { image in
      Image(
        name: results.images[image].name, facts: report.facts(results.images[image]),
        picture: outcome.pictures.isEmpty
          ? nil : try MapSprite.address(of: outcome.pictures[image]),
        outline: outcome.objects[image].map(\.outline))
    }
    groups = results.methods.map(\.group).reduce(into: []) { known, group in
      if !known.contains(where: { $0.id == group.id }) { known.append(group) }
    }
    methods = results.methods.map {
      Method(
        id: $0.identifier, group: $0.group.id, meaning: $0.shownMeaning, summary: $0.summary)
    }
    baselines = results.setup.baselines.filter { baseline in
      outcome.curves.entries.contains { $0.baseline == baseline }
    }
    best = baselines.first.map { report.best($0, .probability) } ?? []

    let places = Self.headlines(of: results)
    measures = places.map { place in
      let measure = results.measures[place]
      return Measure(
        id: measure.identifier, name: measure.name, title: measure.longTitle,
        baseline: measure.baseline, quantity: measure.quantity, direction: measure.direction)
    }
    headline = measures.first?.id ?? ""

    maps = try results.methods.indices.map { method in
      try (0..<shown).map { image in
        var sprite = MapSprite(height: size.height, width: size.width)
        sprite.append(outcome.maps[method][image])
        sprites.append(try sprite.element(identifier: "maps-\(method)-\(image)"))
        return SpriteSheet.Index(tiles: sprite.tiles, scales: sprite.scales)
      }
    }
    curves = outcome.curves.entries.filter { $0.image < shown }.map(Curves.init)
    scores = Self.scores(results, places, shown)
    summaries = results.methods.map { method in
      places.map { place in
        let row = report.index[method.identifier, results.measures[place].identifier]
        return [row?.value, row?.lower, row?.upper].map(PackedNumbers.packed)
          .joined(separator: ",")
      }
    }
  }

  /// The positions of headlines that rank: marked ones first, then the same with the other quantity.
  private static func headlines(of results: EvaluationResults) -> [Int] {
    let ranking = results.measures.indices.filter { results.measures[$0].direction != .describes }
    let marked = ranking.filter { results.measures[$0].isHeadline }
    let names = Set(marked.map { results.measures[$0].name })
    return marked
      + ranking.filter {
        names.contains(results.measures[$0].name) && !results.measures[$0].isHeadline
      }
  }

  private static func scores(
    _ results: EvaluationResults, _ places: [Int], _ shown: Int
  ) -> [[String]] {
    let rows = Dictionary(grouping: results.scores.filter { $0.image < shown }, by: \.method)
    return results.methods.map { method in
      let byImage = Dictionary(
        (rows[method.identifier] ?? []).map { ($0.image, $0.values) },
        uniquingKeysWith: { first, _ in first })
      return places.map { place in
        (0..<shown).map { PackedNumbers.packed(byImage[$0]?[place]) }.joined(separator: ",")
      }
    }
  }
}

extension EvaluationData.Curves {
  init(_ entry: EvaluationCurves.Entry) {
    func packed(_ numbers: some Sequence<Double>) -> String {
      numbers.map(PackedNumbers.packed).joined(separator: ",")
    }
    func points(_ curve: RemovalCurve?) -> String {
      guard let curve, curve.pixels > 0 else { return "" }
      return packed(curve.sizes.map { Double($0) / Double(curve.pixels) })
    }
    func both(_ curve: RemovalCurve) -> [String] {
      TargetQuantity.allCases.map { quantity in packed(curve.values.map { $0[quantity] }) }
    }
    (image, baseline) = (entry.image, entry.baseline)
    shares = points(entry.random)
    cells = points(entry.best.first)
    methods = entry.methods.map { pair in
      pair.map { both($0.morf) + both($0.lerf) } ?? Array(repeating: "", count: 4)
    }
    random = both(entry.random)
    (best, worst) = (
      zip(TargetQuantity.allCases, entry.best).map { quantity, curve in
        packed(curve.values.map { $0[quantity] })
      },
      zip(TargetQuantity.allCases, entry.worst).map { quantity, curve in
        packed(curve.values.map { $0[quantity] })
      }
    )
  }
}

extension EvaluatedMethod {
  /// What the sign of its maps means, as far as that is known.
  var shownMeaning: MapMeaning {
    kind == .control ? .none : method?.shownMeaning ?? .relevance
  }
}

extension ObjectMask {
  /// The border between what shows the object and what does not, as the path of a graphic with a unit for each
  /// pixel.
  var outline: String {
    func isInside(_ row: Int, _ column: Int) -> Bool {
      0..<height ~= row && 0..<width ~= column && pixels[row * width + column]
    }
    var path = ""
    for row in 0...height {
      for run in Self.runs(0..<width, where: { isInside(row - 1, $0) != isInside(row, $0) }) {
        path += "M\(run.lowerBound) \(row)h\(run.count)"
      }
    }
    for column in 0...width {
      for run in Self.runs(0..<height, where: { isInside($0, column - 1) != isInside($0, column) })
      {
        path += "M\(column) \(run.lowerBound)v\(run.count)"
      }
    }
    return path
  }

  /// Neighbors of which a condition holds, as ranges.
  private static func runs(
    _ range: Range<Int>, where holds: (Int) -> Bool
  ) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    for place in range where holds(place) {
      if let last = runs.last, last.upperBound == place {
        runs[runs.count - 1] = last.lowerBound..<place + 1
      } else {
        runs.append(place..<place + 1)
      }
    }
    return runs
  }
}
