public import XAIFiles
public import XAIExperiments

/// The numbers of a randomization test as comma-separated values.
public struct RandomizationTables: Sendable {
  private let results: RandomizationResults

  /// Prepares the tables.
  /// - Parameter results: What the test found.
  public init(_ results: RandomizationResults) { self.results = results }

  /// Writes `results.csv`: a row for each image, method, mode, layer, seed and measure.
  ///
  /// A value is empty where a map holds NaN or infinity.
  /// - Parameter path: The file.
  /// - Throws: Where it cannot be written.
  public func writeScores(to path: String) throws(FileFailure) {
    let names = results.images.map { CSV.field($0.name) }
    let measures = results.measures.map { CSV.field($0) }
    try AtomicFile.write(to: path) { (writer: inout FileWriter) throws(FileFailure) in
      try writer.write(
        "image,image_name,method,mode,layer,seed,target,metric,value,degenerate\n")
      for row in results.scores {
        let start = [
          "\(row.image)", names[row.image], CSV.field(row.method), row.step.mode.rawValue,
          CSV.field(row.step.layer), "\(row.step.seed)", "\(row.target)",
        ].joined(separator: ",")
        for (index, measure) in measures.enumerated() {
          let value = row.values[index].map { "\($0)" } ?? ""
          let isDegenerate = row.degenerate.contains(results.measures[index])
          try writer.write("\(start),\(measure),\(value),\(isDegenerate)\n")
        }
      }
    }
  }

  /// Writes `summary.csv`: mean and spread of each measure for each method, mode and layer.
  /// - Parameter path: The file.
  /// - Throws: Where it cannot be written.
  public func writeSummaries(to path: String) throws(FileFailure) {
    try AtomicFile.write(to: path) { (writer: inout FileWriter) throws(FileFailure) in
      try writer.write(
        "method,mode,layer,metric,count,mean,standard_deviation,lower,upper,degenerate\n")
      for row in results.summaries {
        let numbers = [row.mean, row.deviation, row.lower, row.upper].map {
          $0.map { "\($0)" } ?? ""
        }
        try writer.write(
          CSV.row(
            [
              CSV.field(row.method), row.mode.rawValue, CSV.field(row.layer),
              CSV.field(row.measure), "\(row.count)",
            ] + numbers + ["\(row.degenerate)"]))
      }
    }
  }

  /// Writes `complexity.csv`: the entropy of each method's maps before and after all layers are random.
  /// - Parameter path: The file.
  /// - Throws: Where it cannot be written.
  public func writeComplexity(to path: String) throws(FileFailure) {
    var text = "image,image_name,method,seed,original,randomized,rise\n"
    for row in results.complexity {
      text += CSV.row([
        "\(row.image)", CSV.field(results.images[row.image].name), CSV.field(row.method),
        "\(row.seed)", "\(row.original)", "\(row.randomized)", row.rise.map { "\($0)" } ?? "",
      ])
    }
    try AtomicFile.write(text, to: path)
  }

  /// Writes `verdicts.csv`: what follows for each method.
  /// - Parameter path: The file.
  /// - Throws: Where it cannot be written.
  public func writeVerdicts(to path: String) throws(FileFailure) {
    var text =
      "method,verdict,after_top,after_head,floor,floor_reached_at,reason,degree,change,change_lower,"
    text += "change_upper\n"
    for verdict in results.verdicts {
      let numbers = [verdict.afterTop, verdict.afterHead, verdict.floor].map { number in
        number.map { "\($0)" } ?? ""
      }
      text += CSV.row(
        [CSV.field(verdict.method), verdict.outcome.rawValue] + numbers
          + [CSV.field(verdict.floorReachedAt ?? ""), CSV.field(verdict.reason)]
          + [verdict.degree?.rawValue ?? ""]
          + [verdict.change?.mean, verdict.change?.lower, verdict.change?.upper].map { number in
            number.map { "\($0)" } ?? ""
          })
    }
    try AtomicFile.write(text, to: path)
  }
}
