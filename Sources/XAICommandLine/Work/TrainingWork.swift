import XAIKernels
import XAINetworks
import XAITraining

/// What `xai-train` does: prepares, trains, tells how it went.
package struct TrainingWork {
  private let common: CommonOptions
  private let recipe: RecipeOptions
  private let session: SessionOptions
  private let console: Console

  /// Prepares a training.
  package init(
    _ common: CommonOptions, _ recipe: RecipeOptions, _ session: SessionOptions,
    _ console: Console
  ) {
    (self.common, self.recipe, self.session) = (common, recipe, session)
    self.console = console
  }

  /// Trains.
  package func run() throws {
    let folder =
      try session.resume
      ? RunFolder(resuming: session.output) : RunFolder(path: session.output)
    let saved = try session.resumes(folder) ? folder.savedTraining() : nil
    if saved == nil { try folder.requireUnused() }
    let prepared = try TrainingPreparation(
      recipe.request(common.opening(), resuming: saved, console), resuming: saved,
      folder: session.output, observer: console)
    let configuration = prepared.configuration
    if let saved { folder.warnOfLostModel(of: saved, observer: console) }
    try configuration.requireMemory()
    // Not before: until here there is nothing to save, and a signal may end the program at once.
    console.becomesStoppable()
    let backend = try CPUBackend()
    if session.profile { backend.profile = KernelProfile() }
    ModelSummary(Network(configuration.architecture)).lines.forEach(console.note)
    console.note("\(backend.summary); run folder \(session.output)")
    let events = ConsoleEvents(console, configuration)
    let trainer = try Trainer(
      configuration, dataset: prepared.dataset, folder: folder, backend: backend,
      resuming: saved, startingFrom: prepared.start, options: session.trainerOptions,
      events: events)
    let summary = try trainer.run()
    events.finish()
    if let profile = backend.profile {
      ProfileTable(profile, steps: summary.steps - (saved?.state.step ?? 0)).lines
        .forEach(console.print)
    }
    try report(
      TrainingReport(summary: summary, stopping: trainer.state.stopping, folder: folder))
  }

  private func report(_ report: TrainingReport) throws {
    if let best = report.best { console.note(best) }
    guard report.summary.stoppedBy != .interrupted else {
      throw Interrupted("\(report.end); continue with: " + session.resumeCommand(common))
    }
    console.note(report.end)
  }
}
