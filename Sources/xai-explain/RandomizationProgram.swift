import XAIAttribution
import XAIClassifiers
import XAICommandLine
import XAIDatasets
import XAIExperiments
import XAIFiles
import XAIKernels
import XAIMetrics
import XAINetworks
import XAIReports
import XAITensor

/// What `randomize` does, from the checkpoint to the report.
final class RandomizationProgram {
  private let command: RandomizeCommand
  private let console: Console
  private let setup: RandomizationSetup
  private var phases: [(name: String, seconds: Double)] = []
  private var clock = ContinuousClock.now

  private var checkpoint: Checkpoint { setup.checkpoint }
  private var memory: MemoryPlan { setup.session.memory }
  private var rule: VerdictRule { VerdictRule(for: checkpoint.network) }

  init(_ command: RandomizeCommand, _ console: Console) throws {
    (self.command, self.console) = (command, console)
    // A word that means nothing is told before anything is read.
    if command.randomization.preset == nil { _ = try command.methods.selection() }
    setup = try RandomizationSetup(command, console)
    endPhase("load checkpoint and data")
  }

  func run() throws {
    let subjects = try setup.subjects()
    let health = try setup.healthImages(beside: subjects)
    let calibration = setup.calibration(health.images)
    let test = try setup.test(subjects, calibration)
    endPhase("choose images")
    if let obstacle = rule.obstacle(
      images: subjects.count, seeds: test.seeds, plans: test.plans)
    {
      console.warn("every verdict will be inconclusive: \(obstacle)")
    }
    guard let output = command.session.output, !command.session.dryRun else {
      return try announceOnly(test, healthImages: health.images.rows)
    }
    let store = try UnitStore(
      output,
      origin: .init(
        version: Toolkit.version,
        checkpoint: setup.identity(of: try setup.session.network.digest.value()),
        configuration: setup.configuration,
        calibration: calibration))
    let run = try compute(test, store, healthImages: health.images.rows)
    let records: [HealthRecord]
    let convergence: [ConvergenceCurve]
    do {
      records = leavesOut(.health) ? [] : try measure(run, health)
      convergence = leavesOut(.convergence) ? [] : try run.convergence()
    } catch is AttributionStopped {
      throw interrupted()
    }
    clock = .now
    let picture = test.requests.preprocessing
    let panel = SimilarityPanel(height: picture.height, width: picture.width)
    if !panel.omitted.isEmpty {
      console.warn(
        "maps of \(picture.height) x \(picture.width) are too small for the windows of "
          + panel.omitted.joined(separator: ", "))
    }
    if let note = rule.windowNote { console.warn(note) }
    let scores = try run.scores(by: panel, threads: command.session.threadCount)
    endPhase("similarity")
    let assembly = RandomizationAssembly(
      run, checkpoint: checkpoint,
      record: try .init(
        checkpoint, path: command.checkpoint, sha256: try setup.session.network.digest.value()),
      configuration: setup.configuration, samples: try setup.sampleRule.sentence)
    let results = try assembly.results(
      panel, scores: scores, health: records, convergence: convergence, rule: rule)
    endPhase("verdicts")
    try report(results, run, margin: rule.margin, to: output)
    endPhase("report")
    try store.requireFolder()
    tell(results, output)
  }

  /// Looks at every network.
  private func measure(
    _ run: RandomizationRun, _ health: (images: Tensor, labels: [Int]?)
  ) throws -> [HealthRecord] {
    let bar = console.progress("health", total: run.networkCount, unit: "networks")
    defer { bar.finish() }
    var count = 0
    return try run.health(on: health.images, labels: health.labels) { networks in
      count += networks
      bar.update(count)
    }
  }

  private func report(
    _ results: RandomizationResults, _ run: RandomizationRun, margin: Double, to output: String
  ) throws {
    var options = RandomizationReport.Options()
    options.margin = margin
    options.command = ["xai-explain"] + CommandLine.arguments.dropFirst()
    options.drawsStrips = !leavesOut(.strips)
    let bar = console.progress("reporting", total: 1000, unit: "parts")
    defer { bar.finish() }
    try RandomizationReport(
      results, maps: run, pictures: run.test.subjects.map(\.image.picture), options: options
    ).write(to: output) { share in
      bar.update(Int(1000 * share))
      if Interruption.requested { throw interrupted() }
    }
  }

