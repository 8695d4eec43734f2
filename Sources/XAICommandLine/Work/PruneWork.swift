import XAIDatasets
import XAIExperiments
import XAIReports

/// What `xai-train prune` does: tells what it takes, prunes, writes a report.
package struct PruneWork {
  private let options: PruneOptions
  private let reading: CheckpointOptions
  private let data: DataOptions
  private let test: TestOptions
  private let console: Console

  /// Prepares the work.
  package init(
    _ options: PruneOptions, _ reading: CheckpointOptions, _ data: DataOptions,
    _ test: TestOptions, _ console: Console
  ) {
    (self.options, self.reading, self.data) = (options, reading, data)
    (self.test, self.console) = (test, console)
  }

  /// Prunes.
  /// - Throws: What is missing or wrong; `Interrupted` where a signal stopped it.
  package func run() throws {
    var request = Session.Request(
      checkpoints: [options.checkpoint], seed: test.work.seed, memory: test.work.memory,
      threads: test.work.threadCount)
    // The original, a pruned one, and one of random weights.
    request.networksTogether = 3
    let session = try Session(request, reading, nil, console)
    let experiment = try PruningExperiment(
      options.configuration, data: data.opening(threads: test.work.threadCount), in: session)
    let output = test.dryRun ? nil : test.output
    if let output { try experiment.open(output) }
    try announce(experiment.plan(), session)
    guard let output else { return }
    try console.stoppable("interrupted; finished steps are in \(output), the same command goes on")
    {
      let outcome = try experiment.run()
      let report = PruningReport(outcome, command: console.commandWords)
      try console.reporting { try report.write(to: output, progress: $0) }
      try experiment.requireFolder()
      for line in outcome.lines { console.print(line) }
      console.note("the report is in \(output)/index.html")
    }
  }

  private func announce(_ plan: ExperimentPlan, _ session: Session) throws {
    let seconds = try CostEstimate(walks: plan.passes, on: session.network.explained).seconds
    // Networks get smaller with each step, so that this is the most.
    let text =
      "\(plan.words); at most about \(Format.count(Format.whole(plan.passes))) passes through the network, "
      + "\(Format.duration(seconds)) if nothing is finished"
    test.dryRun ? console.print(text) : console.note(text)
  }
}
