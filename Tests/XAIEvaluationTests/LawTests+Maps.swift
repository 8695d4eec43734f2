import XAIEvaluation
import XAIMetrics
import XAITensor

#if canImport(Glibc)
  import Glibc
#endif

extension LawTests {
  /// Measures of localization by their names.
  private static func localization(_ map: JudgedMap, _ object: ObjectMask) -> [String: Double?] {
    var scores: [String: Double?] = [:]
    for measure in LocalizationCatalog.measures(height: 6, width: 7, tolerance: 1.5) {
      scores.updateValue(measure(map, object), forKey: measure.identifier)
    }
    return scores
  }

  private static func chosen(_ scores: [String: Double?], _ names: [String]) -> [Double?] {
    names.map { scores[$0] ?? nil }
  }

  private static func areClose(_ left: [Double?], _ right: [Double?]) -> Bool {
    left.count == right.count && zip(left, right).allSatisfy { $0.isClose(to: $1, within: 1e-9) }
  }

  static let mapLaws = [
    Law("an increasing function changes no rank", brokenBy: "the share of energy among them") {
      isBroken in
      let names =
        [
          "pointing", "pointing.tolerant", "rank", "top5percent", "rocAUC", "averagePrecision",
          "bestIoU",
        ]
        + (isBroken ? ["energy"] : [])
      return [world.noise(0), world.tied].allSatisfy { values in
        let map = world.judged(values)
        let grown = world.judged(values.map { exp($0 / 3) - 7 })
        return map.order == grown.order
          && areClose(
            chosen(localization(map, world.object), names),
            chosen(localization(grown, world.object), names))
      }
    },
    Law(
      "a positive factor changes nothing but what has a unit",
      brokenBy: "plain infidelity among them"
    ) {
      isBroken in
      let (map, scaled) = (
        world.judged(world.noise(0)), world.judged(world.noise(0).map { 37 * $0 })
      )
      return areClose(try scores(map, isBroken, 1), try scores(scaled, isBroken, 37))
    },
    Law("a constant map is chance", brokenBy: "pointing by the first maximum") { isBroken in
      let map = world.judged(Array(repeating: 0.37, count: world.pixels))
      let scores = localization(map, world.object)
      let first = world.object.pixels[0] ? 1.0 : 0
      let pointing = isBroken ? first : scores["pointing"] ?? nil
      let removal = try world.removal()
      let subsets = FaithfulnessCorrelation(world.subsets())
      let complexity = MapComplexity(of: map.map)
      let share = world.object.areaShare
      let drops = try subsets.drops(removal)
      return areClose(
        [
          pointing, scores["pointing.tolerant"] ?? nil, scores["rocAUC"] ?? nil,
          scores["rank"] ?? nil,
        ],
        [share, scores["chance.tolerant"] ?? nil, 0.5, share])
        && areClose(
          [
            subsets(map, drops: drops, .logit), complexity.gini,
            complexity.entropy,
          ],
          [nil, 0, log(Double(world.pixels))])
    },
    Law("a zero map is undefined, never NaN", brokenBy: "a quotient of zeros") { isBroken in
      let map = world.judged(Array(repeating: 0, count: world.pixels))
      let scores = localization(map, world.object)
      let energy = isBroken ? 0.0 / Double(map.values.count { $0 > 0 }) : scores["energy"] ?? nil
      let complexity = MapComplexity(of: map.map)
      let table = try CoalitionTable(cells: try world.cells(), try world.removal())
      let infidelity = table.infidelity(Array(repeating: 0, count: table.count))
      let moved = try stability(map, [map]).maximalSensitivity
      let all = [
        energy, scores["energy.gain"] ?? nil, scores["mass.absolute"] ?? nil, complexity.gini,
        complexity.entropy, complexity.massShare, moved,
      ]
      return areClose(all, Array(repeating: nil, count: all.count)) && infidelity.relative == 1
        && infidelity.beta == 0
    },
    Law("a map's score knows no other map", brokenBy: "values scaled by the greatest of the batch")
    {
      isBroken in
      func active(_ values: [Double], beside other: [Double]) -> Double {
        let greatest = (values + other).reduce(0) { max($0, abs($1)) }
        guard isBroken else { return MapComplexity(of: world.judged(values).map).activeShare }
        return Double(values.count { abs($0) / greatest > 0.01 }) / Double(values.count)
      }
      let values = world.noise(0)
      return active(values, beside: values) == active(values, beside: values.map { $0 * 1e6 })
    },
    Law(
      "a mask of everything is found, one of nothing is undefined",
      brokenBy: "a hit where nothing is"
    ) {
      isBroken in
      let map = world.judged(world.noise(1))
      let all = PixelMask(count: world.pixels).complement
      let full = localization(map, ObjectMask(all, height: 6, width: 7))
      let empty = localization(
        map, ObjectMask(PixelMask(count: world.pixels), height: 6, width: 7))
      let nothing = isBroken ? [1.0] : empty.values.map { $0 }
      return areClose(
        chosen(full, ["energy", "rank", "pointing", "rocAUC"]), [1, 1, 1, nil])
        && nothing.allSatisfy { $0 == nil }
    },
    Law("the mean of ranks is that of all ranks", brokenBy: "equal numbers ranked by their place") {
      isBroken in
      let values = world.tied
      let ranks = isBroken ? placeRanks(values) : Correlation.ranks(values)
      let reversed = isBroken ? placeRanks(values.map(-)) : Correlation.ranks(values.map(-))
      return zip(ranks, reversed).allSatisfy { $0 + $1 == Double(values.count + 1) }
    },
  ]

  /// Every score that a positive factor leaves alone.
  private static func scores(
    _ map: JudgedMap, _ isBroken: Bool, _ factor: Double
  ) throws -> [Double?] {
    let (removal, cells) = (try world.removal(), try world.cells())
    let table = try CoalitionTable(cells: cells, removal)
    let relevance = cells.sums(map.values)
    let order = cells.order(of: map.values, ties: map.ties)
    let subsets = FaithfulnessCorrelation(world.subsets())
    let drops = try subsets.drops(removal)
    let complexity = MapComplexity(of: map.map)
    let infidelity = table.infidelity(relevance)
    let neighbor = world.judged(
      zip(world.noise(0), world.noise(2)).map { factor * ($0 + 0.1 * $1) })
    let stability = try stability(map, [neighbor])
    return [
      table.scores(of: order, .logit, within: table.bounds(.logit)).share,
      subsets(map, drops: drops, .logit), subsets(map, drops: drops, .probability, .spearman),
      try CellEffects(cells, removal).faithfulnessEstimate(map, .probability),
      isBroken ? infidelity.plain : infidelity.relative,
      (localization(map, world.object)["energy"] ?? nil), complexity.gini, complexity.entropy,
      stability.maximalSensitivity, stability.lipschitz, stability.relativeInput,
      stability.relativeOutput,
    ] + table.sensitivity(relevance)
  }

  private static func stability(_ map: JudgedMap, _ neighbors: [JudgedMap]) throws -> Stability {
    let disturbances = neighbors.indices.map {
      EvaluationDraws().neighbor(shape: [2, 6, 7], deviations: [0.3, 0.2], image: 0, draw: $0)
    }
    return Stability(
      of: map.map, at: neighbors.map(\.map),
      try Neighborhood(disturbances, of: world.image, world.network))
  }

  private static func placeRanks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    var ranks = Array(repeating: 0.0, count: values.count)
    for (position, index) in order.enumerated() { ranks[index] = Double(position + 1) }
    return ranks
  }
}
