import XAIFiles

/// `order`, `curve.*`, `auc.*`, `srg.*`, `aopc.*`, `monotonicity.*`, `effectiveComplexity.*`, `random.auc.*`,
/// `comprehensiveness.*`, `sufficiency.*`: curves by pixel.
enum CurveTensors: TensorFamily {
  static func tensor(_ name: TensorName, _ context: TensorContext) throws -> TensorData? {
    switch (name[0], name.parts.count) {
    case ("order", 1):
      return .wholes(
        [context.maps.count, context.count, context.pixels],
        context.maps.flatMap { $0.flatMap(\.order.pixels) })
    case ("curve", 2) where name[1] == "sizes":
      let sizes = try sizes(context)
      return .wholes([sizes.count], sizes)
    case ("curve", 3), ("auc", 3):
      guard let isLeastFirst = name.isLeastFirst else { return nil }
      let curves = try curves(name[1], isLeastFirst: isLeastFirst, context)
      return name[0] == "curve"
        ? try context.perMap([try sizes(context).count, 2]) { values(curves[$0][$1]) }
        : try context.perMap([2]) { both(curves[$0][$1].area) }
    case ("srg", 2), ("aopc", 2), ("monotonicity", 2), ("effectiveComplexity", 2):
      return try scores(name, context)
    case ("random", 3) where name[1] == "auc": return try randomAreas(name[2], context)
    case ("comprehensiveness", 2), ("sufficiency", 2): return try erasure(name, context)
    default: return nil
    }
  }

  /// A number of the logit, then of the probability.
  static func both(_ number: (TargetQuantity) -> Double?) -> [Double?] {
    [number(.logit), number(.probability)]
  }

  /// Logit and probability of each point.
  static func values(_ curve: RemovalCurve) -> [Double?] { values(curve.values) }

  static func values(_ values: [TargetValue]) -> [Double?] {
    values.flatMap { [$0.logit, $0.probability] }
  }

  private static func sizes(_ context: TensorContext) throws -> [Int] {
    let steps = try context.given.integer("curve.sizes", "steps")
    let points = try steps.map { try CurveSteps($0) } ?? CurveSteps()
    return points.sizes(pixels: context.pixels)
  }

  /// Both curves of every map and image.
  private static func curves(_ baseline: String, _ context: TensorContext) throws -> [[CurvePair]] {
    let morf = try curves(baseline, isLeastFirst: false, context)
    let lerf = try curves(baseline, isLeastFirst: true, context)
    return zip(morf, lerf).map { zip($0, $1).map { CurvePair(morf: $0, lerf: $1) } }
  }

  /// The curves of every map and image in one direction; those of an image run together.
  private static func curves(
    _ baseline: String, isLeastFirst: Bool, _ context: TensorContext
  ) throws -> [[RemovalCurve]] {
    try context.shared("curves/\(baseline)/\(isLeastFirst)") {
      let sizes = try sizes(context)
      let paths = context.maps.map {
        $0.map { RemovalPath(isLeastFirst ? $0.order.reversed : $0.order, sizes: sizes) }
      }
      for image in context.images.indices {
        try context.removal(baseline, image).prepare(paths.flatMap { $0[image].masks })
      }
      return try paths.map { row in
        try row.enumerated().map { image, path in
          try RemovalCurve(path, try context.removal(baseline, image))
        }
      }
    }
  }

  private static func scores(_ name: TensorName, _ context: TensorContext) throws -> TensorData {
    let curves = try curves(name[1], context)
    switch name[0] {
    case "srg": return try context.perMap([2]) { both(curves[$0][$1].gain) }
    case "aopc":
      return try context.perMap([2, 2]) { map, image in
        let pair = curves[map][image]
        return TargetQuantity.allCases.flatMap { [pair.morf.meanDrop($0), pair.lerf.meanDrop($0)] }
      }
    case "monotonicity":
      let tolerance = try context.given.number(name.text, "tolerance") ?? 1e-6
      return try context.perMap([2]) { map, image in
        both { curves[map][image].morf.fallingShare($0, tolerance: tolerance) }
      }
    default:
      let kept = try context.given.number(name.text, "kept") ?? 0.9
      return try context.perMap { [curves[$0][$1].lerf.effectiveComplexity(keeping: kept)] }
    }
  }

  private static func randomAreas(
    _ baseline: String, _ context: TensorContext
  ) throws -> TensorData {
    let sizes = try sizes(context)
    let given = try context.given.integers("random.orders", [nil, context.count, context.pixels])
    let rows = given.rows(given.shape[0] * context.count)
    var areas: [Double?] = []
    for (index, row) in rows.enumerated() {
      let order = try PixelOrder(row, subject: "tensor random.orders")
      let removal = try context.removal(baseline, index % context.count)
      areas += both(try RemovalCurve(RemovalPath(order, sizes: sizes), removal).area)
    }
    return .reals([given.shape[0], context.count, 2], areas)
  }

  private static func erasure(_ name: TensorName, _ context: TensorContext) throws -> TensorData {
    let erasure =
      try context.given.numbers(name.text, "fractions").map { Erasure(fractions: $0) }
      ?? Erasure()
    let takesTop = name[0] == "comprehensiveness"
    for image in context.images.indices {
      try context.removal(name[1], image).prepare(
        context.maps.flatMap {
          takesTop ? erasure.withoutTop($0[image].order) : erasure.topAlone($0[image].order)
        })
    }
    return try context.perMap([2]) { map, image in
      let (order, removal) = (context.maps[map][image].order, try context.removal(name[1], image))
      let mean =
        try takesTop
        ? erasure.comprehensiveness(order, removal) : erasure.sufficiency(order, removal)
      return both { mean[$0] }
    }
  }
}
