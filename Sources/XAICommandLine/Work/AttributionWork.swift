import XAIAttribution
package import XAIExperiments
import XAIImages
import XAINetworks
import XAIReports
import XAITensor

/// What `attribute` does with pictures: tells what it takes, explains, writes a folder.
package struct AttributionWork {
  private let session: Session
  private let images: ImageOptions
  private let console: Console

  /// Prepares for a network.
  package init(_ session: Session, _ images: ImageOptions, _ console: Console) {
    (self.session, self.images, self.console) = (session, images, console)
  }

  /// Explains.
  /// - Parameters:
  ///   - methods: The methods.
  ///   - options: What was said about them.
  ///   - target: The classes, as words.
  ///   - shard: The part of several processes that is done here; nil where this one does everything.
  ///   - change: Changes what is explained.
  /// - Throws: What is missing or wrong; `Interrupted` where a signal stopped it.
  package func run(
    _ methods: [MethodPreparation.Candidate], _ options: MethodOptions, target: String?,
    shard: Shard? = nil, _ change: (inout AttributionExperiment.Configuration) -> Void
  ) throws {
    try session.openData()
    var configuration = AttributionExperiment.Configuration(
      images: images.choice,
      targets: try TargetChoice.list(
        target ?? "predicted", classes: session.network.checkpoint.classes,
        count: session.classCount),
      methods: methods)
    configuration.limit = options.limit
    change(&configuration)
    let experiment = try AttributionExperiment(configuration, in: session)
    guard !images.dryRun else {
      try announce(experiment)
      guard let shard else { return }
      return console.print(try experiment.load(of: shard).words(of: shard))
    }
    if let shard { return try finishPart(shard, of: experiment) }
    // A folder that cannot be used is told before the work.
    var folder = try newFolder()
    try experiment.open(folder.place, lock: folder.lock)
    try announce(experiment)
    let isReplacing = folder.isReplacing
    let (subjects, count) = try console.stoppable(
      isReplacing
        ? "interrupted; \(folder.path) is as it was"
        : "interrupted; what was finished is in \(folder.path), the same command goes on"
    ) { try experiment.run(into: &folder) }
    console.note(
      "\(Format.count(subjects, "target")) explained by \(Format.count(count, "method")): "
        + "\(folder.path)/\(ExplanationFolder.resultsName)")
  }

  /// One of several processes: no pictures.
  private func finishPart(_ shard: Shard, of experiment: AttributionExperiment) throws {
    let output = images.output ?? ""
    try experiment.open(output, shard: shard)
    try console.stoppable(
      "interrupted; finished maps are in \(output), the same command goes on"
    ) {
      try experiment.finishPart(of: shard)
      console.note("\(shard.words) is finished in \(output)")
    }
  }

  private func newFolder() throws -> ExplanationFolder {
    let network = session.network
    return try ExplanationFolder(
      path: images.output ?? "", classes: network.checkpoint.classes,
      results: ExplanationResults(
        version: Toolkit.version, command: console.commandWords,
        checkpoint: try .init(network.checkpoint, path: network.path, sha256: ""),
        seed: session.request.seed, sign: images.sign ?? .all, colors: images.color.colors,
        clip: images.clip),
      replacing: images.overwrite)
  }

  private func announce(_ experiment: AttributionExperiment) throws {
    let (methods, maps) = try experiment.cost()
    let total = methods.reduce(0) { $0 + $1.walks } * Double(maps)
    // A few walks are over before an estimate is made.
    guard images.dryRun || total > 100 else { return }
    let estimate = try CostEstimate(walks: total, on: session.network.explained)
    guard images.dryRun else { return console.announce(estimate) }
    for method in methods {
      console.print(
        "\(method.method): \(Format.count(Format.whole(method.walks))) walks for each of "
          + "\(maps) maps, "
          + Format.duration(method.walks / total * Double(maps) * estimate.seconds))
    }
    console.print(
      "in all \(Format.count(Format.whole(total))) walks, \(Format.duration(estimate.seconds))")
  }
}

extension Console {
  /// Tells what work costs, before it begins.
  func announce(_ estimate: CostEstimate) {
    note(
      "about \(Format.count(Format.whole(estimate.walks))) walks through the network, "
        + "\(Format.duration(estimate.seconds))")
  }

  /// The command, word by word, as records keep it.
  package var commandWords: [String] { [program] + CommandLine.arguments.dropFirst() }
}
