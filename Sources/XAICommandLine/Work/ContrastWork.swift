package import XAIExperiments
import XAIFiles
import XAIReports

/// What `class-sensitivity` and `compare` do: tell what they take, compare, write a report.
package struct ContrastWork {
  private let options: ContrastOptions
  private let console: Console

  /// Prepares a comparison.
  package init(_ options: ContrastOptions, _ console: Console) {
    (self.options, self.console) = (options, console)
  }

  /// Compares.
  /// - Parameters:
  ///   - question: What the two maps of a pair differ in.
  ///   - images: The images.
  ///   - candidates: The methods.
  ///   - limit: The most walks for each image of a method that nobody asked for.
  ///   - session: The networks and the data, which were opened.
  /// - Throws: What is missing or wrong; `Interrupted` where a signal stopped it.
  package func run(
    _ question: ContrastExperiment.Question, _ images: TestImageOptions,
    _ candidates: [MethodPreparation.Candidate], limit: Double?, in session: Session
  ) throws {
    var configuration = ContrastExperiment.Configuration(
      question, images: try images.chosen.choice(), methods: candidates)
    configuration.limit = limit
    configuration.addsControls = !options.without.contains(.controls)
    configuration.keptImages = options.pictures
    let experiment = try ContrastExperiment(configuration, in: session)
    // A folder that cannot be used is told before the work.
    let folder = try options.session.dryRun ? nil : options.session.output.map(newFolder)
    try announce(experiment, session)
    guard let folder else { return }
    try console.stoppable("interrupted; nothing was written, start again when there is time") {
      let outcome = try experiment.run()
      try report(outcome, to: folder)
      tell(outcome.results, folder.path)
    }
  }

  private func newFolder(_ path: String) throws(FileFailure) -> NewFolder {
    let work = "writing results into"
    guard options.overwrite else { return try NewFolder(path, work: work) }
    return try NewFolder(path, work: work) { WrittenFolder.holdsResults($0) }
  }

  private func announce(_ experiment: ContrastExperiment, _ session: Session) throws {
    let cost = try experiment.cost()
    // A few walks are over before an estimate is made.
    guard options.session.dryRun || cost.walks > 100 else { return }
    let seconds = try CostEstimate(walks: cost.walks, on: session.network.explained).seconds
    let text =
      "\(Format.count(cost.methods, "method")), "
      + "\(Format.count(cost.images, "image")): \(Format.count(cost.maps, "map")); about "
      + "\(Format.count(Format.whole(cost.walks))) walks through the network, "
      + "\(Format.duration(seconds)); up to \(Format.bytes(session.memory.limit)) of memory"
    options.session.dryRun ? console.print(text) : console.note(text)
  }

  private func report(_ outcome: ContrastExperiment.Outcome, to folder: NewFolder) throws {
    var choices = ContrastReport.Options()
    choices.command = console.commandWords
    choices.shownImages = options.pictures
    choices.colors = options.session.color.colors
    let report = ContrastReport(
      outcome.results, maps: outcome.maps, pictures: outcome.pictures, options: choices)
    try console.reporting { try report.write(to: folder.draft, progress: $0) }
    try folder.finish()
  }

  private func tell(_ results: ContrastResults, _ path: String) {
    for summary in results.summaries where summary.measure == results.headline {
      let name =
        results.contrasts.count > 1
        ? "\(summary.method), \(summary.contrast)" : summary.method
      let spread =
        summary.count > 1 ? " \u{b1} \(Format.fixed(summary.deviation, digits: 3))" : ""
      console.print("\(name): \(Format.fixed(summary.mean, digits: 3))\(spread)")
    }
    console.note(
      "similarity of the maps (\(results.headline)); the report is in \(path)/"
        + ContrastReport.pageName)
  }
}
