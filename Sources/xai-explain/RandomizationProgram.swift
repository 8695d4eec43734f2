import XAIAttribution
import XAIConsole
import XAIDatasets
import XAIEvaluation
import XAIFiles
import XAIKernels
import XAINetworks
import XAITensor

/// What `randomize` does, from the checkpoint to the report.
final class RandomizationProgram {
  private let command: RandomizeCommand
  private let console: Console
  private let digest: FileDigest
  private let checkpoint: Checkpoint
  private let network: ExplainedNetwork
  private let dataset: (any ImageDataset)?
  private let requests: RequestMaker
  private var phases: [(name: String, seconds: Double)] = []
  private var clock = ContinuousClock.now

  init(_ command: RandomizeCommand, _ console: Console) throws {
    (self.command, self.console) = (command, console)
    // A word that means nothing is told before anything is read.
    if command.randomization.preset == nil { _ = try command.methods.selection() }
    digest = FileDigest(command.checkpoint)
    checkpoint = try Checkpoint(
      path: command.checkpoint,
      architecture: try command.architecture.map { try Architecture.read(from: $0) })
    network = ExplainedNetwork(
      checkpoint.network, parameters: checkpoint.parameters, backend: try CPUBackend())
    let input = checkpoint.network.architecture.input
    dataset = try command.images.data.map { data in
      try DataOpening(
        data: data, cache: "none", skipCorrupt: false, threads: command.session.threadCount
      ).open(input: input, validationFraction: 0.2, seed: 0, console)
    }
    requests = try RequestMaker(checkpoint, dataset: dataset, seed: command.session.seed)
    console.warnOfMissingNormalization(checkpoint, command.checkpoint)
    endPhase("load checkpoint and data")
  }

