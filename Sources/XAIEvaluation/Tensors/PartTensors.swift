import XAIAttribution
import XAIFiles

/// `grid`, and for the grid and any given division such as `segments`: `*.order`, `*.curve.*`, `*.auc.*`,
/// `*.srg.*`: curves by cell and by segment.
enum PartTensors: TensorFamily {
  static func tensor(_ name: TensorName, _ context: TensorContext) throws -> TensorData? {
    if name.text == "grid" {
      return .wholes([context.height, context.width], try grid(context).map.labels)
    }
    let kinds = ["order": 2, "curve": 4, "auc": 4, "srg": 3]
    guard kinds[name[1]] == name.parts.count, let parts = try parts(name[0], context) else {
      return nil
    }
    if name[1] == "order" {
      let orders = context.maps.flatMap { $0.flatMap { parts.order(of: $0.values, ties: $0.ties) } }
      return .wholes([context.maps.count, context.count, parts.count], orders)
    }
    let curves = try curves(name[0], parts, name[2], context)
    if name[1] == "srg" {
      return try context.perMap([2]) { CurveTensors.both(curves[$0][$1].gain) }
    }
    guard let isLeastFirst = name.isLeastFirst else { return nil }
    let chosen = curves.map { $0.map { isLeastFirst ? $0.lerf : $0.morf } }
    return name[1] == "curve"
      ? try context.perMap([parts.count + 1, 2]) { CurveTensors.values(chosen[$0][$1]) }
      : try context.perMap([2]) { CurveTensors.both(chosen[$0][$1].area) }
  }

  /// The squares that cells and curves by cell share.
  static func grid(_ context: TensorContext) throws -> ImageParts {
    try context.shared("grid") {
      if context.given.has("grid") { return try given("grid", context) }
      return try ImageParts(
        squaresOf: try context.given.integer("grid", "side") ?? 8, height: context.height,
        width: context.width)
    }
  }

  /// A division that is given as `[H, W]`.
  static func given(_ name: String, _ context: TensorContext) throws -> ImageParts {
    let labels = try context.given.integers(name, [context.height, context.width])
    return try ImageParts(
      labels: labels.values, height: context.height, width: context.width, subject: "tensor \(name)"
    )
  }

  private static func parts(_ kind: String, _ context: TensorContext) throws -> ImageParts? {
    if kind == "grid" { return try grid(context) }
    guard kind != "table" else { return nil }
    guard kind == "segments" || context.given.has(kind) else { return nil }
    return try context.shared("parts/\(kind)") { try given(kind, context) }
  }

  private static func curves(
    _ kind: String, _ parts: ImageParts, _ baseline: String, _ context: TensorContext
  ) throws -> [[CurvePair]] {
    try context.shared("curves/\(kind)/\(baseline)") {
      let paths = context.maps.map { row in
        row.map { map in
          let order = parts.order(of: map.values, ties: map.ties)
          return (RemovalPath(order, of: parts), RemovalPath(order.reversed(), of: parts))
        }
      }
      for image in context.images.indices {
        try context.removal(baseline, image).prepare(
          paths.flatMap { $0[image].0.masks + $0[image].1.masks })
      }
      return try paths.map { row in
        try row.enumerated().map { image, pair in
          let removal = try context.removal(baseline, image)
          return CurvePair(
            morf: try RemovalCurve(pair.0, removal), lerf: try RemovalCurve(pair.1, removal))
        }
      }
    }
  }
}
