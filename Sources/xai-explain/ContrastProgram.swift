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

/// What `class-sensitivity` and `compare` do, from the checkpoints to the report.
final class ContrastProgram {
  typealias Pairs = (records: [ContrastRecord], pairs: [MapContrast.Pair])

  private let images: TestImageOptions
  private let options: ContrastOptions
  private let console: Console
  private let session: Session
  private let requests: [RequestMaker]

  init(
    _ paths: [String], _ reading: CheckpointOptions, _ images: TestImageOptions,
    _ options: ContrastOptions, _ console: Console
  ) throws {
    (self.images, self.options, self.console) = (images, options, console)
    session = try Session(
      .init(
        checkpoints: paths, seed: options.session.seed, memory: options.session.memory,
        skipCorrupt: images.skipCorrupt),
      reading, images.choice(threads: options.session.threadCount), console)
    try session.openData()
    requests = try session.networks.map(session.requests)
  }

  /// The names of the first network's classes; may be empty.
  var classes: [Checkpoint.ClassName] { session.networks[0].checkpoint.classes }

  /// The number of classes.
  var classCount: Int { session.networks[0].checkpoint.network.architecture.classes }

  /// Both networks, which fit.
  func comparable() throws(AttributionFailure) -> ComparableCheckpoints {
    try ComparableCheckpoints(
      session.networks[0].checkpoint, session.networks[1].checkpoint,
      names: (session.networks[0].path, session.networks[1].path))
  }

  /// Computes and writes everything.
  /// - Parameters:
  ///   - kind: What the two maps of a pair differ in.
  ///   - selection: The methods.
  ///   - limit: The most walks for each image of a method; nil where methods were named.
  ///   - plan: What is compared, of images and what the first network says about each.
  /// - Throws: What cannot be read, compared or written; `Interrupted`.
  func run(
    _ kind: ContrastResults.Kind, _ selection: MethodSelection, limit: Double?,
    comparing plan: ([ExplainedImage], [Prediction]) throws -> Pairs
  ) throws {
    // A folder that cannot be used is told before the work.
    let folder = try options.session.dryRun ? nil : options.session.output.map(newFolder)
    let images = try chosenImages()
    let predictions = try zip(session.networks, requests).map { network, requests in
      try Prediction.of(
        ExplainedImage.normalised(images, requests.preprocessing), by: network.explained)
    }
    let (records, pairs) = try plan(images, predictions[0])
    let contrast = MapContrast(
      images: images, explainers: try explainers(selection, limit: limit, images[0], pairs[0]),
      pairs: pairs)
    try announce(contrast)
    guard let folder else { return }
    let assembly = try assembly(contrast, kind, predictions, records)
    for note in try assembly.notes() { console.warn(note) }
    // Nothing is written before all is there, so that stopping leaves nothing behind.
    Interruption.install()
    let picture = requests[0].preprocessing
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
    let preprocessing = requests[0].preprocessing
    if let dataset = session.dataset, images.images.isEmpty {
      return try SampleRule(images.samples ?? "auto").images(
        of: dataset, for: session.network.checkpoint, session.network.explained, preprocessing)
    }
    return try ExplainedImage.read(
      images.images, preprocessing.fitting, skipCorrupt: images.skipCorrupt, tell: console.warn)
  }

  /// Each network with the methods that can explain every one of them.
  private func explainers(
    _ selection: MethodSelection, limit: Double?, _ image: ExplainedImage,
    _ pair: MapContrast.Pair
  ) throws -> [MapContrast.Explainer] {
    var candidates = try selection.candidates(comparedWith: images.baseline)
    if !options.without.contains(.controls) { candidates = candidates.withControls() }
    let preparations = zip(session.networks, requests).map {
      MethodPreparation($0.checkpoint.network, $1, limit: limit)
    }
    var prepared = session.networks.map { _ in [MethodUnderTest]() }
    var isAnyChosen = false
    for candidate in candidates {
      let ready = try zip(session.networks, preparations).compactMap { network, preparation in
        do {
          return try preparation.ready(candidate, for: image, target: pair.left.target, console)
        } catch {
          guard let failure = error as? AttributionFailure, preparations.count > 1 else {
            throw error
          }
          throw AttributionFailure(failure.kind, "\(network.path): \(failure.description)")
        }
      }
      guard ready.count == preparations.count else { continue }
      for (index, method) in ready.enumerated() { prepared[index].append(method) }
      isAnyChosen = isAnyChosen || candidate.isRequired || ready[0].entry.group != .control
    }
    guard isAnyChosen else { throw ExperimentFailure(.noMethodLeft) }
    return zip(session.networks, zip(requests, prepared)).map { network, made in
      MapContrast.Explainer(network.explained, requests: made.0, methods: made.1)
    }
  }

  private func assembly(
    _ contrast: MapContrast, _ kind: ContrastResults.Kind, _ predictions: [[Prediction]],
    _ records: [ContrastRecord]
  ) throws -> ContrastAssembly {
    ContrastAssembly(
      contrast, kind: kind,
      sources: try session.networks.indices.map { index in
        let network = session.networks[index]
        return ContrastAssembly.Source(
          network.checkpoint,
          record: ContrastNetwork(
            name: ["A", "B"][index],
            checkpoint: try .init(
              network.checkpoint, path: network.path, sha256: try network.digest.value()),
            health: try health(of: index, contrast.images)),
          predictions: predictions[index])
      }, contrasts: records, seed: options.session.seed)
  }

  /// What a network does with the images.
  private func health(of network: Int, _ images: [ExplainedImage]) throws -> NetworkHealth {
    let labels = images.compactMap(\.label)
    return try NetworkHealth.measure(
      session.networks[network].explained,
      on: ExplainedImage.normalised(images, requests[network].preprocessing),
      labels: labels.count == images.count ? labels : nil)
  }

  private func announce(_ contrast: MapContrast) throws {
    let walks = try contrast.walks()
    let maps = contrast.methods.count * contrast.mapCount
    // A few walks are over before an estimate is made.
    guard options.session.dryRun || walks > 100 else { return }
    let seconds = try CostEstimate(walks: walks, on: session.network.explained).seconds
    let text =
      "\(Format.count(contrast.methods.count, "method")), "
      + "\(Format.count(contrast.images.count, "image")): \(Format.count(maps, "map")); about "
      + "\(Format.count(Format.whole(walks))) walks through the network, "
      + "\(Format.duration(seconds)); up to \(Format.bytes(session.memory.limit)) of memory"
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
        memory: session.memory.activations,
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
