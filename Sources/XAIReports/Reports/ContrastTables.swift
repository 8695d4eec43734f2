import XAIFiles
import XAIExperiments

/// The numbers of a comparison as comma-separated values.
struct ContrastTables {
  private let results: ContrastResults

  init(_ results: ContrastResults) { self.results = results }

  /// Writes `results.csv`: a row for each method, image, contrast and measure.
  ///
  /// A value is empty where a map holds NaN or infinity.
  func writeScores(to path: String) throws(FileFailure) {
    let measures = results.measures.map { CSV.field($0) }
    try AtomicFile.write(to: path) { (writer: inout FileWriter) throws(FileFailure) in
      try writer.write(
        "image,image_name,method,contrast,draw,left_network,left_class,left_name,right_network,"
          + "right_class,right_name,metric,value,degenerate\n")
      for row in results.scores {
        let pair = results.pairs[row.pair]
        let start =
          ([
            "\(pair.image)", CSV.field(results.images[pair.image].name), CSV.field(row.method),
            CSV.field(results.contrasts[pair.contrast].identifier), "\(pair.draw)",
          ] + fields(pair.left) + fields(pair.right)).joined(separator: ",")
        for (index, measure) in measures.enumerated() {
          let value = row.values[index].map { "\($0)" } ?? ""
          let isDegenerate = row.degenerate.contains(results.measures[index])
          try writer.write("\(start),\(measure),\(value),\(isDegenerate)\n")
        }
      }
    }
  }

  private func fields(_ side: ContrastSide) -> [String] {
    [
      CSV.field(results.networks[side.network].name), "\(side.target.index)",
      CSV.field(side.target.words),
    ]
  }

  /// Writes `summary.csv`: mean and spread of each measure for each method and contrast.
  ///
  /// The ends of the interval are empty where there is one image alone.
  func writeSummaries(to path: String) throws(FileFailure) {
    try AtomicFile.write(to: path) { (writer: inout FileWriter) throws(FileFailure) in
      try writer.write(
        "method,contrast,metric,images,count,mean,standard_deviation,lower,upper,degenerate\n")
      for row in results.summaries {
        let ends = [row.lower, row.upper].map { end in end.map { "\($0)" } ?? "" }
        try writer.write(
          CSV.row(
            [
              CSV.field(row.method), CSV.field(row.contrast), CSV.field(row.measure),
              "\(row.images)", "\(row.count)", "\(row.mean)", "\(row.deviation)",
            ] + ends + ["\(row.degenerate)"]))
      }
    }
  }
}
