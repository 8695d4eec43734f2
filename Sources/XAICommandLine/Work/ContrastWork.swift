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
  ///   - shard: The part of several processes that is done here; nil where this one does everything.
  /// - Throws: What is missing or wrong; `Interrupted` where a signal stopped it.
  package func run(
    _ question: ContrastExperiment.Question, _ images: TestImageOptions,
    _ candidates: [MethodPreparation.Candidate], limit: Double?, in session: Session,
    shard: Shard? = nil
  ) throws {
    var configuration = ContrastExperiment.Configuration(
      question, images: try images.chosen.choice(), methods: candidates)
    configuration.limit = limit
    configuration.addsControls = !options.without.contains(.controls)
    configuration.keptImages = options.pictures
    let experiment = try ContrastExperiment(configuration, in: session)
    guard let output = options.session.output, !options.session.dryRun else {
      return try announceOnly(experiment, session, shard)
    }
    // A folder that cannot be used is told before the work.
    if options.overwrite { try WrittenFolder.clear(output, of: ContrastOrigin.work ?? "") }
    try experiment.open(output, shard: shard)
    try announce(experiment, session)
    try console.stoppable(
      "interrupted; finished maps are in \(output), the same command goes on"
    ) {
      if let shard {
        try experiment.finishPart()
        return console.note("\(shard.words) is finished in \(output)")
      }
      let outcome = try experiment.run()
      try report(outcome, to: output)
      try experiment.requireFolder()
      tell(outcome.results, output)
    }
  }

  private func announceOnly(
    _ experiment: ContrastExperiment, _ session: Session, _ shard: Shard?
  ) throws {
    try announce(experiment, session)
    guard let shard else { return }
    console.print(try experiment.load(of: shard).words(of: shard))
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

  private func report(_ outcome: ContrastExperiment.Outcome, to folder: String) throws {
    var choices = ContrastReport.Options()
    choices.command = console.commandWords
    choices.shownImages = options.pictures
    choices.colors = options.session.color.colors
    let report = ContrastReport(
      outcome.results, maps: outcome.maps, pictures: outcome.pictures, options: choices)
    try console.reporting { try report.write(to: folder, progress: $0) }
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
