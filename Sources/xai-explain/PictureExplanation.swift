import XAIAttribution
import XAIClassifiers
import XAICommandLine
import XAIDatasets
import XAIExperiments
import XAIFiles
import XAIImages
import XAINetworks
import XAIReports
import XAITensor

/// Explains pictures, and writes a folder of pictures.
struct PictureExplanation {
  private typealias Subject = ExplanationFolder.Subject

  /// Images with their targets that are explained together, at most.
  private static let mostTogether = 16
  /// Bytes that their maps may take: they are kept until the last method is done with them.
  private static let mostMaps = 48_000_000

  private let command: AttributeCommand
  private let session: ExplanationSession
  private let requests: RequestMaker

  init(_ command: AttributeCommand, _ session: ExplanationSession) throws {
    (self.command, self.session) = (command, session)
    try session.session.openData()
    requests = try session.session.requests(for: session.session.network)
  }

  func run(_ selection: MethodSelection) throws {
    let targets = try TargetChoice.list(
      command.target ?? "predicted", classes: session.checkpoint.classes,
      count: session.checkpoint.network.architecture.classes)
    let images = try self.images()
    // A folder that cannot be used is told before the work.
    let folder = try command.images.dryRun ? nil : folder()
    let subjects = try self.subjects(images, targets)
    let together = together(for: selection.choices.count)
    let work = try self.work(selection, like: Array(subjects.prefix(together)))
    try announce(work, subjects)
    guard let folder else { return }
    // From here on what is finished is saved.
    Interruption.install()
    try explain(subjects, together, by: work, into: folder)
  }

  /// How many images with their targets are explained together by so many methods.
  private func together(for methods: Int) -> Int {
    let input = session.checkpoint.network.architecture.input
    let maps = methods * MemoryLayout<Float>.stride * input.reduce(1, *)
    return min(Self.mostTogether, max(1, Self.mostMaps / max(1, maps)))
  }

  private func images() throws -> [ExplainedImage] {
    if let samples = command.images.samples, let dataset = session.session.dataset {
      return try ExplainedImage.take(samples, of: dataset, for: session.checkpoint)
    }
    return try ExplainedImage.read(
      command.images.image, requests.preprocessing.fitting,
      skipCorrupt: command.images.skipCorrupt, tell: session.console.warn)
  }

  /// Each image with each of its targets once.
  private func subjects(
    _ images: [ExplainedImage], _ targets: [TargetChoice]
  ) throws -> [Subject] {
    let predictions = try Prediction.of(
      ExplainedImage.normalised(images, requests.preprocessing), by: session.network)
    return try images.indices.flatMap { number in
      let (image, prediction) = (images[number], predictions[number])
      var chosen: [Int] = []
      for target in targets {
        let index =
          switch target {
          case .predicted: prediction.predicted
          case .index(let index): index
          case .label: try label(of: image)
          }
        if !chosen.contains(index) { chosen.append(index) }
      }
      return chosen.map { Subject(image, number: number, prediction, target: $0) }
    }
  }

  private func label(of image: ExplainedImage) throws -> Int {
    if let label = image.label { return label }
    guard command.images.samples != nil else {
      throw AttributionFailure(
        .usage,
        "--target true: the class of \(image.source) is not known; take images of --data with "
          + "--samples")
    }
    throw AttributionFailure(
      .usage, "--target true: the network does not know the class of \(image.name)")
  }

  /// The methods that can explain; others are left out, or an error where named.
  private func work(
    _ selection: MethodSelection, like subjects: [Subject]
  ) throws -> [MethodUnderTest] {
    let preparation = MethodPreparation(
      session.checkpoint.network, requests, limit: command.methods.limit)
    var work: [MethodUnderTest] = []
    var long: [String] = []
    for candidate in try selection.candidates(comparedWith: command.images.baseline) {
      let identifier = candidate.method.identifier
      switch try preparation.prepared(
        candidate, for: subjects.map(\.image), targets: subjects.map(\.target))
      {
      case .ready(let method): work.append(method)
      case .obstructed(let obstacle):
        session.console.warn("\(identifier) is left out: \(obstacle)")
      case .long: long.append(identifier)
      }
    }
    if !long.isEmpty {
      session.console.note(
        "left out because they take long, name them with --method: "
          + long.joined(separator: ", "))
    }
    guard !work.isEmpty else { throw ExperimentFailure(.noMethodLeft) }
    return work
  }

  private func request(
    _ subjects: [Subject], for method: MethodUnderTest
  ) throws -> AttributionRequest {
    try requests.request(
      subjects.map(\.image), targets: subjects.map(\.target), for: method.method,
      baseline: method.baseline)
  }