  private func interrupted() -> Interrupted {
    Interrupted(
      "interrupted; finished maps are in \(command.session.output ?? ""), the same command goes on")
  }

  private func leavesOut(_ part: RandomizeOptions.Part) -> Bool {
    command.randomization.without.contains(part)
  }

  // MARK: Work

  private func compute(
    _ test: RandomizationTest, _ store: UnitStore, healthImages: Int
  ) throws -> RandomizationRun {
    var bar: ProgressBar?
    var walked = 0.0
    let run = try RandomizationRun(
      test, store: store, memory: memory.activations,
      events: .init(
        walked: { walks, name in
          walked += walks
          bar?.update(Int(walked), name)
        }, phase: { [self] name, seconds in note(name, seconds) },
        isStopped: { Interruption.requested }))
    let estimate = try run.estimate()
    try tell(estimate, healthImages * run.networkCount)
    endPhase("estimate")
    // From here on what is finished is saved.
    Interruption.install()
    bar = console.progress("testing", total: Format.whole(estimate.walks), unit: "walks")
    defer { bar?.finish() }
    do {
      try run.computeUnits()
    } catch is AttributionStopped {
      throw interrupted()
    }
    clock = .now
    return run
  }

  private func announceOnly(_ test: RandomizationTest, healthImages: Int) throws {
    let count = test.methods.count * test.subjects.count
    console.print(
      "\(Format.count(test.methods.count, "method")), \(Format.count(test.subjects.count, "image")), "
        + "\(Format.count(test.seeds, "seed")): \(Format.count(count)) maps of the original network"
    )
    let networks = 1 + test.seeds * Set(test.plans.flatMap { $0.steps.map(\.layers) }).count
    try tell(try RandomizationRun.estimate(of: test), healthImages * networks)
  }

  /// Tells what the test costs: maps, a look at each network, and the comparison of maps.
  private func tell(_ estimate: RandomizationRun.Estimate, _ looks: Int) throws {
    // A look is a forward walk, of which about half is shared with the original network.
    let health = leavesOut(.health) || estimate.missing == 0 ? 0 : Double(looks) / 2
    let seconds =
      try CostEstimate(walks: estimate.walks + health, on: setup.network).seconds
      + Self.secondsOfComparison * Double(estimate.units) / Double(command.session.threadCount)
    let done = estimate.units - estimate.missing
    let known = done == 0 ? "" : ", \(Format.count(done)) of them finished"
    let text =
      "\(Format.count(estimate.units, "map"))\(known); about "
      + "\(Format.count(Format.whole(estimate.walks))) walks through the network, "
      + "\(Format.duration(seconds)); up to \(Format.bytes(memoryNeed)) of memory"
    command.session.dryRun ? console.print(text) : console.note(text)
  }

  /// What comparing a map by every measure takes, for maps of 64x64.
  private static let secondsOfComparison = 0.004

  /// What the program takes at most: less than it may for a small network.
  private var memoryNeed: Int {
    memory.need(
      activations: 128 * setup.network.merged().bytesPerImage(keeping: .everything))
  }

  // MARK: The end

  private func tell(_ results: RandomizationResults, _ output: String) {
    for verdict in results.verdicts {
      console.print("\(verdict.method): \(verdict.outcome.rawValue); \(verdict.reason)")
    }
    let sick = results.health.filter { $0.step != nil && !$0.problems.isEmpty }
    if !sick.isEmpty {
      console.warn(
        "\(Format.count(sick.count)) of \(Format.count(results.health.count - 1)) randomized networks "
          + "have collapsed; the report says which")
    }
    if command.profile {
      let total = phases.reduce(0) { $0 + $1.seconds }
      for (name, seconds) in phases {
        console.print(
          "\(Format.fixed(seconds, digits: 2)) s  \(Format.percent(seconds / total))  \(name)")
      }
    }
    console.note("the report is in \(output)/index.html")
  }

  private func endPhase(_ name: String) {
    note(name, (.now - clock) / .seconds(1))
    clock = .now
  }

  private func note(_ name: String, _ seconds: Double) {
    if let index = phases.firstIndex(where: { $0.name == name }) {
      phases[index].seconds += seconds
    } else {
      phases.append((name, seconds))
    }
  }
}
