import XAIAttribution
package import XAIExperiments
import XAIReports

/// What `randomize` does: tells what it takes, tests, writes a report.
package struct RandomizationWork {
  private let options: TestOptions
  private let console: Console

  /// Prepares a test.
  package init(_ options: TestOptions, _ console: Console) {
    (self.options, self.console) = (options, console)
  }

  /// Tests.
  /// - Parameters:
  ///   - configuration: What is tested.
  ///   - session: The network and the data, which were opened.
  ///   - shard: The part of several processes that is done here; nil where this one does everything.
  ///   - profiles: Whether it is printed where the time went.
  /// - Throws: What is missing or wrong; `Interrupted` where a signal stopped it.
  package func run(
    _ configuration: RandomizationExperiment.Configuration, in session: Session,
    shard: Shard? = nil, profiles: Bool
  ) throws {
    let experiment = try RandomizationExperiment(configuration, in: session)
    guard let output = options.output, !options.dryRun else {
      return try announceOnly(experiment, session, shard)
    }
    try experiment.open(output, shard: shard)
    try tell(try experiment.cost(), session)
    if let shard { return try finishPart(shard, experiment, output) }
    try console.stoppable(
      "interrupted; finished maps are in \(output), the same command goes on"
    ) {
      let outcome = try experiment.finish()
      var choices = RandomizationReport.Options()
      choices.margin = outcome.margin
      choices.command = console.commandWords
      choices.colors = options.color.colors
      choices.drawsStrips = !configuration.without.contains(.strips)
      let report = RandomizationReport(
        outcome.results, maps: outcome.maps, pictures: outcome.pictures, options: choices)
      try console.reporting { try report.write(to: output, progress: $0) }
      session.times.end("report")
      try experiment.requireFolder()
      tell(outcome.results, output, profiles ? session.times : nil)
    }
  }

  /// One of several processes: no report.
  private func finishPart(
    _ shard: Shard, _ experiment: RandomizationExperiment, _ output: String
  ) throws {
    try console.stoppable(
      "interrupted; finished maps are in \(output), the same command goes on"
    ) {
      try experiment.finishPart()
      console.note("\(shard.words) is finished in \(output)")
    }
  }

  private func announceOnly(
    _ experiment: RandomizationExperiment, _ session: Session, _ shard: Shard?
  ) throws {
    let cost = try experiment.cost()
    console.print(
      "\(Format.count(cost.methods, "method")), \(Format.count(cost.images, "image")), "
        + "\(Format.count(cost.draws, "seed")): \(Format.count(cost.methods * cost.images)) maps of the "
        + "original network")
    try tell(cost, session)
    guard let shard else { return }
    console.print(try experiment.load(of: shard).words(of: shard))
  }

  /// Tells what the test costs: maps, a look at each network, and the comparison of maps.
  private func tell(_ cost: RandomizationExperiment.Cost, _ session: Session) throws {
    let seconds =
      try CostEstimate(
        walks: cost.maps.walks + cost.looks, on: session.network.explained
      ).seconds + cost.secondsOfComparison
    let done = cost.maps.units - cost.maps.missing
    let known = done == 0 ? "" : ", \(Format.count(done)) of them finished"
    let text =
      "\(Format.count(cost.maps.units, "map"))\(known); about "
      + "\(Format.count(Format.whole(cost.maps.walks))) walks through the network, "
      + "\(Format.duration(seconds)); up to \(Format.bytes(cost.memory)) of memory"
    options.dryRun ? console.print(text) : console.note(text)
  }

  /// Controls never look at the network: one line where they come out as they must.
  private func tellOfControls(_ controls: [MethodVerdict]) {
    guard !controls.isEmpty else { return }
    let odd = controls.filter { $0.outcome != .fail }
    let names = controls.map(\.method).joined(separator: ", ")
    guard odd.isEmpty else {
      for verdict in odd {
        console.warn("\(verdict.method): \(verdict.outcome.rawValue); \(verdict.reason)")
      }
      return
    }
    console.print("controls (\(names)): fail, as they must")
  }

  private func tell(_ results: RandomizationResults, _ output: String, _ times: PhaseTimes?) {
    let controls = Set(results.methods.filter { $0.group == .control }.map(\.identifier))
    for verdict in results.verdicts where !controls.contains(verdict.method) {
      let degree = verdict.degree.map { "\($0.rawValue); " } ?? ""
      console.print("\(verdict.method): \(degree)\(verdict.outcome.rawValue); \(verdict.reason)")
    }
    tellOfControls(results.verdicts.filter { controls.contains($0.method) })
    let sick = results.health.filter { $0.step != nil && !$0.problems.isEmpty }
    if !sick.isEmpty {
      console.warn(
        "\(Format.count(sick.count)) of \(Format.count(results.health.count - 1)) randomized networks "
          + "have collapsed; the report says which")
    }
    let phases = times?.phases ?? []
    let total = phases.reduce(0) { $0 + $1.seconds }
    for (name, seconds) in phases {
      console.print(
        "\(Format.fixed(seconds, digits: 2)) s  \(Format.percent(seconds / total))  \(name)")
    }
    console.note("the report is in \(output)/index.html")
  }
}
