/// Deletion, insertion and their difference by cell or by segment.
public struct PartCurveMeasure: EvaluationMeasure {
  /// What parts an image has.
  public enum Division: Sendable, Equatable {
    /// Squares of a side.
    case squares(Int)
    /// The superpixels that are known of the image.
    case segments

    var name: String {
      switch self {
      case .squares: "cells"
      case .segments: "segments"
      }
    }

    /// The parts of an image.
    func parts(of image: JudgedImage) throws(EvaluationFailure) -> ImageParts {
      switch self {
      case .squares(let side):
        return try ImageParts(squaresOf: side, height: image.height, width: image.width)
      case .segments:
        guard let segments = image.knowledge.segments else {
          throw EvaluationFailure(.missing, of: "the division into segments")
        }
        return segments
      }
    }
  }

  /// The name of the baseline.
  public var baseline: String
  /// What parts an image has.
  public var division: Division

  /// Chooses parameters.
  /// - Parameters:
  ///   - baseline: The name of the baseline.
  ///   - division: What parts an image has.
  public init(_ baseline: String, _ division: Division = .squares(8)) {
    (self.baseline, self.division) = (baseline, division)
  }

  /// Two columns of each number.
  public var columns: [MeasureColumn] {
    let (name, words) = ("\(division.name).\(baseline)", "by \(division.name), against \(baseline)")
    let columns =
      MeasureColumn.both(
        "deletion.\(name)", .faithfulness, .lower, "area while the most relevant go first \(words)")
      + MeasureColumn.both(
        "insertion.\(name)", .faithfulness, .higher,
        "area while the least relevant go first \(words)")
      + MeasureColumn.both(
        "gain.\(name)", .faithfulness, .higher, "insertion - deletion \(words)", null: 0)
    return columns.map { $0.against(baseline) }
  }

  private func paths(_ map: JudgedMap, _ parts: ImageParts) -> (RemovalPath, RemovalPath) {
    let order = parts.order(of: map.values, ties: map.ties)
    return (RemovalPath(order, of: parts), RemovalPath(order.reversed(), of: parts))
  }

  /// Both curves of every map.
  public func prepare(_ maps: [JudgedMap], on image: JudgedImage) throws -> [RemovalPlan] {
    let parts = try division.parts(of: image)
    return [
      RemovalPlan(
        baseline,
        maps.flatMap { map in
          let (morf, lerf) = paths(map, parts)
          return morf.masks + lerf.masks
        })
    ]
  }

  /// Reads the curves.
  public func scores(of map: JudgedMap, on image: JudgedImage) throws -> [Double?] {
    let (removal, paths) = (
      try image.removal(baseline), paths(map, try division.parts(of: image))
    )
    let curves = CurvePair(
      morf: try RemovalCurve(paths.0, removal), lerf: try RemovalCurve(paths.1, removal))
    let numbers: [(TargetQuantity) -> Double?] = [curves.morf.area, curves.lerf.area, curves.gain]
    return numbers.flatMap { TargetQuantity.allCases.map($0) }
  }
}
