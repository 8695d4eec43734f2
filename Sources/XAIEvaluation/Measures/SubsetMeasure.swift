/// Faithfulness correlation over random subsets of pixels, at several sizes.
public struct SubsetMeasure: EvaluationMeasure {
  /// The name of the baseline.
  public var baseline: String
  /// The shares of the pixels.
  public var shares: [Double]
  /// How many subsets of each size.
  public var samples: Int

  /// Chooses parameters.
  /// - Parameters:
  ///   - baseline: The name of the baseline.
  ///   - shares: The shares of the pixels.
  ///   - samples: How many subsets of each size.
  public init(_ baseline: String, shares: [Double] = [0.02, 0.1, 0.3], samples: Int = 100) {
    (self.baseline, self.shares, self.samples) = (baseline, shares, samples)
  }

  /// Two columns of each size.
  public var columns: [MeasureColumn] {
    let columns =
      shares.flatMap { share in
        MeasureColumn.both(
          "faithfulnessCorrelation.\(baseline).\(share)", .faithfulness, .higher,
          "correlation of summed relevance with the loss, subsets of \(100 * share) % of the pixels, against "
            + baseline, null: 0)
      }
    return columns.map { $0.against(baseline).taken(.additive) }
  }

  private func levels(_ image: JudgedImage) throws -> [FaithfulnessCorrelation] {
    try image.shared("subsets/\(shares)/\(samples)") {
      shares.enumerated().map { level, share in
        FaithfulnessCorrelation(
          (0..<samples).map {
            image.draws.subset(
              share: share, pixels: image.pixels, image: image.key, level: level, sample: $0)
          })
      }
    }
  }

  /// Every subset.
  public func prepare(_ maps: [JudgedMap], on image: JudgedImage) throws -> [RemovalPlan] {
    [RemovalPlan(baseline, try levels(image).flatMap(\.subsets))]
  }

  /// Correlates.
  public func scores(of map: JudgedMap, on image: JudgedImage) throws -> [Double?] {
    let levels = try levels(image)
    let drops = try image.shared("subsets/\(baseline)/\(shares)/\(samples)/drops") {
      try levels.map { try $0.drops(try image.removal(baseline)) }
    }
    return zip(levels, drops).flatMap { level, drops in
      TargetQuantity.allCases.map { level(map, drops: drops, $0) }
    }
  }
}