  func run() throws {
    let configuration = RandomizationConfiguration(
      randomization: Randomization(
        initializer: command.randomization.initializer,
        batchNorm: command.randomization.batchNorm),
      target: command.randomization.target, seed: command.session.seed)
    let subjects = try subjects()
    let health = try healthImages(subjects, configuration)
    let calibration = try calibration(health.images)
    let test = try self.test(configuration, subjects, calibration)
    endPhase("choose images")
    guard let output = command.session.output, !command.session.dryRun else {
      return try announceOnly(test)
    }
    let store = try UnitStore(
      output,
      origin: .init(
        version: Toolkit.version, checkpoint: try digest.value(), configuration: configuration,
        calibration: calibration))
    let run = try compute(test, store)
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
    let scores = try run.scores(by: panel, threads: command.session.threadCount)
    endPhase("similarity")
    let assembly = RandomizationAssembly(
      run, checkpoint: checkpoint,
      record: try .init(checkpoint, path: command.checkpoint, sha256: try digest.value()),
      configuration: configuration, samples: try sampleRule.sentence)
    let rule = VerdictRule(for: checkpoint.network)
    let results = try assembly.results(
      panel, scores: scores, health: records, convergence: convergence, rule: rule)
    endPhase("verdicts")
    try AtomicFile.write(try JSONText.encode(results), to: "\(output)/results.json")
    try report(results, run, margin: rule.margin, to: output)
    endPhase("report")
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

  // MARK: The test

  private func test(
    _ configuration: RandomizationConfiguration, _ subjects: [RandomizationTest.Subject],
    _ calibration: Tensor?
  ) throws -> RandomizationTest {
    let plans = try command.randomization.plans(of: checkpoint.network)
    return RandomizationTest(
      networks: RandomizedNetworks(
        original: network, randomization: configuration.randomization, seed: command.session.seed,
        calibration: calibration),
      subjects: subjects, methods: try methods(for: subjects), plans: plans,
      seeds: command.randomization.seeds ?? command.randomization.preset?.seeds ?? 5,
      target: configuration.target, requests: requests,
      keepsChannels: command.randomization.rawMaps)
  }

  private var sampleRule: SampleRule {
    get throws {
      command.images.images.isEmpty
        ? try SampleRule(command.images.samples ?? "auto") : .chosen("")
    }
  }

  private func subjects() throws -> [RandomizationTest.Subject] {
    let images: [ExplainedImage]
    if let dataset, command.images.images.isEmpty {
      images = try sampleRule.images(
        of: dataset, for: checkpoint, network, requests.preprocessing)
    } else {
      images = try ExplainedImage.read(
        command.images.images, height: requests.preprocessing.height,
        width: requests.preprocessing.width)
    }
    let predictions = try Prediction.of(
      ExplainedImage.normalised(images, requests.preprocessing), by: network)
    let predicts = command.randomization.target == .repredicted
    var subjects: [RandomizationTest.Subject] = []
    for (image, prediction) in zip(images, predictions) {
      let target = predicts ? prediction.predicted : image.label ?? prediction.predicted
      if let same = subjects.first(where: { $0.image.key == image.key && $0.target == target }) {
        console.warn(
          "\(image.source), \(image.name): the same picture as \(same.image.name), so it is tested once"
        )
        continue
      }
      subjects.append(.init(image: image, prediction: prediction, target: target))
    }
    return subjects
  }

  /// The methods with their baselines, and the controls after them.
  private func methods(
    for subjects: [RandomizationTest.Subject]
  ) throws -> [RandomizationTest.Method] {
    let preparation = MethodPreparation(checkpoint.network, requests, console)
    let preset = command.randomization.preset
    var methods: [RandomizationTest.Method]
    if let preset {
      methods = try preset.methods { try command.methods.apply(to: &$0) }
    } else {
      var selection = try command.methods.selection()
      try selection.leaveOutObstructed(on: checkpoint.network, console.warn)
      if command.randomization.smooth { smooth(&selection) }
      methods = try MethodPreparation.methods(selection, command.images)
    }
    if !leavesOut(.controls) { methods = try methods.withControls() }
    return try methods.compactMap { method in
      try preparation.prepared(
        method, for: subjects[0].image, target: subjects[0].target,
        mayBeLeftOut: !method.choice.isNamed || preset != nil)
    }
  }

  /// Puts every method behind a tunnel, for smooth MPRT.
  private func smooth(_ selection: inout MethodSelection) {
    // A tenth of the range of pixels, in units of the normalised image.
    let deviations = checkpoint.standardDeviation.elements
    let mean = deviations.reduce(0) { $0 + Double($1) } / Double(max(deviations.count, 1))
    for index in selection.choices.indices {
      selection.choices[index].method = noised(
        selection.choices[index].method, samples: 50, standardDeviation: 0.1 / mean)
    }
  }

  /// The first of these images, where batch norm is recalibrated on them.
  private func calibration(_ images: Tensor) throws -> Tensor? {
    guard command.randomization.batchNorm == .recalibrate else { return nil }
    return images.rows(0..<min(images.rows, Self.calibrationImages))
  }

  /// One batch.
  private static let calibrationImages = 64

  /// The images on which networks are measured and batch norm is recalibrated: those of the data, else
  /// those under test.
  private func healthImages(
    _ subjects: [RandomizationTest.Subject], _ configuration: RandomizationConfiguration
  ) throws -> (images: Tensor, labels: [Int]?) {
    let isNeeded =
      !leavesOut(.health) || configuration.randomization.batchNorm == .recalibrate
    guard let dataset, isNeeded else {
      return (ExplainedImage.normalised(subjects.map(\.image), requests.preprocessing), nil)
    }
    let count = min(command.randomization.healthImages, dataset.count(of: .test))
    let images = try ExplainedImage.take("\(count)", of: dataset, for: checkpoint)
    let labels = images.compactMap(\.label)
    return (
      ExplainedImage.normalised(images, requests.preprocessing),
      labels.count == images.count ? labels : nil
    )
  }

  private func leavesOut(_ part: RandomizeOptions.Part) -> Bool {
    command.randomization.without.contains(part)
  }

  // MARK: Work

  private func compute(_ test: RandomizationTest, _ store: UnitStore) throws -> RandomizationRun {
    var bar: ProgressBar?
    var walked = 0.0
    let run = try RandomizationRun(
      test, store: store, memory: try activationMemory, weights: weightMemory,
      events: .init(
        walked: { walks, name in
          walked += walks
          bar?.update(Int(walked), name)
        }, phase: { [self] name, seconds in note(name, seconds) },
        isStopped: { Interruption.requested }))
    let estimate = try run.estimate()
    tell(estimate, try CostEstimate(walks: estimate.walks, on: network).seconds)
    endPhase("estimate")
    // From here on what is finished is saved.
    Interruption.install()
    bar = console.progress("testing", total: Int(estimate.walks.rounded(.up)), unit: "walks")
    defer { bar?.finish() }
    do {
      try run.computeUnits()
    } catch is AttributionStopped {
      throw interrupted()
    }
    clock = .now
    return run
  }

  private func announceOnly(_ test: RandomizationTest) throws {
    let count = test.methods.count * test.subjects.count
    console.print(
      "\(Format.count(test.methods.count, "method")), \(Format.count(test.subjects.count, "image")), "
        + "\(Format.count(test.seeds, "seed")): \(Format.count(count)) maps of the original network"
    )
    let estimate = try RandomizationRun.estimate(of: test)
    tell(estimate, try CostEstimate(walks: estimate.walks, on: network).seconds)
  }

  private func tell(_ estimate: RandomizationRun.Estimate, _ seconds: Double) {
    let done = estimate.units - estimate.missing
    let known = done == 0 ? "" : ", \(Format.count(done)) of them finished"
    let text =
      "\(Format.count(estimate.units, "map"))\(known); about "
      + "\(Format.count(Int(estimate.walks.rounded(.up)))) walks through the network, "
      + "\(Format.duration(seconds)); up to \(Format.bytes(command.session.memoryLimit)) of memory"
    command.session.dryRun ? console.print(text) : console.note(text)
  }

  /// What parameters of the original and of the random network take on the host, and in several layouts
  /// in the kernels.
  private var weightMemory: Int {
    9 * MemoryLayout<Float>.stride * checkpoint.network.parameterCount
  }

  private var activationMemory: Int {
    get throws { try command.session.activationMemory(beside: weightMemory) }
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
