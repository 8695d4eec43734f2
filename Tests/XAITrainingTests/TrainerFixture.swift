import Testing
import XAIDatasets
import XAIFiles
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport
import XAITraining

/// Noise whose brightest colour tells the class: learned within a few epochs of a few steps.
struct ColouredNoise: ImageDataset {
  var name = "coloured-noise"
  var classCount = 3
  var counts: [Split: Int] = [.train: 30, .validation: 12, .test: 6]
  let height = 8
  let width = 8
  /// The training image that cannot be read.
  var broken: Int?

  var classes: [ClassLabel] {
    (0..<classCount).map { ClassLabel(id: "c\($0)", name: "colour \($0)") }
  }

  func count(of split: Split) -> Int { counts[split] ?? 0 }

  func sample(at index: Int, of split: Split) -> Sample {
    Sample(name: "\(split.rawValue)_\(index)", label: index % classCount)
  }

  func readPixels(
    at index: Int, of split: Split, into pixels: UnsafeMutableBufferPointer<UInt8>
  ) throws(DatasetFailure) {
    if split == .train, index == broken {
      throw DatasetFailure(.badData, "image \(index) is broken")
    }
    var stream = RandomStream(seed: 3, purpose: "coloured noise/\(split.rawValue)", index)
    for position in pixels.indices {
      let isBright = position % 3 == index % classCount
      pixels[position] = UInt8(stream.integer(below: 100) + (isBright ? 100 : 0))
    }
  }
}

/// A change of a configuration, with a name.
struct Change: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let apply: @Sendable (inout TrainingConfiguration) -> Void

  init(_ name: String, _ apply: @escaping @Sendable (inout TrainingConfiguration) -> Void) {
    (testDescription, self.apply) = (name, apply)
  }
}

/// Remembers how a training went, and interrupts it at a chosen moment.
final class Recorder: TrainingEvents {
  enum Moment: Sendable {
    case never
    case afterFirstStep
    case afterStep(Int)
    case inValidation(ofEpoch: Int)
  }

  private let moment: Moment
  private let backend: (any Backend)?
  private(set) var isInterrupted = false
  private(set) var states: [TrainingState] = []
  private(set) var epochs: [EpochMetrics] = []
  private(set) var bestEpochs: [Int] = []
  private(set) var memory: [Int] = []

  init(interrupting moment: Moment = .never, backend: (any Backend)? = nil) {
    self.moment = moment
    self.backend = backend
  }

  func willTrain(epoch: Int, of total: Int, steps: Int, _ state: TrainingState) {}

  func didTrain(_ state: TrainingState) {
    states.append(state)
    switch moment {
    case .afterFirstStep: isInterrupted = true
    case .afterStep(let step): isInterrupted = state.step >= step
    case .inValidation, .never: break
    }
  }

  func willValidate(images: Int) {}

  func didValidate(images: Int) {
    guard case .inValidation(let epoch) = moment else { return }
    if states.last.map({ $0.epoch + 1 }) == epoch { isInterrupted = true }
  }

  func didFinish(_ metrics: EpochMetrics, isBest: Bool) {
    epochs.append(metrics)
    if isBest { bestEpochs.append(metrics.epoch) }
    if let backend { memory.append(backend.memoryInUse) }
  }
}

/// A run folder and what trains into it: a small network, 12 steps in 3 epochs.
final class TrainerFixture {
  private let folder: TemporaryFolder
  var configuration: TrainingConfiguration
  var dataset: any ImageDataset
  var options = Trainer.Options()
  var threads = 1
  var start: StartingPoint?

  init(
    _ dataset: ColouredNoise = ColouredNoise(),
    change: (inout TrainingConfiguration) -> Void = { _ in }
  ) throws {
    folder = try TemporaryFolder()
    let architecture = Architecture(
      name: "small", input: [3, 8, 8], stacks: [[8], [8]], hidden: [16],
      classes: dataset.classCount)
    configuration = Recipe.thesis.configuration(data: dataset.name, architecture: architecture)
    (configuration.epochs, configuration.batchSize) = (3, 8)
    configuration.learningRate = 0.05
    change(&configuration)
    self.dataset = dataset
    if let seed = configuration.randomLabels {
      self.dataset = RelabelledDataset(dataset, seed: seed)
    }
  }

  func path(_ name: String) -> String { folder.file("run/\(name)") }

  func bytes(_ name: String) throws -> [UInt8] { try WholeFile.read(path(name)) }

  func bestModel() throws -> Checkpoint { try Checkpoint(path: path("bestmodel.safetensors")) }

  func last() throws -> SavedTraining { try SavedTraining(path: path("last.safetensors")) }

  /// Trains with so many threads; this thread's own number is as before afterwards.
  @discardableResult
  func train(
    resuming: Bool = false, events: any TrainingEvents = NoEvents(),
    backend: (any Backend)? = nil
  ) throws -> RunSummary {
    let before = ThreadTeam.count
    ThreadTeam.setCount(threads)
    defer { ThreadTeam.setCount(before) }
    let run = try RunFolder(path: path(""))
    let trainer = try Trainer(
      configuration, dataset: dataset, folder: run, backend: try backend ?? CPUBackend(),
      resuming: resuming ? try last() : nil, startingFrom: start, options: options, events: events)
    return try trainer.run()
  }

  /// Writes `last.safetensors` anew with other metadata.
  func tamper(_ key: String, _ change: (String) -> String) throws {
    let file = try SafetensorsFile(path: path("last.safetensors"))
    var metadata = file.metadata
    metadata[key] = change(try #require(metadata[key]))
    let tensors = try file.entries.map { entry in
      (entry.name, TensorData.float32(try file.tensor(entry.name)))
    }
    try SafetensorsFile.write(tensors, metadata: metadata, to: path("last.safetensors"))
  }
}

/// Records an issue unless two trainings left the same files but for times.
func expectSameTraining(
  _ left: TrainerFixture, _ right: TrainerFixture, _ label: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let comment = Comment(rawValue: label)
  #expect(
    try left.bytes("bestmodel.safetensors") == right.bytes("bestmodel.safetensors"), comment,
    sourceLocation: sourceLocation)
  #expect(
    try left.bytes("config.json") == right.bytes("config.json"), comment,
    sourceLocation: sourceLocation)
  let files = try [left, right].map { try SafetensorsFile(path: $0.path("last.safetensors")) }
  #expect(files[0].entries == files[1].entries, comment, sourceLocation: sourceLocation)
  for entry in files[0].entries {
    #expect(
      try files[0].tensor(entry.name) == files[1].tensor(entry.name),
      "\(entry.name) \(label)", sourceLocation: sourceLocation)
  }
  let metadata = files.map { $0.metadata.filter { $0.key != "training_state" } }
  #expect(metadata[0] == metadata[1], comment, sourceLocation: sourceLocation)
  #expect(
    try left.last().state.withoutTimes == right.last().state.withoutTimes, comment,
    sourceLocation: sourceLocation)
}

extension TrainingState {
  /// What is left when nothing depends on a clock or on sessions.
  var withoutTimes: TrainingState {
    var state = self
    (state.epochSeconds, state.seconds, state.stepSeconds, state.imagesInAll) = (0, 0, 0, 0)
    for index in state.metrics.indices {
      (state.metrics[index].seconds, state.metrics[index].imagesPerSecond) = (0, 0)
    }
    return state
  }
}
