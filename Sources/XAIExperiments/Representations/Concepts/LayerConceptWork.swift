import XAIAttribution
import XAIDatasets
import XAIImages
import XAINetworks
import XAIRepresentations
import XAIStatistics
import XAITensor

/// Tests all concepts at one layer: the negatives' outputs and the gradients stay in memory, one set more at a time.
///
/// What was finished before is read, and nothing is computed that is not needed.
final class LayerConceptWork {
  private let layer: String
  private let network: ExplainedNetwork
  private let subjects: ConceptSubjects
  private let preprocessing: Preprocessing
  private let configuration: ConceptExperiment.Configuration
  private let seed: UInt64
  private let parts: StudyParts<ConceptExperiment>
  /// Takes note of so many finished concepts; throws where the work is to stop.
  private let step: (Int) throws -> Void
  private var known = Known()

  /// What is computed once, when it is needed.
  private struct Known {
    var gradients: Gradients?
    var sets: [Tensor]?
    var resident: ConceptNegatives?
    var rows: [Int: Tensor] = [:]
  }

  init(
    _ layer: String, of network: ExplainedNetwork, _ subjects: ConceptSubjects,
    preprocessing: Preprocessing, _ configuration: ConceptExperiment.Configuration, seed: UInt64,
    parts: StudyParts<ConceptExperiment>, step: @escaping (Int) throws -> Void
  ) {
    (self.layer, self.network, self.subjects) = (layer, network, subjects)
    (self.preprocessing, self.configuration) = (preprocessing, configuration)
    (self.seed, self.parts, self.step) = (seed, parts, step)
  }

  private var set: Int { configuration.set }
  private var runs: Int { configuration.runs }
  private var classes: [[RGBImage]] { subjects.classes }
  /// Random concepts that are finished together.
  private static let drawsTogether = 10

  /// What every run says, by class and run.
  private typealias Scores = [[ConceptScores]]

  /// What one concept shows before tests are adjusted.
  private struct Finding {
    var scores: Scores
    var accuracy: Double
    /// What stands in the concept's place, by class, draw and run.
    var null: [[[ConceptScores]]]
  }

  func run() throws -> LayerConcepts {
    try step(1)
    let null = try null()
    var found = LayerConcepts()
    for index in subjects.concepts.indices {
      let inputs = inputs(of: index)
      let isFinished = parts.holds("concept", of: inputs)
      found.entries += try parts.part(
        "concept", of: inputs, where: { $0.count == classes.count }
      ) {
        try entries(index, null)
      }
      if isFinished { try step(1 + configuration.randomNetworks) }
    }
    for target in classes.indices where !null[target].isEmpty {
      found.controls.append(
        ConceptControls(
          target: target, layer: layer,
          scores: null[target].map { $0.map(\.score).mean },
          cosines: null[target].map(Self.cosine)))
    }
    return found
  }

  /// What random concepts say, by class, draw and run; nothing where there are none.
  private func null() throws -> [[[ConceptScores]]] {
    var null: [[[ConceptScores]]] = classes.map { _ in [] }
    guard subjects.negatives.count > 0 else { return null }
    for start in stride(from: 0, to: subjects.controls, by: Self.drawsTogether) {
      let draws = start..<min(start + Self.drawsTogether, subjects.controls)
      let inputs = common + ["\(draws.lowerBound) \(draws.upperBound)"]
      let isFinished = parts.holds("random", of: inputs)
      let part: [Scores] = try parts.part("random", of: inputs, where: { $0.count == draws.count })
      {
        try draws.map { draw in
          let scores = try resident().products(of: try outputs(subjects.random, set * draw))
            .scores(of: try gradients().ranges, kind: configuration.vector)
          try step(1)
          return scores
        }
      }
      if isFinished { try step(draws.count) }
      for scores in part {
        for index in classes.indices { null[index].append(scores[index]) }
      }
    }
    return null
  }

  /// Everything that decides what random concepts say, besides network and seed.
  private var common: [String] {
    [
      layer, configuration.vector.rawValue, configuration.score.rawValue, "\(set) \(runs)",
      configuration.targets.map(String.init).joined(separator: " "),
    ] + classes.map(ConceptSubjects.digest) + [ConceptSubjects.digest(subjects.negatives.identity)]
  }

