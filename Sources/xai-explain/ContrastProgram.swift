import XAIAttribution
import XAIClassifiers
import XAIConsole
import XAIDatasets
import XAIExperiments
import XAIMetrics
import XAIReports
import XAIFiles
import XAIKernels
import XAINetworks
import XAITensor

/// What `class-sensitivity` and `compare` do, from the checkpoints to the report.
final class ContrastProgram {
  typealias Pairs = (records: [ContrastRecord], pairs: [MapContrast.Pair])

  /// A network under test.
  private struct Source {
    let name: String
    let path: String
    let digest: FileDigest
    let checkpoint: Checkpoint
    let network: ExplainedNetwork
    let requests: RequestMaker
  }

  private let images: TestImageOptions
  private let options: ContrastOptions
  private let console: Console
  private let dataset: (any ImageDataset)?
  private let sources: [Source]
  private let memory: MemoryPlan

  init(
    _ paths: [String], _ reading: CheckpointOptions, _ images: TestImageOptions,
    _ options: ContrastOptions, _ console: Console
  ) throws {
    (self.images, self.options, self.console) = (images, options, console)
    let digests = paths.map(FileDigest.init)
    // Of two networks one may say itself what the options say of the other.
    var knowledge = try reading.knowledge()
    knowledge.onlyCompletes = paths.count > 1
    var checkpoints = try paths.map { try reading.open($0, knowledge, console) }
    // Before the data are opened in the size of the first.
    if checkpoints.count > 1 {
      _ = try ComparableCheckpoints(
        checkpoints[0], checkpoints[1], names: (paths[0], paths[1]))
    }
    console.offer("--skip-corrupt", as: .leaveOutUnreadable)
    dataset = try images.data.map { data in
      try DataOpening(
        data: data, cache: images.cache ?? "none", skipCorrupt: images.skipCorrupt,
        threads: options.session.threadCount
      ).open(
        input: checkpoints[0].network.architecture.input, fitting: try checkpoints[0].fitting,
        validationFraction: 0.2, seed: 0, console)
    }
    if let other = try checkpoints.dropFirst().first?.fitting, other != (try checkpoints[0].fitting)
    {
      console.warn(
        "\(paths[1]) resizes or crops pictures otherwise than \(paths[0]): both are shown the pictures of "
          + "the first")
    }
    let data = self.dataset
    checkpoints = try zip(checkpoints, paths).map {
      try reading.complete(
        $0, $1, by: data, console, onlyCompletes: paths.count > 1)
    }
    memory = try MemoryPlan(
      options.session.memory, for: checkpoints.count, of: checkpoints[0].network)
    let backend = try CPUBackend()
    backend.limits = memory.kernels
    sources = try zip(paths, zip(digests, checkpoints)).enumerated().map { index, source in
      let (path, (digest, checkpoint)) = source
      return Source(
        name: ["A", "B"][index], path: path, digest: digest, checkpoint: checkpoint,
        network: ExplainedNetwork(
          checkpoint.network, parameters: checkpoint.parameters, backend: backend),
        requests: try RequestMaker(
          checkpoint, dataset: data, seed: options.session.seed, skipCorrupt: images.skipCorrupt,
          tell: console.warn))
    }
  }

  /// The names of the first network's classes; may be empty.
  var classes: [Checkpoint.ClassName] { sources[0].checkpoint.classes }

  /// The number of classes.
  var classCount: Int { sources[0].checkpoint.network.architecture.classes }

  /// Both networks, which fit.
  func comparable() throws(AttributionFailure) -> ComparableCheckpoints {
    try ComparableCheckpoints(
      sources[0].checkpoint, sources[1].checkpoint, names: (sources[0].path, sources[1].path))
  }

  /// Computes and writes everything.
  /// - Parameters:
  ///   - kind: What the two maps of a pair differ in.
  ///   - selection: The methods.
  ///   - plan: What is compared, of images and what the first network says about each.
  /// - Throws: What cannot be read, compared or written; `Interrupted`.
  func run(
    _ kind: ContrastResults.Kind, _ selection: MethodSelection,
    comparing plan: ([ExplainedImage], [Prediction]) throws -> Pairs
  ) throws {
    // A folder that cannot be used is told before the work.
    let folder = try options.session.dryRun ? nil : options.session.output.map(newFolder)
    let images = try chosenImages()
    let predictions = try sources.map { source in
      try Prediction.of(
        ExplainedImage.normalised(images, source.requests.preprocessing), by: source.network)
    }
    let (records, pairs) = try plan(images, predictions[0])
    let contrast = MapContrast(
      images: images, explainers: try explainers(selection, images[0], pairs[0]), pairs: pairs)
    try announce(contrast)
    guard let folder else { return }
    let assembly = try assembly(contrast, kind, predictions, records)
    for note in try assembly.notes() { console.warn(note) }
    // Nothing is written before all is there, so that stopping leaves nothing behind.
    Interruption.install()
    let picture = sources[0].requests.preprocessing
    let (height, width) = (picture.height, picture.width)
    let panel = SimilarityPanel(height: height, width: width)
    if let note = SimilarityPanel.windowNote(height: height, width: width) { console.warn(note) }
    do {
      let (scores, maps) = try compute(contrast, by: panel)
      let results = try assembly.results(panel, scores: scores, maps: maps)
      try report(results, maps, images, to: folder)
      tell(results, folder.path)
    } catch is AttributionStopped {
      throw Interrupted("interrupted; nothing was written, start again when there is time")
    }
  }

