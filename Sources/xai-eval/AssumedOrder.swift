import XAICommandLine
import XAIDatasets
import XAITraining

/// What another order of the classes would make of an evaluation in which the order was assumed.
struct AssumedOrder {
  /// Told where the identifiers in sorted order give clearly more.
  let sentence: String?

  /// Less than this share more may be chance.
  private static let clearly = 0.05

  /// Looks at the predictions of an evaluation.
  /// - Parameters:
  ///   - report: The evaluation, the classes in the order of the data.
  ///   - classes: The classes of the data.
  init(_ report: ClassificationReport, _ classes: [ClassLabel]) {
    let sorted = classes.indices.sorted {
      classes[$0].id.utf8.lexicographicallyPrecedes(classes[$1].id.utf8)
    }
    guard sorted != Array(classes.indices) else {
      sentence = nil
      return
    }
    let hits = report.predictions.count { prediction in
      prediction.ranking.predicted.map { sorted[$0] == prediction.label } ?? false
    }
    let share = Double(hits) / Double(max(report.predictions.count, 1))
    sentence =
      share > report.tally.top1 + Self.clearly
      ? "with the identifiers in sorted order top-1 would be \(Format.percent(share, digits: 2)), so that "
        + "seems to be the order of its classes: give --class-names sorted" : nil
  }
}