  /// Everything that decides what is said of a concept.
  private func inputs(of index: Int) -> [String] {
    let compared = configuration.isRelative ? subjects.concepts : [subjects.concepts[index]]
    return common
      + ["\(subjects.controls) \(configuration.randomNetworks)", subjects.concepts[index].name]
      + compared.flatMap {
        [
          $0.name, ConceptSubjects.digest($0.pictures),
          ConceptSubjects.digest($0.counterparts ?? []),
        ]
      }
  }

  private func entries(_ index: Int, _ null: [[[ConceptScores]]]) throws -> [ConceptEntry] {
    let concept = subjects.concepts[index]
    let (rows, gradients) = (try rows(of: index), try gradients())
    let finding: Finding
    let compared: [Tensor]
    if let counterparts = concept.counterparts {
      compared = runs(of: try outputs(PictureList(counterparts), 0, counterparts.count))
      finding = try paired(runs(of: rows), compared, gradients, controls: subjects.controls)
    } else if configuration.isRelative {
      compared = try RelativeConcepts.negatives(
        try subjects.concepts.indices.map(self.rows), of: index, runs: runs, seed: seed)
      let products = try ConceptNegatives(compared, gradients: gradients.rows).products(of: rows)
      finding = try self.finding(products, gradients, null: classes.map { _ in [] })
    } else {
      compared = try sets()
      finding = try self.finding(try resident().products(of: rows), gradients, null: null)
    }
    try step(1)
    let networks = try networkRanks(
      concept, rows, compared, classes, cosines: finding.scores.map(Self.cosine))
    return classes.indices.map { entry(concept, $0, finding, networks?[$0]) }
  }

  // MARK: What is computed once

  private func gradients() throws -> Gradients {
    if let gradients = known.gradients { return gradients }
    let gradients = try gradients(of: network, at: classes)
    known.gradients = gradients
    return gradients
  }

  private func sets() throws -> [Tensor] {
    if let sets = known.sets { return sets }
    let sets = try (0..<runs).map { try outputs(subjects.negatives, set * $0) }
    known.sets = sets
    return sets
  }

  private func resident() throws -> ConceptNegatives {
    if let resident = known.resident { return resident }
    let resident = try ConceptNegatives(sets(), gradients: gradients().rows)
    known.resident = resident
    return resident
  }

  private func rows(of concept: Int) throws -> Tensor {
    if let rows = known.rows[concept] { return rows }
    let pictures = subjects.concepts[concept].pictures
    let rows = try outputs(PictureList(pictures), 0, pictures.count)
    // Others need them again where they are what concepts are compared with.
    if configuration.isRelative { known.rows[concept] = rows }
    return rows
  }

  private static func cosine(_ runs: [ConceptScores]) -> Double { runs.map(\.cosine).mean }

  // MARK: Numbers of the network

  private struct Gradients {
    /// `[K, ...]`, those of all classes below each other.
    let rows: Tensor
    let ranges: [Range<Int>]
  }

  private func gradients(
    of network: ExplainedNetwork, at classes: [[RGBImage]]
  ) throws -> Gradients {
    let source = try LayerGradients(by: layer, of: network)
    var (parts, ranges): ([Tensor], [Range<Int>]) = ([], [])
    var start = 0
    for (target, pictures) in zip(configuration.targets, classes) {
      let images = try PictureList(pictures).normalized(pictures.indices, by: preprocessing)
      parts.append(try source.gradients(of: configuration.score, target: target, at: images))
      ranges.append(start..<start + pictures.count)
      start += pictures.count
    }
    return Gradients(rows: Tensor(stacking: parts), ranges: ranges)
  }

  /// What the layer makes of pictures from a place on.
  private func outputs(
    _ pictures: PictureList, _ first: Int, _ count: Int? = nil
  ) throws -> Tensor {
    let source = try LayerOutputs([layer], of: network)
    var parts: [Tensor] = []
    let end = first + (count ?? set)
    for start in stride(from: first, to: end, by: Self.together) {
      let images = try pictures.normalized(
        start..<min(start + Self.together, end), by: preprocessing)
      try source.forEachBatch(of: images) { _, outputs in
        outputs[layer].map { parts.append($0) }
      }
    }
    return Tensor(stacking: parts)
  }

  private static let together = 64

  /// The rows of each run.
  private func runs(of rows: Tensor) -> [Tensor] {
    (0..<runs).map { rows.rows($0 * set..<($0 + 1) * set) }
  }

  // MARK: Tests

