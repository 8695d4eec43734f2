import XAIFiles
import XAIMetrics
import XAITensor

/// `robustness.*`: from given neighbors and their maps.
enum RobustnessTensors: TensorFamily {
  static func tensor(_ name: TensorName, _ context: TensorContext) throws -> TensorData? {
    let measures: [String: (Stability, Neighborhood) -> Double?] = [
      "robustness.maxSensitivity": { stability, _ in stability.maximalSensitivity },
      "robustness.averageSensitivity": { stability, _ in stability.averageSensitivity },
      "robustness.lipschitz": { stability, _ in stability.lipschitz },
      "robustness.relative.input": { stability, _ in stability.relativeInput },
      "robustness.relative.output": { stability, _ in stability.relativeOutput },
      "robustness.relative.input.literal": { stability, _ in stability.literalInput },
      "robustness.relative.output.literal": { stability, _ in stability.literalOutput },
      "robustness.relative.kept": { _, neighborhood in neighborhood.keptShare },
    ]
    guard let measure = measures[name.text] else { return nil }
    let neighborhoods = try neighborhoods(context)
    let rows = try stabilities(neighborhoods, context)
    return .reals(
      [rows.count, context.count],
      rows.flatMap { zip($0, neighborhoods).map { measure($0, $1) } })
  }

  private static func neighborhoods(_ context: TensorContext) throws -> [Neighborhood] {
    try context.shared("neighborhoods") {
      let shape = context.network.input
      let noise = try context.given.tensor("robustness.noise", [nil, context.count] + shape)
      let flat = noise.reshaped(to: [noise.rows * context.count] + shape)
      return try context.images.indices.map { image in
        try Neighborhood(
          (0..<noise.rows).map { flat.row($0 * context.count + image).reshaped(to: shape) },
          of: context.images[image], context.network)
      }
    }
  }

  private static func stabilities(
    _ neighborhoods: [Neighborhood], _ context: TensorContext
  ) throws -> [[Stability]] {
    try context.shared("stabilities") {
      let draws = neighborhoods[0].disturbances.count
      let given = try context.given.maps(
        "robustness.maps", leading: [nil, draws, context.count], height: context.height,
        width: context.width)
      let names = try context.given.texts("robustness.maps", "names")
      let maps =
        try names.map { try $0.map { try context.map(named: $0, for: "robustness.maps") } }
        ?? Array(context.maps.indices)
      guard maps.count == given.shape[0] else {
        throw EvaluationFailure(
          .shape(given.shape, expected: "maps of \(maps.count) names first"),
          of: "tensor robustness.maps")
      }
      let rows = given.rows(maps.count * draws * context.count)
      return maps.enumerated().map { position, map in
        context.images.indices.map { image in
          Stability(
            of: context.maps[map][image].map,
            at: (0..<draws).map { draw in
              RelevanceMap(
                height: context.height, width: context.width,
                values: rows[(position * draws + draw) * context.count + image])
            }, neighborhoods[image])
        }
      }
    }
  }
}
