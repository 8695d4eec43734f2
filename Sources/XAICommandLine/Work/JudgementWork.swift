import XAIEvaluation
package import XAIExperiments
import XAIFiles
import XAIReports
import XAITensor

/// What `evaluate` does with pictures: tells what it takes, judges, writes a report.
package struct JudgementWork {
  private let output: String?
  private let isDry: Bool
  private let console: Console

  /// Prepares a judgement.
  package init(output: String?, isDry: Bool, _ console: Console) {
    (self.output, self.isDry, self.console) = (output, isDry, console)
  }

  /// Judges.
  /// - Parameters:
  ///   - configuration: What is judged.
  ///   - session: The network and the data, which were opened.
  /// - Throws: What is missing or wrong; `Interrupted` where a signal stopped it.
  package func run(
    _ configuration: EvaluationExperiment.Configuration, in session: Session
  ) throws {
    let experiment = EvaluationExperiment(configuration, in: session)
    if let output, !isDry { try experiment.open(output) }
    try announce(experiment, session)
    guard let output, !isDry else { return }
    try console.stoppable("interrupted; finished parts are in \(output), the same command goes on")
    {
      let outcome = try experiment.finish()
      var choices = EvaluationReport.Options()
      choices.command = console.commandWords
      let report = EvaluationReport(outcome, options: choices)
      try console.reporting { try report.write(to: output, progress: $0) }
      try experiment.requireFolder()
      tell(outcome.results, output)
    }
  }

  /// Writes the neighbors of the images, for another program to explain.
  /// - Parameters:
  ///   - path: The file.
  ///   - configuration: What is judged.
  ///   - session: The network and the data, which were opened.
  /// - Throws: What is missing or wrong.
  package func writeNeighbors(
    to path: String, _ configuration: EvaluationExperiment.Configuration, in session: Session
  ) throws {
    var configuration = configuration
    configuration.measures = [.family(.robustness)]
    let neighbors = try EvaluationExperiment(configuration, in: session).neighbors()
    try SafetensorsFile.write(
      [("neighbors", .float32(neighbors))],
      metadata: [
        "program": "\(console.program) \(Toolkit.version)", "checkpoint": session.network.path,
        "seed": "\(session.request.seed)",
      ], to: path)
    console.note("neighbors \(neighbors.shape): \(path)")
  }

  private func announce(_ experiment: EvaluationExperiment, _ session: Session) throws {
    let cost = try experiment.cost()
    let explaining = cost.maps + cost.neighbors + cost.axioms
    let seconds =
      try CostEstimate(
        walks: explaining + Double(cost.removals) / 2, on: session.network.explained
      ).seconds
    let lines =
      [
        "\(Format.count(cost.methods, "method")), \(Format.count(cost.images, "image")): about "
          + "\(Format.count(Format.whole(cost.maps))) walks through the network for maps, "
          + "\(Format.count(Format.whole(cost.neighbors))) for maps of neighbors, "
          + "\(Format.count(Format.whole(cost.axioms))) for axioms"
      ]
      + cost.passes.filter { $0.shared + $0.own > 0 }.map {
        "\($0.family.rawValue): \(Format.count($0.shared)) passes that all methods share, "
          + "\(Format.count($0.own)) of their own"
      } + ["about \(Format.duration(seconds)) if nothing is finished"]
    for line in lines { isDry ? console.print(line) : console.note(line) }
  }

  private func tell(_ results: EvaluationResults, _ output: String) {
    for finding in results.findings { console.print(finding) }
    for note in results.notes { console.note(note) }
    console.note("the report is in \(output)/index.html")
  }
}