  private func finding(
    _ products: ConceptProducts, _ gradients: Gradients, null: [[[ConceptScores]]]
  ) throws -> Finding {
    let accuracies = try (0..<products.runs).map {
      Self.accuracy(try products.crossFittedMargins(run: $0), positives: set)
    }
    return Finding(
      scores: try products.scores(of: gradients.ranges, kind: configuration.vector),
      accuracy: accuracies.mean, null: null)
  }

  /// Pairs are held against the same pairs, some of them the other way around.
  private func paired(
    _ concept: [Tensor], _ counterparts: [Tensor], _ gradients: Gradients, controls: Int
  ) throws -> Finding {
    var scores: Scores = gradients.ranges.map { _ in [] }
    var null = gradients.ranges.map { _ in [[ConceptScores]](repeating: [], count: controls) }
    var accuracies: [Double] = []
    for run in 0..<runs {
      let pairs = try PairedConcept(
        concept[run], counterparts[run], gradients: gradients.rows)
      let own = try pairs.scores(of: gradients.ranges, kind: configuration.vector)
      for index in own.indices { scores[index].append(own[index]) }
      accuracies.append(Self.orderedShare(try pairs.crossFittedMargins()))
      for draw in 0..<controls {
        var stream = RandomStream(seed: seed, purpose: "concepts/exchanged", draw, run)
        let exchanged = (0..<set).map { _ in stream.integer(below: 2) == 1 }
        let other = try pairs.scores(
          of: gradients.ranges, exchanging: exchanged, kind: configuration.vector)
        for index in other.indices { null[index][draw].append(other[index]) }
      }
    }
    return Finding(scores: scores, accuracy: accuracies.mean, null: null)
  }

  private static func accuracy(_ margins: [Double], positives: Int) -> Double {
    let right = margins.enumerated().count { ($1 > 0) == ($0 < positives) }
    return Double(right) / Double(margins.count)
  }

  /// The share of pairs of which the picture with the concept has the larger margin.
  ///
  /// The two differ in nothing else, so that this tells more than two margins by themselves.
  private static func orderedShare(_ margins: [Double]) -> Double {
    let pairs = margins.count / 2
    return Double((0..<pairs).count { margins[$0] > margins[$0 + pairs] }) / Double(pairs)
  }

  /// p of the trained network's cosines among those of networks whose layers above this one are random.
  private func networkRanks(
    _ concept: ConceptImages, _ rows: Tensor, _ compared: [Tensor], _ classes: [[RGBImage]],
    cosines: [Double]
  ) throws -> [Double]? {
    guard configuration.randomNetworks > 0, !configuration.isRelative else { return nil }
    var null = cosines.map { _ in [Double]() }
    let networks = RandomNetworks(like: network, seed: seed)
    for draw in 0..<configuration.randomNetworks {
      let gradients = try gradients(of: networks.above(layer, draw: draw), at: classes)
      let scores: Scores
      if concept.counterparts != nil {
        let runs = try zip(runs(of: rows), compared).map {
          try PairedConcept($0, $1, gradients: gradients.rows).scores(
            of: gradients.ranges, kind: configuration.vector)
        }
        scores = classes.indices.map { target in runs.map { $0[target] } }
      } else {
        scores = try ConceptNegatives(compared, gradients: gradients.rows).products(of: rows)
          .scores(of: gradients.ranges, kind: configuration.vector)
      }
      for index in null.indices { null[index].append(abs(Self.cosine(scores[index]))) }
      try step(1)
    }
    return zip(cosines, null).map { RankTest(abs($0), among: $1).p }
  }

  private func entry(
    _ concept: ConceptImages, _ target: Int, _ finding: Finding, _ networkP: Double?
  ) -> ConceptEntry {
    let (runs, null) = (finding.scores[target], finding.null[target])
    // Run r of a random concept, one for each run.
    let paired = null.prefix(runs.count).enumerated().map { $1[$0] }
    let test = ConceptTest(runs, controls: null, controlScores: paired.map(\.score))
    let scores = runs.map(\.score)
    let magnitudes = runs.compactMap(\.magnitude)
    return ConceptEntry(
      concept: concept.name, target: target, layer: layer, tcav: test.score,
      least: scores.min() ?? test.score, greatest: scores.max() ?? test.score,
      cosine: test.cosine, magnitude: magnitudes.isEmpty ? nil : magnitudes.mean,
      zeroShare: runs.map(\.zeroShare).mean, accuracy: finding.accuracy,
      p: null.isEmpty ? nil : test.rank.p, adjustedP: nil, networkP: networkP, verdict: nil,
      comparison: null.isEmpty ? nil : ConceptComparison(test))
  }
}
