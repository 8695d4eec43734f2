package import XAIExperiments
import XAIFiles
package import XAIReports

/// What all commands of planned experiments do: tell what they take, compute, write a report.
package struct StudyWork {
  private let test: TestOptions
  private let overwrite: Bool
  private let console: Console

  /// Prepares the work.
  /// - Parameters:
  ///   - test: How it runs, and where it writes.
  ///   - overwrite: Whether older results in the folder are replaced.
  ///   - console: Who is told.
  package init(_ test: TestOptions, overwrite: Bool, _ console: Console) {
    (self.test, self.overwrite, self.console) = (test, overwrite, console)
  }

  /// Prepares the work of a command about what a network has learned.
  package init(_ options: RepresentationOptions, _ console: Console) {
    self.init(options.test, overwrite: options.overwrite, console)
  }

  /// Does it.
  /// - Parameters:
  ///   - experiment: What is done.
  ///   - session: The networks and the data, which were opened.
  ///   - report: Makes a report of what was found.
  ///   - lines: What is printed of it.
  /// - Throws: What is missing or wrong; `Interrupted` where a signal stopped it.
  package func run<Experiment: PlannedExperiment>(
    _ experiment: Experiment, in session: Session,
    report: (Experiment.Outcome) -> any FolderReport, lines: (Experiment.Outcome) -> [String]
  ) throws {
    // A folder that cannot be used is told before the work.
    let folder = try test.dryRun ? nil : test.output.map(newFolder)
    try announce(experiment.plan(), session)
    guard let folder else { return }
    let unfinished = "\(folder.path).unfinished"
    let resumable = experiment as? any ResumableStudy
    try resumable?.keep(in: unfinished)
    try console.stoppable(
      resumable == nil
        ? "interrupted; nothing was written, start again when there is time"
        : "interrupted; finished parts are in \(unfinished), the same command goes on"
    ) {
      let outcome = try experiment.run()
      let report = report(outcome)
      try console.reporting { try report.write(to: folder.draft, progress: $0) }
      try folder.finish()
      if resumable != nil { try Folder.remove(unfinished) }
      for line in lines(outcome) { console.print(line) }
      console.note("the report is in \(folder.path)/index.html")
    }
  }

  private func newFolder(_ path: String) throws(FileFailure) -> NewFolder {
    let work = "writing results into"
    guard overwrite else { return try NewFolder(path, work: work) }
    return try NewFolder(path, work: work) { WrittenFolder.holdsResults($0) }
  }

  private func announce(_ plan: ExperimentPlan, _ session: Session) throws {
    let isDry = test.dryRun
    // A few passes are over before an estimate is made.
    guard isDry || plan.passes > 1000 else { return }
    let seconds = try CostEstimate(walks: plan.passes, on: session.network.explained).seconds
    let text =
      "\(plan.words); about \(Format.count(Format.whole(plan.passes))) passes through the network, "
      + "\(Format.duration(seconds)) and what statistics take; up to "
      + "\(Format.bytes(session.memory.limit)) of memory"
    isDry ? console.print(text) : console.note(text)
  }
}