  private func announce(_ work: [MethodUnderTest], _ subjects: [Subject]) throws {
    let each = try work.map { session.walks(of: $0, try request([subjects[0]], for: $0)) }
    let total = each.reduce(0, +) * Double(subjects.count)
    session.begin(walks: total)
    // A few walks are over before an estimate is made.
    guard command.images.dryRun || total > 100 else { return }
    let estimate = try CostEstimate(walks: total, on: session.network)
    guard command.images.dryRun else { return session.announce(estimate) }
    session.finish()
    for (method, walks) in zip(work, each) {
      session.console.print(
        "\(method.identifier): \(Format.count(Format.whole(walks))) walks for each of "
          + "\(subjects.count) maps, "
          + Format.duration(walks / total * Double(subjects.count) * estimate.seconds))
    }
    session.console.print(
      "in all \(Format.count(Format.whole(total))) walks, \(Format.duration(estimate.seconds))")
  }

  private func folder() throws -> ExplanationFolder {
    try ExplanationFolder(
      path: command.images.output ?? "", classes: session.checkpoint.classes,
      results: try results(), replacing: command.images.overwrite)
  }

  private func explain(
    _ subjects: [Subject], _ together: Int, by work: [MethodUnderTest],
    into folder: ExplanationFolder
  ) throws {
    defer { session.finish() }
    let digest = session.session.network.digest
    var folder = folder
    // Whatever ends the program now, the folder says that it is not complete.
    try folder.writeResults(complete: false, checkpointDigest: "")
    for first in stride(from: 0, to: subjects.count, by: together) {
      let part = Array(subjects[first..<min(first + together, subjects.count)])
      do {
        for subject in part { try folder.begin(subject) }
        try explain(part, by: work, into: &folder)
        for subject in part { try folder.finish(subject) }
        let isLast = first + part.count == subjects.count
        try folder.writeResults(complete: isLast, checkpointDigest: try digest.value())
      } catch {
        try save(&folder, part, after: error, digest)
      }
    }
    session.finish()
    session.console.note(
      "\(Format.count(subjects.count, "target")) explained by \(Format.count(work.count, "method")): "
        + "\(folder.path)/\(ExplanationFolder.resultsName)")
  }

  /// Saves what was finished before a failure or an interruption, and throws it.
  private func save(
    _ folder: inout ExplanationFolder, _ part: [Subject], after error: any Error,
    _ digest: FileDigest
  ) throws {
    let isStopped = error is AttributionStopped
    do {
      for subject in part { try folder.finish(subject) }
      try folder.writeResults(
        complete: false, failure: isStopped ? "interrupted" : "\(error)",
        checkpointDigest: try digest.value())
    } catch let second {
      // The first failure is the one to tell; an interruption is none.
      throw isStopped ? second : error
    }
    guard isStopped else { throw error }
    throw Interrupted(
      folder.isReplacing
        ? "interrupted; \(folder.path) is as it was"
        : "interrupted; what was finished is in \(folder.path)")
  }

  /// Explains some subjects by all methods.
  private func explain(
    _ subjects: [Subject], by work: [MethodUnderTest], into folder: inout ExplanationFolder
  ) throws {
    for method in work {
      let request = try request(subjects, for: method)
      let (attribution, seconds) = try session.attribute(method, request)
      let parameters = try MethodParameters(of: method.method)
      let label = command.methods.noise.noise.map { "\(method.identifier) + \($0.rawValue)" }
      for (index, subject) in subjects.enumerated() {
        let map = attribution.maps.row(index)
        var notes = attribution.notes(of: index)
        // Of such a map there is no sum to be told.
        let law = attribution.laws.isEmpty || !map.isFinite ? nil : attribution.laws[index]
        if let law { session.warn(of: law, method.identifier, subject.image.name) }
        if !map.isFinite {
          notes.append("the map holds NaN or infinity")
          session.console.warn(
            "\(method.identifier) of \(subject.image.name): the map holds NaN or infinity")
        }
        try folder.add(
          .init(
            method: method.identifier, label: label, parameters: parameters,
            baseline: method.baseline,
            map: map, law: law, notes: notes,
            seconds: seconds / Double(subjects.count)),
          of: subject)
      }
      session.tell(attribution.notes, of: method) { subjects[$0].image.name }
    }
  }

  private func results() throws -> ExplanationResults {
    ExplanationResults(
      version: Toolkit.version, command: ["xai-explain"] + CommandLine.arguments.dropFirst(),
      checkpoint: try .init(session.checkpoint, path: command.checkpoint, sha256: ""),
      seed: command.seed, sign: command.images.sign ?? .all)
  }
}
