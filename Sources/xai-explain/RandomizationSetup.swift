import XAIAttribution
import XAIClassifiers
import XAICommandLine
import XAIDatasets
import XAIExperiments
import XAIFiles
import XAIKernels
import XAINetworks
import XAITensor

/// What a randomization test is made of: network, images, methods, as the command line asks for them.
struct RandomizationSetup {
  let session: Session
  private let command: RandomizeCommand
  private let console: Console
  private let requests: RequestMaker

  /// Reads the checkpoint and opens the data.
  init(_ command: RandomizeCommand, _ console: Console) throws {
    (self.command, self.console) = (command, console)
    // The original network and a random one.
    session = try Session(
      .init(
        checkpoints: [command.checkpoint], seed: command.session.seed,
        memory: command.session.memory, networksTogether: 2,
        skipCorrupt: command.images.skipCorrupt),
      command.reading, command.images.choice(threads: command.session.threadCount), console)
    try session.openData()
    requests = try session.requests(for: session.network)
  }

  var checkpoint: Checkpoint { session.network.checkpoint }

  var network: ExplainedNetwork { session.network.explained }

  private var dataset: (any ImageDataset)? { session.dataset }

  /// What stored maps belong to: the file, and what options made of it besides.
  func identity(of digest: String) -> String {
    let reading = command.reading
    let choices = [reading.architecture, reading.preprocessing, reading.contents.classNames]
    guard choices.contains(where: { $0 != nil }) || reading.contents.weights != .standard else {
      return digest
    }
    let numbers = checkpoint.mean.elements + checkpoint.standardDeviation.elements
    let words = [
      digest, reading.contents.weights.rawValue, checkpoint.network.architecture.json,
      checkpoint.metadata[Checkpoint.preprocessingKey] ?? "",
    ]
    return SHA256.of(
      Array(
        (words + numbers.map { "\($0.bitPattern)" } + checkpoint.classes.map(\.id))
          .joined(separator: "\n").utf8))
  }

  /// How layers are randomized and what is explained.
  var configuration: RandomizationConfiguration {
    RandomizationConfiguration(
      randomization: Randomization(
        initializer: command.randomization.initializer,
        batchNorm: command.randomization.batchNorm),
      target: command.randomization.target, seed: command.session.seed)
  }

  /// The test of some images.
  func test(
    _ subjects: [RandomizationTest.Subject], _ calibration: Tensor?
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

  /// How images are chosen.
  var sampleRule: SampleRule {
    get throws {
      command.images.images.isEmpty
        ? try SampleRule(command.images.samples ?? "auto") : .chosen("")
    }
  }

  /// The images, each once, with what is explained of them.
  func subjects() throws -> [RandomizationTest.Subject] {
    let images: [ExplainedImage]
    if let dataset, command.images.images.isEmpty {
      images = try sampleRule.images(
        of: dataset, for: checkpoint, network, requests.preprocessing)
    } else {
      images = try ExplainedImage.read(
        command.images.images, requests.preprocessing.fitting,
        skipCorrupt: command.images.skipCorrupt, tell: console.warn)
    }
    let predictions = try Prediction.of(
      ExplainedImage.normalised(images, requests.preprocessing), by: network)
    let predicts = command.randomization.target == .repredicted
    var subjects: [RandomizationTest.Subject] = []
    for (image, prediction) in zip(images, predictions) {
      let target = predicts ? prediction.predicted : image.label ?? prediction.predicted
      if let same = subjects.first(where: { $0.image.key == image.key && $0.target == target }) {
        console.warn(
          "\(image.name) (\(image.source)) is the same picture as \(same.image.name), so it is tested once"
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
  ) throws -> [MethodUnderTest] {
    let preset = command.randomization.preset
    var candidates: [MethodPreparation.Candidate]
    if let preset {
      candidates = try preset.methods { try command.methods.apply(to: &$0) }
        .map { .init($0, isRequired: false) }
    } else {
      var selection = try command.methods.selection()
      try selection.leaveOutObstructed(on: checkpoint.network, console.warn)
      if command.randomization.smooth { smooth(&selection) }
      candidates = try selection.candidates(comparedWith: command.images.baseline)
    }
    if !command.randomization.without.contains(.controls) { candidates = candidates.withControls() }
    let preparation = MethodPreparation(
      checkpoint.network, requests, limit: preset == nil ? command.methods.limit : nil)
    return try candidates.compactMap { candidate in
      try preparation.ready(
        candidate, for: subjects[0].image, target: subjects[0].target, console)
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
  func calibration(_ images: Tensor) -> Tensor? {
    guard command.randomization.batchNorm == .recalibrate else { return nil }
    return images.rows(0..<min(images.rows, Self.calibrationImages))
  }

  /// One batch.
  private static let calibrationImages = 64

  /// The images on which networks are measured and batch norm is recalibrated: those of the data, else
  /// those under test.
  func healthImages(
    beside subjects: [RandomizationTest.Subject]
  ) throws -> (images: Tensor, labels: [Int]?) {
    let isNeeded =
      !command.randomization.without.contains(.health)
      || configuration.randomization.batchNorm == .recalibrate
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
}
