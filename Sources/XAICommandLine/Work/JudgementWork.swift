import XAIEvaluation
package import XAIExperiments
import XAIFiles
import XAIReports
import XAITensor

/// What `evaluate` does with pictures: tells what it takes, judges, writes a report.
package struct JudgementWork {
  private let output: String?
  private let isDry: Bool
  private let shard: Shard?
  private let console: Console

  /// Prepares a judgement.
  /// - Parameters:
  ///   - output: The folder to write.
  ///   - isDry: Whether it is only told what it would take.
  ///   - shard: The part of several processes that is done here; nil where this one does everything.
  ///   - console: Who is told.
  package init(output: String?, isDry: Bool, shard: Shard?, _ console: Console) {
    (self.output, self.isDry, self.shard, self.console) = (output, isDry, shard, console)
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
    if let output, !isDry { try experiment.open(output, shard: shard) }
    try announce(experiment, session)
    guard let output, !isDry else { return }
    if let shard {
      return try console.stoppable(
        "interrupted; finished parts are in \(output), the same command goes on"
      ) {
        try experiment.finishPart()
        console.note("\(shard.words) is finished in \(output)")
      }
    }
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

  /// Makes sure that maps of neighbors are of the neighbors of these images.
  /// - Parameters:
  ///   - path: The file of maps.
  ///   - configuration: What is judged.
  ///   - session: The network and the data, which were opened.
  /// - Throws: `CommandFailure` where the file says that it is about others; what reading throws.
  package func requireNeighbors(
    in path: String, _ configuration: EvaluationExperiment.Configuration, in session: Session
  ) throws {
    try NeighborFile(path).requireMaps(of: try neighbors(configuration, session))
  }

  private func neighbors(
    _ configuration: EvaluationExperiment.Configuration, _ session: Session
  ) throws -> Tensor {
    var configuration = configuration
    configuration.measures = [.family(.robustness)]
    return try EvaluationExperiment(configuration, in: session).neighbors()
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
    let neighbors = try neighbors(configuration, session)
    try SafetensorsFile.write(
      [("neighbors", .float32(neighbors))],
      metadata: [
        "program": "\(console.program) \(Toolkit.version)", "checkpoint": session.network.path,
        "seed": "\(session.request.seed)",
        NeighborFile.key: NeighborFile.digest(neighbors),
      ], to: path)
    console.note("neighbors \(neighbors.shape): \(path)")
  }

  private func announce(_ experiment: EvaluationExperiment, _ session: Session) throws {
    let cost = try experiment.cost()
    let explaining = cost.maps + cost.neighbors + cost.axioms + cost.trials.walks
    let seconds =
      try CostEstimate(
        walks: explaining + Double(cost.removals) / 2, on: session.network.explained
      ).seconds
    var lines = [
      "\(Format.count(cost.methods, "method")), \(Format.count(cost.images, "image")): about "
        + "\(Format.count(Format.whole(cost.maps))) walks through the network for maps, "
        + "\(Format.count(Format.whole(cost.neighbors))) for maps of neighbors, "
        + "\(Format.count(Format.whole(cost.axioms))) for axioms"
    ]
    for family in cost.passes where family.shared + family.own > 0 {
      lines.append(
        "\(family.family.rawValue): \(Format.count(family.shared)) passes that all methods share, "
          + "\(Format.count(family.own)) of their own")
    }
    if cost.trials.passes > 0 {
      lines.append(
        "judging the measures: \(Format.count(cost.trials.passes)) passes, and "
          + "\(Format.count(Format.whole(cost.trials.walks))) walks for maps")
    }
    lines.append("about \(Format.duration(seconds)) if nothing is finished")
    if let shard {
      let load = try experiment.load(of: shard)
      lines.append(
        "\(shard.words): \(Format.count(load.own)) of \(Format.count(load.all, "image"))")
    }
    for line in lines { isDry ? console.print(line) : console.note(line) }
  }

  private func tell(_ results: EvaluationResults, _ output: String) {
    for finding in results.findings { console.print(finding) }
    for note in results.notes { console.note(note) }
    console.note("the report is in \(output)/index.html")
  }
}
