import XAIFiles
import XAITensor

/// `infidelity.gaussian.*` and `infidelity.square.*`.
enum InfidelityTensors: TensorFamily {
  static func tensor(_ name: TensorName, _ context: TensorContext) throws -> TensorData? {
    guard name[0] == "infidelity", name.parts.count == 3,
      ["plain", "beta", "scaled", "relative"].contains(name[2])
    else { return nil }
    switch name[1] {
    case "gaussian":
      let rows = try gaussian(context)
      return .reals(
        [rows.count, context.count], rows.flatMap { $0.map { number(name[2], $0) } })
    case "square":
      let rows = try squares(name.text, context)
      return try context.perMap { [number(name[2], rows[$0][$1])] }
    default: return nil
    }
  }

  /// One of the numbers of an infidelity.
  static func number(_ name: String, _ infidelity: Infidelity) -> Double? {
    switch name {
    case "plain": infidelity.plain
    case "beta": infidelity.beta
    case "scaled": infidelity.scaled
    case "relative": infidelity.relative
    default: nil
    }
  }

  private static func gaussian(_ context: TensorContext) throws -> [[Infidelity]] {
    try context.shared("infidelity/gaussian") {
      let shape = [context.count] + context.network.input
      let noise = try context.given.tensor("infidelity.noise", [nil] + shape)
      let maps = try context.given.tensor("infidelity.maps", [nil] + shape)
      let flatNoise = noise.reshaped(to: [noise.rows * context.count] + context.network.input)
      let flatMaps = maps.reshaped(to: [maps.rows * context.count] + context.network.input)
      let columns = try context.images.indices.map { image in
        let measure = try GaussianInfidelity(
          (0..<noise.rows).map {
            flatNoise.row($0 * context.count + image).reshaped(to: context.network.input)
          }, image: context.images[image], target: context.targets[image], context.network)
        return try (0..<maps.rows).map {
          try measure(flatMaps.row($0 * context.count + image).reshaped(to: context.network.input))
        }
      }
      return (0..<maps.rows).map { map in columns.map { $0[map] } }
    }
  }

  private static func squares(
    _ tensor: String, _ context: TensorContext
  ) throws -> [[Infidelity]] {
    let baseline = try context.given.text(tensor, "baseline") ?? "black"
    return try context.shared("infidelity/square/\(baseline)") {
      let numbers = try context.given.integers("infidelity.squares", [nil, 3])
      let squares = numbers.rows(numbers.shape[0]).map {
        RemovedSquare(row: $0[0], column: $0[1], side: $0[2])
      }
      let measure = SquareInfidelity(squares, height: context.height, width: context.width)
      return try context.maps.map { row in
        try row.enumerated().map { image, map in
          try measure(map, try context.removal(baseline, image))
        }
      }
    }
  }
}
