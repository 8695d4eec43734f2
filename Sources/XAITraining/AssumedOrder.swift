public import XAIDatasets

/// What another order of the classes would make of an evaluation in which the order was assumed.
public struct AssumedOrder: Sendable {
  /// The fraction of images that would be predicted rightly if the identifiers were in sorted order; nil where
  /// that is not clearly more.
  public let sortedTop1: Double?

  /// Less than this share more may be chance.
  private static let clearly = 0.05

  /// Looks at the predictions of an evaluation.
  /// - Parameters:
  ///   - report: The evaluation, the classes in the order of the data.
  ///   - classes: The classes of the data.
  public init(_ report: ClassificationReport, _ classes: [ClassLabel]) {
    let sorted = classes.indices.sorted {
      classes[$0].id.utf8.lexicographicallyPrecedes(classes[$1].id.utf8)
    }
    guard sorted != Array(classes.indices) else {
      sortedTop1 = nil
      return
    }
    let hits = report.predictions.count { prediction in
      prediction.ranking.predicted.map { sorted[$0] == prediction.label } ?? false
    }
    let share = Double(hits) / Double(max(report.predictions.count, 1))
    sortedTop1 = share > report.tally.top1 + Self.clearly ? share : nil
  }
}
