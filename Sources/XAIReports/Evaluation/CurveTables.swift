import XAIEvaluation
import XAIExperiments
import XAIFiles

/// The removal curves of an evaluation as comma-separated values: a file for each image and baseline.
///
/// Curves of the coalition table have a point for each cell and those of methods one for each step: a row has
/// numbers where its share of pixels is a point of a curve, and the areas are those of straight lines between
/// them.
struct CurveTables {
  private let outcome: EvaluationOutcome

  init(_ outcome: EvaluationOutcome) { self.outcome = outcome }

  private struct Column {
    let name: String
    /// What the network says, by the number of pixels gone.
    let values: [Int: Double]

    init(_ name: String, _ curve: RemovalCurve?, _ quantity: TargetQuantity) {
      self.name = name
      values = Dictionary(
        zip(curve?.sizes ?? [], curve?.values.map { $0[quantity] } ?? []),
        uniquingKeysWith: { first, _ in first })
    }
  }

  /// Writes `IMAGE-BASELINE.csv` for each; no folder where there are no curves.
  func write(to folder: String) throws(FileFailure) {
    guard !outcome.curves.entries.isEmpty else { return }
    try Folder.create(folder)
    var names = FileNames()
    for entry in outcome.curves.entries {
      let image = outcome.results.images[entry.image].name
      try write(entry, to: "\(folder)/\(names.name(for: "\(image)-\(entry.baseline)")).csv")
    }
  }

  private func write(_ entry: EvaluationCurves.Entry, to path: String) throws(FileFailure) {
    let columns = columns(of: entry)
    let sizes = Set(columns.flatMap(\.values.keys)).sorted()
    let pixels = Double(max(entry.random.pixels, 1))
    try AtomicFile.write(to: path) { (writer: inout FileWriter) throws(FileFailure) in
      try writer.write(CSV.row(["share_gone"] + columns.map { CSV.field($0.name) }))
      for size in sizes {
        try writer.write(
          CSV.row(
            ["\(Double(size) / pixels)"]
              + columns.map { EvaluationTables.number($0.values[size]) }))
      }
    }
  }

  private func columns(of entry: EvaluationCurves.Entry) -> [Column] {
    let methods = zip(outcome.results.methods, entry.methods).flatMap { method, pair in
      [("morf", pair?.morf), ("lerf", pair?.lerf)].flatMap { order, curve in
        TargetQuantity.allCases.map {
          Column("\(method.identifier).\(order).\($0.rawValue)", curve, $0)
        }
      }
    }
    let random = TargetQuantity.allCases.map {
      Column("mean of random orders.\($0.rawValue)", entry.random, $0)
    }
    let ends = [("best order", entry.best), ("worst order", entry.worst)].flatMap { name, curves in
      zip(TargetQuantity.allCases, curves).map {
        Column("\(name).\($0.rawValue)", $1, $0)
      }
    }
    return methods + random + ends
  }
}
