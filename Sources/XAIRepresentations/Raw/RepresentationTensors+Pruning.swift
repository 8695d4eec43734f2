import XAIAttribution
import XAIFiles
import XAINetworks
import XAITensor

extension RepresentationTensors {
  /// What filters are worth, which stay, and the network that is left.
  func pruning() throws -> [Named] {
    let images = try images("class.pixels")
    let labels = try given.labels("class.labels", count: images.rows)
    var results: [Named] = []
    func scores(_ criterion: FilterCriterion) throws -> [FilterScores] {
      let scores = try criterion.scores(of: network, images: images, labels: labels)
      for layer in scores {
        results.append(
          numbers(
            "prune.\(criterion.rawValue).\(layer.layer.rectifier)", [layer.values.count],
            layer.values))
      }
      return scores
    }
    let asked = Set(parameters.names(of: "prune").compactMap(\.first))
    for criterion in FilterCriterion.allCases
    where criterion != .lrp && asked.contains(criterion.rawValue) {
      _ = try scores(criterion)
    }
    let relevance = try scores(.lrp)
    let plan = PruningPlan(
      FilterCriterion.lrp.normalized(relevance),
      removing: try parameters.number("share", of: "prune.kept") ?? 0.25,
      floor: try parameters.number("floor", of: "prune.kept") ?? PruningPlan.defaultFloor)
    for (layer, kept) in zip(plan.layers, plan.kept) {
      results.append(
        (
          "prune.kept.\(layer.rectifier)",
          .uint8(shape: [kept.count], kept.map { $0 ? 1 : 0 })
        ))
    }
    let pruned = try PrunedNetwork(plan, of: network.network, network.parameters)
    let explained = ExplainedNetwork(
      pruned.network, parameters: pruned.parameters, backend: network.backend)
    let last = pruned.network.logitLayer
    if let logits = try LayerOutputs([last], of: explained).all(of: images)[last] {
      results.append(("prune.logits", .float32(logits)))
    }
    for name in pruned.parameters.names {
      guard let tensor = pruned.parameters[name] else { continue }
      results.append(("pruned.\(name)", .float32(tensor)))
    }
    return results
  }
}