  private func newFolder(_ path: String) throws -> NewFolder {
    let work = "writing results into"
    guard options.overwrite else { return try NewFolder(path, work: work) }
    return try NewFolder(path, work: work) { WrittenFolder.holdsResults($0) }
  }

  // MARK: The comparison

  private func chosenImages() throws -> [ExplainedImage] {
    let first = sources[0]
    if let dataset, images.images.isEmpty {
      return try SampleRule(images.samples ?? "auto").images(
        of: dataset, for: first.checkpoint, first.network, first.requests.preprocessing)
    }
    return try ExplainedImage.read(
      images.images, first.requests.preprocessing.fitting, skipCorrupt: images.skipCorrupt,
      tell: console.warn)
  }

  /// Each network with the methods that can explain every one of them.
  private func explainers(
    _ selection: MethodSelection, _ image: ExplainedImage, _ pair: MapContrast.Pair
  ) throws -> [MapContrast.Explainer] {
    var methods = try MethodPreparation.methods(selection, images)
    if !options.without.contains(.controls) { methods = try methods.withControls() }
    var prepared = sources.map { _ in [RandomizationTest.Method]() }
    for method in methods {
      let ready = try sources.map { source -> RandomizationTest.Method? in
        do {
          return try MethodPreparation(source.checkpoint.network, source.requests, console)
            .prepared(
              method, for: image, target: pair.left.target,
              mayBeLeftOut: !method.choice.isNamed)
        } catch let failure as AttributionFailure where sources.count > 1 {
          throw AttributionFailure(failure.kind, "\(source.path): \(failure.description)")
        }
      }.compactMap(\.self)
      guard ready.count == sources.count else { continue }
      for (index, method) in ready.enumerated() { prepared[index].append(method) }
    }
    guard prepared[0].contains(where: { $0.choice.group != .control || $0.choice.isNamed }) else {
      throw AttributionFailure(.usage, "no method is left; choose others with --method")
    }
    return zip(sources, prepared).map { source, methods in
      MapContrast.Explainer(source.network, requests: source.requests, methods: methods)
    }
  }

  private func assembly(
    _ contrast: MapContrast, _ kind: ContrastResults.Kind, _ predictions: [[Prediction]],
    _ records: [ContrastRecord]
  ) throws -> ContrastAssembly {
    ContrastAssembly(
      contrast, kind: kind,
      sources: try zip(sources, predictions).map { source, predictions in
        ContrastAssembly.Source(
          source.checkpoint,
          record: ContrastNetwork(
            name: source.name,
            checkpoint: try .init(
              source.checkpoint, path: source.path, sha256: try source.digest.value()),
            health: try health(of: source, contrast.images)),
          predictions: predictions)
      }, contrasts: records, seed: options.session.seed)
  }

  /// What a network does with the images.
  private func health(of source: Source, _ images: [ExplainedImage]) throws -> NetworkHealth {
    let labels = images.compactMap(\.label)
    return try NetworkHealth.measure(
      source.network, on: ExplainedImage.normalised(images, source.requests.preprocessing),
      labels: labels.count == images.count ? labels : nil)
  }

  private func announce(_ contrast: MapContrast) throws {
    let walks = try contrast.walks()
    let maps = contrast.methods.count * contrast.mapCount
    // A few walks are over before an estimate is made.
    guard options.session.dryRun || walks > 100 else { return }
    let seconds = try CostEstimate(walks: walks, on: sources[0].network).seconds
    let text =
      "\(Format.count(contrast.methods.count, "method")), "
      + "\(Format.count(contrast.images.count, "image")): \(Format.count(maps, "map")); about "
      + "\(Format.count(Format.whole(walks))) walks through the network, "
      + "\(Format.duration(seconds)); up to \(Format.bytes(memory.limit)) of memory"
    options.session.dryRun ? console.print(text) : console.note(text)
  }

  // MARK: Work

  private func compute(
    _ contrast: MapContrast, by panel: SimilarityPanel
  ) throws -> (scores: [ContrastScore], maps: ContrastMaps) {
    let bar = console.progress(
      "comparing", total: Format.whole(try contrast.walks()), unit: "walks")
    defer { bar.finish() }
    var walked = 0.0
    return try contrast.compute(
      by: panel,
      MapContrast.Options(
        keptImages: options.pictures, threads: options.session.threadCount,
        memory: memory.activations,
        events: .init(
          walked: { walks, name in
            walked += walks
            bar.update(Int(walked), name)
          }, isStopped: { Interruption.requested })))
  }

  // MARK: The end

  private func report(
    _ results: ContrastResults, _ maps: ContrastMaps, _ images: [ExplainedImage],
    to folder: NewFolder
  ) throws {
    var choices = ContrastReport.Options()
    choices.command = ["xai-explain"] + CommandLine.arguments.dropFirst()
    choices.shownImages = options.pictures
    let bar = console.progress("reporting", total: 1000, unit: "parts")
    defer { bar.finish() }
    try ContrastReport(
      results, maps: maps, pictures: images.map(\.picture), options: choices
    ).write(to: folder.draft) { share in
      bar.update(Int(1000 * share))
      if Interruption.requested { throw AttributionStopped() }
    }
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
