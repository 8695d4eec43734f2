import XAIAttribution
import XAIClassifiers
import XAIConsole
import XAIDatasets
import XAIExperiments
import XAIImages
import XAIReports
import XAIFiles
import XAINetworks
import XAITensor

/// Explains pictures, and writes a folder of pictures.
struct PictureExplanation {
  private typealias Subject = ExplanationFolder.Subject
  private typealias Work = (choice: MethodSelection.Choice, baseline: BaselineKind?)

  /// Images with their targets that are explained together, at most.
  private static let mostTogether = 16
  /// Bytes that their maps may take: they are kept until the last method is done with them.
  private static let mostMaps = 48_000_000

  private let command: AttributeCommand
  private let session: ExplanationSession
  private let dataset: (any ImageDataset)?
  private let requests: RequestMaker

  init(_ command: AttributeCommand, _ session: ExplanationSession) throws {
    (self.command, self.session) = (command, session)
    let input = session.checkpoint.network.architecture.input
    session.console.offer("--skip-corrupt", as: .leaveOutUnreadable)
    dataset = try command.images.data.map { data in
      // A few images are read from their own files: no cache of all is made for them.
      try DataOpening(
        data: data, cache: command.images.cache ?? "none", skipCorrupt: command.images.skipCorrupt,
        threads: command.threadCount
      ).open(
        input: input, fitting: try session.checkpoint.fitting, validationFraction: 0.2, seed: 0,
        session.console)
    }
    try session.takeClasses(of: dataset, command)
    requests = try RequestMaker(
      session.checkpoint, dataset: dataset, seed: command.seed,
      skipCorrupt: command.images.skipCorrupt, tell: session.console.warn)
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
    if let samples = command.images.samples, let dataset {
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

  /// Which method with which baseline; methods that cannot are left out, or an error where named.
  private func work(
    _ selection: MethodSelection, like subjects: [Subject]
  ) throws -> [Work] {
    let wanted = command.images.baseline
    let chosen = try wanted.isEmpty ? nil : BaselineKind(wanted)
    var work: [Work] = []
    var expensive: [String] = []
    for choice in selection.choices {
      let baseline = RequestMaker.baseline(of: choice.method, choice.identifier, chosen: chosen)
      if let obstacle = baseline.flatMap(requests.obstacle) {
        if choice.isNamed {
          throw AttributionFailure(.usage, "\(choice.identifier) cannot be applied: \(obstacle)")
        }
        session.console.warn("\(choice.identifier) is left out: \(obstacle)")
        continue
      }
      let prepared: MethodSelection.Choice
      do {
        prepared = try session.prepared(
          choice, for: try request(subjects, for: choice, baseline))
      } catch let failure as AttributionFailure where !choice.isNamed {
        session.console.warn("\(choice.identifier) is left out: \(failure.description)")
        continue
      }
      let walks = try self.walks((prepared, baseline), like: subjects[0])
      if command.methods.method == nil && walks > MethodOptions.standardLimit {
        expensive.append(choice.identifier)
      } else {
        work.append((prepared, baseline))
      }
    }
    if !expensive.isEmpty {
      session.console.note(
        "left out because they take long, name them with --method: "
          + expensive.joined(separator: ", "))
    }
    guard !work.isEmpty else {
      throw AttributionFailure(.usage, "no method is left; choose others with --method")
    }
    return work
  }

  private func request(
    _ subjects: [Subject], for choice: MethodSelection.Choice, _ baseline: BaselineKind?
  ) throws -> AttributionRequest {
    try requests.request(
      subjects.map(\.image), targets: subjects.map(\.target), for: choice.method,
      baseline: baseline)
  }

  private func walks(_ work: Work, like subject: Subject) throws -> Double {
    let request = try request([subject], for: work.choice, work.baseline)
    return work.choice.method.cost(of: request, on: session.checkpoint.network).walks
  }

  private func announce(_ work: [Work], _ subjects: [Subject]) throws {
    let each = try work.map { try walks($0, like: subjects[0]) }
    let total = each.reduce(0, +) * Double(subjects.count)
    session.begin(walks: total)
    // A few walks are over before an estimate is made.
    guard command.images.dryRun || total > 100 else { return }
    let estimate = try CostEstimate(walks: total, on: session.network)
    guard command.images.dryRun else { return session.announce(estimate) }
    session.finish()
    for (work, walks) in zip(work, each) {
      session.console.print(
        "\(work.choice.identifier): \(Format.count(Format.whole(walks))) walks for each of "
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
    _ subjects: [Subject], _ together: Int, by work: [Work], into folder: ExplanationFolder
  ) throws {
    defer { session.finish() }
    let digest = FileDigest(command.checkpoint)
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
    _ subjects: [Subject], by work: [Work], into folder: inout ExplanationFolder
  ) throws {
    for (choice, baseline) in work {
      let request = try request(subjects, for: choice, baseline)
      let (attribution, seconds) = try session.attribute(choice, request)
      let parameters = try MethodParameters(of: choice.method)
      let label = command.methods.noise.noise.map { "\(choice.identifier) + \($0.rawValue)" }
      for (index, subject) in subjects.enumerated() {
        let map = attribution.maps.row(index)
        var notes = attribution.notes(of: index)
        // Of such a map there is no sum to be told.
        let law = attribution.laws.isEmpty || !map.isFinite ? nil : attribution.laws[index]
        if let law { session.warn(of: law, choice.identifier, subject.image.name) }
        if !map.isFinite {
          notes.append("the map holds NaN or infinity")
          session.console.warn(
            "\(choice.identifier) of \(subject.image.name): the map holds NaN or infinity")
        }
        try folder.add(
          .init(
            method: choice.identifier, label: label, parameters: parameters, baseline: baseline,
            map: map, law: law, notes: notes,
            seconds: seconds / Double(subjects.count)),
          of: subject)
      }
      session.tell(attribution.notes, of: choice) { subjects[$0].image.name }
    }
  }

  private func results() throws -> ExplanationResults {
    ExplanationResults(
      version: Toolkit.version, command: ["xai-explain"] + CommandLine.arguments.dropFirst(),
      checkpoint: try .init(session.checkpoint, path: command.checkpoint, sha256: ""),
      seed: command.seed, sign: command.images.sign ?? .all)
  }
}
