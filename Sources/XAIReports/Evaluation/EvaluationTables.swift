import XAIExperiments
import XAIFiles

/// The numbers of an evaluation as comma-separated values.
struct EvaluationTables {
  private let results: EvaluationResults

  init(_ results: EvaluationResults) { self.results = results }

  /// Writes `scores.csv`: a row for each method and image, a column for each measure, empty where it is
  /// undefined.
  func writeScores(to path: String) throws(FileFailure) {
    try AtomicFile.write(to: path) { (writer: inout FileWriter) throws(FileFailure) in
      try writer.write(
        CSV.row(["method", "image"] + results.measures.map { CSV.field($0.identifier) }))
      for row in results.scores {
        try writer.write(
          CSV.row(
            [CSV.field(row.method), CSV.field(results.images[row.image].name)]
              + row.values.map(Self.number)))
      }
    }
  }

  /// Writes `summary.csv`: a row for each method and measure.
  func writeSummaries(to path: String) throws(FileFailure) {
    try AtomicFile.write(to: path) { (writer: inout FileWriter) throws(FileFailure) in
      try writer.write(
        "method,measure,images,value,lower,upper,gain,gain_lower,gain_upper,rank,rank_lower,"
          + "rank_upper,first,groups\n")
      for row in results.summaries {
        let numbers = [
          row.value, row.lower, row.upper, row.gain, row.gainLower, row.gainUpper, row.rank,
          row.rankLower, row.rankUpper, row.first,
        ]
        try writer.write(
          CSV.row(
            [CSV.field(row.method), CSV.field(row.measure), "\(row.count)"]
              + numbers.map(Self.number) + [CSV.field(row.groups)]))
      }
    }
  }

  /// Writes `agreement.csv`: Kendall's tau of every two measures, empty where it is undefined.
  func writeAgreement(to path: String) throws(FileFailure) {
    let agreement = results.agreement
    try AtomicFile.write(to: path) { (writer: inout FileWriter) throws(FileFailure) in
      let names = agreement.measures.map { CSV.field($0) }
      try writer.write(CSV.row(["measure"] + names))
      for (name, row) in zip(names, agreement.tau) {
        try writer.write(CSV.row([name] + row.map(Self.number)))
      }
    }
  }

  /// Writes `trials.csv`: how far each measure is to be believed.
  func write(_ trials: [MeasureTrialRecord], to path: String) throws(FileFailure) {
    try AtomicFile.write(to: path) { (writer: inout FileWriter) throws(FileFailure) in
      try writer.write("measure,noise_resilience,adversary,images\n")
      for trial in trials {
        try writer.write(
          CSV.row([
            CSV.field(trial.measure), Self.number(trial.noiseResilience),
            Self.number(trial.adversary), "\(trial.images)",
          ]))
      }
    }
  }

  /// All digits of a number; empty without one.
  static func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
}
