import XAIAttribution
import XAIClassifiers
import XAIDatasets
import XAIRepresentations
import XAIStatistics
import XAITensor

extension ProbeExperiment {
  func ablation(
    _ regression: SoftmaxRegression, _ features: ProbeFeatures, _ layer: String
  ) throws -> ProbeAblation? {
    guard let dataset = session.dataset else { return nil }
    let network = session.network.explained
    let mapping = LabelMapping(session.network.checkpoint, dataset)
    let labels = test.map { mapping.logit(of: dataset.label(at: $0, of: .test)) ?? -1 }
    let source = try LayerOutputs([layer], of: network, batch: Self.together)
    let rest = try LayerContinuation(after: layer, of: network, batch: Self.together)
    let pictures = PictureList(dataset, .test, test)
    var parts: [Tensor] = []
    for start in stride(from: 0, to: test.count, by: Self.together) {
      let batch = try pictures.normalized(
        start..<min(start + Self.together, test.count), by: preprocessing)
      try source.forEachBatch(of: batch) { _, outputs in outputs[layer].map { parts.append($0) } }
    }
    func accuracy(without subspace: SubspaceAblation?) throws -> Double {
      try session.checkStop()
      let answers = try parts.flatMap { part in
        try rest.logits(from: subspace?.removing(from: part) ?? part).largestOfRows
      }
      return Double(zip(answers, labels).count { $0 == $1 }) / Double(labels.count)
    }
    let before = try accuracy(without: nil)
    let own = try SubspaceAblation(
      rowsOf: features.weights(regression.coefficients), mean: features.mean)
    let after = try accuracy(without: own)
    let random = try (0..<subspaces).map { draw in
      before
        - (try accuracy(
          without: SubspaceAblation(
            random: own.basis.rows, mean: features.mean, draw: draw, seed: session.request.seed)))
    }
    return ProbeAblation(
      dimension: own.basis.rows, before: before, after: after, random: random,
      p: SubspaceAblation.test(drop: before - after, among: random).p)
  }
}
