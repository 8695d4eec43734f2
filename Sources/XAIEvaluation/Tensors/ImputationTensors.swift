import XAIAttribution
import XAIFiles
import XAITensor

/// `road.*` and `pic.*`: pixels that are imputed from their neighbors.
enum ImputationTensors: TensorFamily {
  static func tensor(_ name: TensorName, _ context: TensorContext) throws -> TensorData? {
    switch name.text {
    case "road.images": try images(context)
    case "road.curve", "road.score", "road.predicted": try road(name.text, context)
    case "pic.length", "pic.area": try information(name.text, context)
    default: nil
    }
  }

  private static func fill(_ image: Int, _ context: TensorContext) throws -> ImputationFill {
    guard context.given.has("road.noise") else {
      return ImputationFill(
        noise: context.draws.imputationNoise(shape: context.network.input, image: image))
    }
    let noise = try context.given.tensor("road.noise", [context.count] + context.network.input)
    return ImputationFill(noise: noise.row(image).reshaped(to: context.network.input))
  }

  /// Examples of imputed images.
  private static func images(_ context: TensorContext) throws -> TensorData {
    let tensor = "road.images"
    let examples = try context.given.list(tensor, "examples") ?? []
    var values: [Double?] = []
    for example in examples {
      guard let members = example.members, let name = members["map"]?.text,
        let image = members["image"]?.number.flatMap({ Int(exactly: $0) }),
        let share = members["share"]?.number
      else {
        throw EvaluationFailure(
          .parameter("an example", expected: "an object of map, image and share"), of: tensor)
      }
      guard context.images.indices ~= image else {
        throw EvaluationFailure(.outside(image, of: context.count), of: tensor)
      }
      let map = context.maps[try context.map(named: name, for: tensor)][image]
      let mask = ROAD(shares: [share]).masks(map.order)[0]
      values += try fill(image, context).values(context.images[image], without: mask)
    }
    return .reals([examples.count] + context.network.input, values)
  }

  private static func road(_ name: String, _ context: TensorContext) throws -> TensorData {
    let maps = try context.maps(of: "road.curve")
    let road = try context.given.numbers("road.curve", "shares").map { ROAD(shares: $0) } ?? ROAD()
    let curves: [[ROADCurves]] = try context.shared("road") {
      // One image after the other; its maps run together.
      let columns = try context.images.indices.map { image in
        let removal = try RemovalEvaluator(
          context.network, image: context.images[image], fill: try fill(image, context),
          target: context.targets[image])
        try removal.prepare(maps.flatMap { road.removals(context.maps[$0][image].order) })
        return try maps.map { try road.curves(context.maps[$0][image].order, removal) }
      }
      return maps.indices.map { map in columns.map { $0[map] } }
    }
    let rows = curves.flatMap(\.self)
    let (shape, shares) = ([maps.count, context.count], road.shares.count)
    switch name {
    case "road.curve":
      return .reals(
        shape + [2, shares, 2], rows.flatMap { CurveTensors.values($0.morf + $0.lerf) })
    case "road.score": return .reals(shape + [2], rows.flatMap { CurveTensors.both($0.score) })
    default:
      return .reals(
        shape + [2, shares],
        rows.flatMap { ($0.morfPredictions + $0.lerfPredictions).map { Double($0) } })
    }
  }

  private static func information(_ name: String, _ context: TensorContext) throws -> TensorData? {
    guard let code = context.code else { return nil }
    let maps = try context.maps(of: "pic.length")
    let shares =
      try context.given.numbers("pic.length", "shares") ?? InformationCurves.defaultShares
    let columns: [[InformationCurves]] = try context.shared("pic") {
      try context.images.indices.map { image in
        try InformationCurves.curves(
          of: maps.map { context.maps[$0][image].order }, shares: shares,
          shown: try shown(image, context), code, image: context.images[image],
          target: context.targets[image], context.network)
      }
    }
    let rows = maps.indices.flatMap { map in columns.map { $0[map] } }
    let shape = [maps.count, context.count]
    return name == "pic.length"
      ? .reals(shape + [shares.count + 2], rows.flatMap(\.lengths))
      : .reals(shape + [2], rows.flatMap { [$0.softmaxArea, $0.accuracyArea] })
  }

  private static func shown(_ image: Int, _ context: TensorContext) throws -> PixelMask {
    guard context.given.has("pic.mask") else {
      return context.draws.shown(pixels: context.pixels, image: image)
    }
    let masks = try context.given.masks(
      "pic.mask", [context.count, context.height, context.width])
    let mask = masks.rows(context.count)[image]
    return PixelMask(count: mask.count) { mask[$0] }
  }
}
