import XAIFiles

/// `subsets.drop.*`, `faithfulnessCorrelation.*`: random subsets of pixels that all images share.
enum SubsetTensors: TensorFamily {
  static func tensor(_ name: TensorName, _ context: TensorContext) throws -> TensorData? {
    let isDrop = name[0] == "subsets" && name[1] == "drop" && name.parts.count == 3
    let isCorrelation =
      name[0] == "faithfulnessCorrelation"
      && (name.parts.count == 2 || name.parts.count == 3 && name[2] == "spearman")
    guard isDrop || isCorrelation else { return nil }
    let levels = try levels(context)
    let drops = try drops(levels, isDrop ? name[2] : name[1], context)
    if isDrop {
      return .reals(
        [levels.count, context.count, levels[0].subsets.count, 2],
        drops.flatMap { $0.flatMap { CurveTensors.values($0) } })
    }
    let correlation: Correlation = name.parts.count == 3 ? .spearman : .pearson
    var values: [Double?] = []
    for (level, drops) in zip(levels, drops) {
      for row in context.maps {
        for (map, drops) in zip(row, drops) {
          values += CurveTensors.both { level(map, drops: drops, $0, correlation) }
        }
      }
    }
    return .reals([levels.count, context.maps.count, context.count, 2], values)
  }

  private static func levels(_ context: TensorContext) throws -> [FaithfulnessCorrelation] {
    try context.shared("subsets") {
      let masks = try context.given.masks("subsets", [nil, nil, context.height, context.width])
      return masks.rows(masks.shape[0]).map { level in
        FaithfulnessCorrelation(
          Numbers(shape: [], values: level).rows(masks.shape[1]).map { mask in
            PixelMask(count: mask.count) { mask[$0] }
          })
      }
    }
  }

  /// What subsets cost: for each level and image.
  private static func drops(
    _ levels: [FaithfulnessCorrelation], _ baseline: String, _ context: TensorContext
  ) throws -> [[[TargetValue]]] {
    try context.shared("subsets/\(baseline)") {
      for image in context.images.indices {
        try context.removal(baseline, image).prepare(levels.flatMap(\.subsets))
      }
      return try levels.map { level in
        try context.images.indices.map { try level.drops(try context.removal(baseline, $0)) }
      }
    }
  }
}
