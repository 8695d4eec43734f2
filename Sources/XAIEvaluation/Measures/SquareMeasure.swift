/// Relative infidelity of random squares that go.
public struct SquareMeasure: EvaluationMeasure {
  /// The name of the baseline.
  public var baseline: String
  /// How many squares.
  public var samples: Int

  /// Chooses parameters.
  /// - Parameters:
  ///   - baseline: The name of the baseline.
  ///   - samples: How many squares.
  public init(_ baseline: String, samples: Int = 64) {
    (self.baseline, self.samples) = (baseline, samples)
  }

  /// The headline, then what has a unit.
  public var columns: [MeasureColumn] {
    let columns =
      [
        MeasureColumn(
          "infidelity.\(baseline)", .faithfulness, .lower,
          "relative infidelity of squares, against \(baseline)", null: 1
        ).taken(.additive),
        MeasureColumn(
          "infidelity.\(baseline).plain", .faithfulness, .describes,
          "infidelity of squares in squared logits, against \(baseline)"),
        MeasureColumn(
          "infidelity.\(baseline).scale", .faithfulness, .describes,
          "factor that fits the map best, against \(baseline)"),
      ]
    return columns.map { $0.against(baseline) }
  }

  private func measure(_ image: JudgedImage) throws -> SquareInfidelity {
    try image.shared("squares/\(samples)") {
      let sides = max(1, image.height / 16)...max(1, image.height / 16, image.height / 4)
      return SquareInfidelity(
        (0..<samples).map {
          image.draws.square(
            sides: sides, height: image.height, width: image.width, image: image.key, sample: $0)
        }, height: image.height, width: image.width)
    }
  }

  /// Every square.
  public func prepare(_ maps: [JudgedMap], on image: JudgedImage) throws -> [RemovalPlan] {
    [RemovalPlan(baseline, try measure(image).masks)]
  }

  /// Compares changes.
  public func scores(of map: JudgedMap, on image: JudgedImage) throws -> [Double?] {
    let infidelity = try measure(image)(map, try image.removal(baseline))
    return [infidelity.relative, infidelity.plain, infidelity.beta]
  }
}
