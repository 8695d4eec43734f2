import XAIAttribution
public import XAIExperiments
import XAIFiles

/// Everything that shows the outcome of an evaluation of explanations: a page, plots and tables.
///
/// Equal outcomes give equal bytes.
public struct EvaluationReport {
  /// What of the outcome is shown, and how.
  public struct Options: Sendable {
    /// At most so many images have maps and curves in the page; numbers are always about all of them.
    public var shownImages = 12
    /// How many of the best methods plots of mean curves show.
    public var plottedMethods = 5
    /// The command that made the results, word by word.
    public var command: [String] = []

    /// The usual choices.
    public init() {}
  }

  /// The name of the page.
  public static let pageName = "index.html"

  let outcome: EvaluationOutcome
  let options: Options
  /// The numbers by method and measure.
  let index: SummaryIndex
  /// How many images are shown.
  let shown: Int

  var results: EvaluationResults { outcome.results }

  /// Prepares a report.
  /// - Parameters:
  ///   - outcome: What the evaluation found.
  ///   - options: What is shown.
  public init(_ outcome: EvaluationOutcome, options: Options = Options()) {
    let images = outcome.results.images.count
    precondition(
      outcome.maps.count == outcome.results.methods.count
        && outcome.maps.allSatisfy { $0.count == images },
      "the maps are not those of \(outcome.results.methods.count) methods and \(images) images")
    precondition(
      outcome.objects.count == images && [0, images].contains(outcome.pictures.count),
      "\(outcome.objects.count) objects and \(outcome.pictures.count) pictures of \(images) images")
    (self.outcome, self.options) = (outcome, options)
    index = SummaryIndex(outcome.results)
    shown = min(options.shownImages, images)
  }

  /// Writes `index.html`, `results.json`, `scores.csv`, `summary.csv`, `agreement.csv`, `trials.csv` where measures were
  /// tried, `curves/` and `plots/`, whose tables and plots of an earlier report are removed.
  /// - Parameters:
  ///   - folder: The folder, which is created where it is missing.
  ///   - progress: Is told how much of the work is done, from 0 to 1; may throw to end it.
  /// - Throws: Where a file cannot be written, and what `progress` throws.
  public func write(to folder: String, progress: (Double) throws -> Void = { _ in }) throws {
    try Folder.create(folder)
    try AtomicFile.write(
      try JSONText.encode(results), to: "\(folder)/results.json", durability: .later)
    let tables = EvaluationTables(results)
    try tables.writeScores(to: "\(folder)/scores.csv")
    try tables.writeSummaries(to: "\(folder)/summary.csv")
    try tables.writeAgreement(to: "\(folder)/agreement.csv")
    if let trials = results.trials {
      try tables.write(trials, to: "\(folder)/trials.csv")
    } else {
      try Folder.remove("\(folder)/trials.csv")
    }
    try WrittenFolder.clearReport("\(folder)/curves", of: [".csv"])
    try CurveTables(outcome).write(to: "\(folder)/curves")
    try progress(0.2)
    let plots = EvaluationPlots(self).figures
    try WrittenFolder.clearReport("\(folder)/plots", of: [".svg", ".pdf", ".png"])
    if !plots.isEmpty { try Folder.create("\(folder)/plots") }
    for (number, figure) in plots.enumerated() {
      try figure.drawing.write(to: "\(folder)/plots/\(figure.name)")
      try progress(0.2 + 0.6 * Double(number + 1) / Double(plots.count))
    }
    try AtomicFile.write(try page(), to: "\(folder)/\(Self.pageName)", durability: .later)
    try Folder.synchronizeAll(in: folder)
    try progress(1)
  }
}

/// The summaries of an evaluation by method and measure.
struct SummaryIndex {
  private struct Place: Hashable {
    let method: String
    let measure: String
  }

  private let rows: [Place: EvaluationSummary]

  init(_ results: EvaluationResults) {
    rows = Dictionary(
      results.summaries.map { (Place(method: $0.method, measure: $0.measure), $0) },
      uniquingKeysWith: { first, _ in first })
  }

  subscript(method: String, measure: String) -> EvaluationSummary? {
    rows[Place(method: method, measure: measure)]
  }
}
