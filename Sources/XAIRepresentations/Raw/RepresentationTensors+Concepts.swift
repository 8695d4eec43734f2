import XAIFiles
import XAIStatistics
import XAITensor

extension RepresentationTensors {
  /// Concept vectors, sensitivities and tests of every layer that is named.
  func concepts() throws -> [Named] {
    var layers = layers(of: "cav")
    for layer in self.layers(of: "tcav") where !layers.contains(layer) { layers.append(layer) }
    return try layers.flatMap { try ConceptTensors(self, layer: $0).results() }
  }
}

/// The numbers of one layer's concept.
private struct ConceptTensors {
  private let tensors: RepresentationTensors
  private let layer: String
  private let runs: Int
  private let penalty: Double
  private let concept: Tensor
  /// Rows of the random sets: those compared with first, then the controls.
  private let sets: [Tensor]
  private let targets: [Int]
  private let negatives: ConceptNegatives
  /// The gradients of each class: of the logit, then of the log probability.
  private let ranges: [Range<Int>]

  init(_ tensors: RepresentationTensors, layer: String) throws {
    self.tensors = tensors
    self.layer = layer
    let (given, parameters, prefix) = (tensors.given, tensors.parameters, "cav.\(layer)")
    let conceptImages = try tensors.images("concept.pixels")
    let randomImages = try tensors.images("random.pixels")
    let size = try parameters.integer("perSet", of: prefix, atLeast: 2) ?? conceptImages.rows
    let runs =
      try parameters.integer("runs", of: prefix) ?? max(1, randomImages.rows / max(size, 1) / 2)
    guard conceptImages.rows >= size else {
      throw RepresentationFailure(
        .tooFew("images of the concept", found: conceptImages.rows, needed: size))
    }
    guard randomImages.rows >= 2 * runs * size else {
      throw RepresentationFailure(
        .tooFew("random images", found: randomImages.rows, needed: 2 * runs * size))
    }
    penalty = try parameters.number("penalty", of: prefix) ?? BinaryLogistic.defaultPenalty
    self.runs = runs
    concept = try tensors.outputs(of: layer, at: conceptImages.rows(0..<size))
    let random = try tensors.outputs(of: layer, at: randomImages.rows(0..<2 * runs * size))
    sets = (0..<2 * runs).map { random.rows($0 * size..<($0 + 1) * size) }
    let targets =
      given.holds("tcav.classes") ? try given.integers("tcav.classes") : tensors.targets
    self.targets = targets
    let images = try tensors.images("class.pixels")
    let gradients = try LayerGradients(by: layer, of: tensors.network)
    let parts = try LayerGradients.Score.allCases.flatMap { score in
      try targets.map { try gradients.gradients(of: score, target: $0, at: images) }
    }
    ranges = parts.indices.map { $0 * images.rows..<($0 + 1) * images.rows }
    negatives = try ConceptNegatives(
      Array(sets.prefix(runs)), gradients: Tensor(stacking: parts).flattenedRows)
  }

  func results() throws -> [RepresentationTensors.Named] {
    let own = try negatives.products(of: concept)
    let controls = try sets[runs...].map { try negatives.products(of: $0) }
    return try vectors(own, controls) + sensitivities(own, controls)
  }

  private func vectors(
    _ own: ConceptProducts, _ controls: [ConceptProducts]
  ) throws -> [RepresentationTensors.Named] {
    let vectors = try (0..<runs).map { try own.vector(run: $0, penalty: penalty) }
    let others = try (0..<runs).map { try controls[$0].vector(run: $0, penalty: penalty) }
    let means = try (0..<runs).map { try own.vector(run: $0, kind: .meanDifference) }
    func directions(
      _ name: String, _ vectors: [ConceptVector], _ set: (Int) -> Tensor
    ) -> RepresentationTensors.Named {
      let values = vectors.enumerated().flatMap { run, vector in
        vector.direction(of: Tensor(stacking: [set(run), sets[run]]))
      }
      return numbers("cav.\(layer).\(name)", [runs, concept.rowCount], values)
    }
    func column(
      _ name: String, _ value: (ConceptVector) -> Double?
    ) -> RepresentationTensors.Named {
      numbers("cav.\(layer).\(name)", [runs], vectors.map(value))
    }
    return [
      directions("direction", vectors) { _ in concept },
      directions("control", others) { sets[runs + $0] },
      directions("meanDifference", means) { _ in concept },
      column("norm", \.norm), column("intercept", \.intercept), column("scale", \.scale),
      column("objective", \.objective),
    ]
  }

  private func sensitivities(
    _ own: ConceptProducts, _ controls: [ConceptProducts]
  ) throws -> [RepresentationTensors.Named] {
    let scores = try own.scores(of: ranges, penalty: penalty)
    let others = try controls.map { try $0.scores(of: ranges, penalty: penalty) }
    return targets.indices.flatMap { index in
      let prefix = "tcav.\(layer).class\(index)"
      let (runs, null) = (scores[index], others.map { $0[index] })
      // Control r is set R + r against set r.
      let paired = null.enumerated().map { $1[$0] }
      let test = ConceptTest(runs, controls: null, controlScores: paired.map(\.score))
      let (count, images) = (runs.count, ranges[index].count)
      return [
        numbers("\(prefix).sensitivity", [count, images], runs.flatMap(\.sensitivities)),
        numbers("\(prefix).controlSensitivity", [count, images], paired.flatMap(\.sensitivities)),
        numbers("\(prefix).scores", [count], runs.map(\.score)),
        numbers("\(prefix).controlScores", [count], paired.map(\.score)),
        numbers("\(prefix).magnitude", [count], runs.map(\.magnitude)),
        numbers(
          "\(prefix).scoresOfLogProbability", [count],
          scores[targets.count + index].map(\.score)),
        numbers("\(prefix).nullScores", [null.count, count], null.joined().map(\.score)),
        numbers("\(prefix).cosine", [count], runs.map(\.cosine)),
        numbers("\(prefix).nullCosine", [null.count, count], null.joined().map(\.cosine)),
        numbers("\(prefix).rank", [2], [test.rank.statistic, test.rank.p]),
        numbers(
          "\(prefix).rankOfScores", [2], [test.rankOfScores.statistic, test.rankOfScores.p]),
        numbers(
          "\(prefix).test", [4],
          [test.welch?.t, test.welch?.degreesOfFreedom, test.welch?.p, test.pooled?.p]),
      ]
    }
  }
}

extension Tensor {
  /// The same rows as vectors.
  var flattenedRows: Tensor { reshaped(to: [rows, rowCount]) }
}
