import XAIFiles
import XAITensor

/// `cells.*`, `faithfulnessEstimate`, `nonSensitivity`, `monotonicityCorrelation`: what the removal of each cell
/// of the grid costs.
enum CellTensors: TensorFamily {
  static func tensor(_ name: TensorName, _ context: TensorContext) throws -> TensorData? {
    switch name.text {
    case "cells.mass":
      let cells = try PartTensors.grid(context)
      return try context.perMap([cells.count]) { cells.sums(context.maps[$0][$1].values) }
    case "cells.drop":
      let effects = try effects(name.text, context)
      return .reals(
        [context.count, effects[0].cells.count, 2],
        effects.flatMap { CurveTensors.values($0.drops) })
    case "faithfulnessEstimate":
      let effects = try effects(name.text, context)
      return try context.perMap([2]) { map, image in
        CurveTensors.both {
          effects[image].faithfulnessEstimate(context.maps[map][image], $0)
        }
      }
    case "nonSensitivity":
      let effects = try effects(name.text, context)
      let threshold = try context.given.number(name.text, "threshold") ?? 0.01
      return try context.perMap([3]) { map, image in
        let shares = effects[image].contradictions(
          context.maps[map][image], threshold: threshold)
        return [shares.ignored, shares.invented, shares.all]
      }
    case "cells.variance":
      let variances = try variances(context)
      return .reals(
        [context.count, variances[0].values.count], variances.flatMap(\.values))
    case "monotonicityCorrelation":
      let variances = try variances(context)
      return try context.perMap { map, image in
        [variances[image].monotonicityCorrelation(context.maps[map][image])]
      }
    default: return nil
    }
  }

  /// The effects of cells against the baseline that a tensor names, or that of `cells.drop`.
  private static func effects(
    _ tensor: String, _ context: TensorContext
  ) throws -> [CellEffects] {
    let baseline =
      try context.given.text(tensor, "baseline") ?? context.given.text("cells.drop", "baseline")
      ?? "black"
    return try context.shared("effects/\(baseline)") {
      let cells = try PartTensors.grid(context)
      return try context.images.indices.map {
        try CellEffects(cells, try context.removal(baseline, $0))
      }
    }
  }

  private static func variances(_ context: TensorContext) throws -> [CellVariance] {
    try context.shared("variances") {
      let cells = try PartTensors.grid(context)
      let shape = context.network.input
      let others = try context.given.tensor("inputs/baseline.distribution", [nil] + shape)
      return try context.images.indices.map { image in
        let removals = try (0..<others.rows).map {
          try RemovalEvaluator(
            context.network, image: context.images[image],
            baseline: others.row($0).reshaped(to: shape), target: context.targets[image])
        }
        return try CellVariance(cells, removals)
      }
    }
  }
}
