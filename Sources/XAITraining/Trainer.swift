public import XAIDatasets
public import XAIKernels
import XAIFiles
import XAINetworks
import XAITensor

/// Trains a network: epochs of steps, validation, the best parameters kept, all state saved.
///
/// Every random choice depends on the seed, the epoch and the step alone, and `last.safetensors` holds
/// everything else; so a training that is stopped and resumed gives the bytes of one that was not.
public final class Trainer {
  /// What the caller may choose without changing the result.
  public struct Options: Sendable {
    /// Stop after so many steps in all.
    public var maxSteps: Int?
    /// Save all state every so many steps.
    public var saveEverySteps: Int?
    /// Save all state every so many seconds.
    public var saveEverySeconds: Double?
    /// Whether TensorBoard event files are written.
    public var tensorBoard = false

    /// No limits, state saved after each epoch.
    public init() {}
  }

  let configuration: TrainingConfiguration
  let options: Options
  let folder: RunFolder
  let network: Network
  let dataset: any ImageDataset
  let preprocessing: Preprocessing
  let backend: any Backend
  let events: any TrainingEvents
  /// The passes of the images' size in the epoch under way.
  private var pass: TrainingPass
  let parameters: DeviceParameters
  private let gradients: DeviceParameters
  /// The names of the parameters that stay as they are.
  private let frozen: Set<String>
  let descent: GradientDescent
  let average: DeviceParameters?
  private let loss: CrossEntropy
  let stepsPerEpoch: Int
  /// Where the training stands.
  public internal(set) var state: TrainingState
  private var lastSave = ContinuousClock.now
  let eventFile: EventFile?
  private let stepFile: EventFile?

  /// Prepares a training.
  /// - Parameters:
  ///   - configuration: Everything that decides the result.
  ///   - dataset: The images.
  ///   - folder: Where the results go.
  ///   - backend: What computes.
  ///   - resumed: The state to continue from; nothing starts anew.
  ///   - start: What to start from where nothing is resumed; nothing for random parameters.
  ///   - options: What does not decide the result.
  ///   - events: Who is told.
  /// - Throws: Where data, state or memory do not allow it.
  public init(
    _ configuration: TrainingConfiguration, dataset: any ImageDataset, folder: RunFolder,
    backend: any Backend, resuming resumed: SavedTraining? = nil,
    startingFrom start: StartingPoint? = nil, options: Options = Options(),
    events: any TrainingEvents = NoEvents()
  ) throws {
    try configuration.validate()
    let input = configuration.architecture.input
    guard input == [3, dataset.height, dataset.width] else {
      throw TrainingFailure(
        .badData,
        "the architecture takes images of \(input.map(String.init).joined(separator: " x ")), "
          + "\(dataset.name) has images of 3 x \(dataset.height) x \(dataset.width); change "
          + "\"input\" in the architecture's file")
    }
    guard configuration.architecture.classes == dataset.classes.count else {
      throw TrainingFailure(
        .badData,
        "the architecture has \(configuration.architecture.classes) classes, \(dataset.name) has "
          + "\(dataset.classes.count)")
    }
    for split in [Split.train, .validation] where dataset.count(of: split) == 0 {
      throw TrainingFailure(
        .badData,
        "\(dataset.name): the \(split.rawValue) split is empty; the data need at least one image "
          + "in each split, so use more images or another validation fraction")
    }
    self.configuration = configuration
    self.options = options
    self.folder = folder
    self.dataset = dataset
    self.backend = backend
    self.events = events
    network = Network(configuration.architecture)
    pass = TrainingPass(network, backend: backend, frozen: Set(configuration.frozen ?? []))
    frozen = network.parameterNames(of: configuration.frozen ?? [])
    loss = CrossEntropy(smoothing: configuration.labelSmoothing)
    preprocessing =
      try resumed?.preprocessing ?? start?.preprocessing ?? configuration.givenPreprocessing()
      ?? Preprocessing(
        measuring: dataset, kind: configuration.preprocessing, threads: ThreadTeam.count)
    state =
      resumed?.state
      ?? TrainingState(
        stopping: EarlyStopping(
          patience: configuration.patience,
          minimumImprovement: configuration.minimumImprovement))
    let initial =
      resumed?.parameters ?? start?.parameters
      ?? Parameters.initial(for: network, seed: configuration.seed)
    try state.begin(with: dataset)
    state.stopping.change(
      patience: configuration.patience, minimumImprovement: configuration.minimumImprovement,
      losses: state.metrics.compactMap(\.validationLoss))
    parameters = try DeviceParameters(initial, backend: backend)
    gradients = try DeviceParameters(zerosFor: network, backend: backend)
    descent = try GradientDescent(
      network, settings: configuration.descent, frozen: frozen, backend: backend)
    if let velocities = resumed?.velocities {
      descent.velocities.write(velocities, backend: backend)
    }
    average =
      configuration.averaging > 0
      ? try DeviceParameters(resumed?.average ?? initial, backend: backend) : nil
    stepsPerEpoch = Self.steps(dataset.count(of: .train), configuration)
    guard stepsPerEpoch > 0 else {
      throw TrainingFailure(
        .badData,
        "\(dataset.name): batch norm needs at least 2 training images in a batch, the split has "
          + "\(dataset.count(of: .train)) and a batch at most \(configuration.batchSize)")
    }
    // Epochs count from 1 there: those after the finished ones are void.
    let startStep = resumed == nil ? 0 : state.epoch + 1
    eventFile =
      options.tensorBoard ? try EventFile(folder: folder.path, startStep: startStep) : nil
    // A run of its own: what a new session voids there are steps, not epochs.
    let stepFolder = "\(folder.path)/steps"
    if options.tensorBoard {
      do { try Folder.create(stepFolder) } catch { throw TrainingFailure(error) }
    }
    stepFile =
      options.tensorBoard
      ? try EventFile(folder: stepFolder, startStep: resumed == nil ? 0 : state.step + 1) : nil
  }

  /// Trains until something ends it.
  /// - Returns: What ended it, and the best epoch.
  /// - Throws: Where data, numbers or files fail; what was saved before is intact.
  public func run() throws -> RunSummary {
    try folder.requireWritable()
    try writeConfiguration()
    try completeBestModel()
    while true {
      if let end = ended() { return try finish(end) }
      if let end = try trainEpoch() { return try finish(end) }
      guard try validate() else { return try finish(.interrupted) }
    }
  }

  private func ended() -> RunSummary.End? {
    if state.epoch >= configuration.epochs { return .epochs }
    if state.stopping.isOver { return .earlyStopping }
    // An epoch whose steps are done is validated all the same.
    return state.stepInEpoch < stepsPerEpoch && isAtStepLimit ? .maximumSteps : nil
  }

  private var isAtStepLimit: Bool { options.maxSteps.map { state.step >= $0 } ?? false }

  /// The rest of the epoch under way; returns what ended it before its last step.
  private func trainEpoch() throws -> RunSummary.End? {
    guard state.stepInEpoch < stepsPerEpoch else { return nil }
    events.willTrain(epoch: state.epoch + 1, of: configuration.epochs, steps: stepsPerEpoch, state)
    let extent = configuration.imageExtent(ofEpoch: state.epoch)
    pass = TrainingPass(
      try network(ofEpoch: state.epoch), backend: backend, frozen: Set(configuration.frozen ?? []))
    let loader = BatchLoader(
      dataset: dataset, split: .train, preprocessing: preprocessing,
      augmentation: configuration.augmentation, batchSize: configuration.batchSize,
      order: .shuffled(seed: configuration.seed, epoch: state.epoch), firstBatch: state.stepInEpoch,
      extent: extent)
    var isFirst = true
    while state.stepInEpoch < stepsPerEpoch {
      if isAtStepLimit { return .maximumSteps }
      if events.isInterrupted { return .interrupted }
      let start = ContinuousClock.now
      guard let batch = try measured("waiting for data", { try loader.next() }) else { break }
      try step(batch)
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      state.epochSeconds += seconds
      state.seconds += seconds
      // The first step of a session prepares kernels; it does not tell the speed.
      if !isFirst {
        state.stepSeconds += seconds
        state.imagesInAll += batch.labels.count
      }
      isFirst = false
      events.didTrain(state)
      try saveIfDue()
    }
    return nil
  }

  private func step(_ batch: Batch) throws {
    let rate = rate(inStep: state.stepInEpoch)
    let dropout = TrainingPass.DropoutSource(seed: configuration.seed, step: state.step)
    let images = try measured("upload") { try backend.upload(batch.images) }
    let logits = backend.download(
      try pass.forward(images, parameters: parameters, dropout: dropout))
    let cost = measured("loss") { loss(logits, labels: batch.labels) }
    guard cost.loss.isFinite else {
      throw divergence("step \(state.stepInEpoch + 1): the loss is \(cost.loss)")
    }
    try pass.backward(
      try backend.uploadActivation(cost.gradient), parameters: parameters, into: gradients)
    descent.step(
      parameters, gradients: gradients, rate: rate, momentum: momentum(inStep: state.stepInEpoch))
    if let average {
      let decay = Float(configuration.averaging)
      // The mean of equal numbers may be off by a rounding.
      for name in average.names where !frozen.contains(name) {
        backend.accumulate(
          into: average[name], keeping: decay, adding: parameters[name], times: 1 - decay)
      }
    }
    state.lossSum += cost.loss * Double(batch.labels.count)
    state.correct += cost.correct
    state.images += batch.labels.count
    state.stepInEpoch += 1
    state.step += 1
    try log(cost.loss, correct: cost.correct, images: batch.labels.count, rate: rate)
  }

  /// Takes note of a step in `steps.csv`, and for TensorBoard.
  private func log(_ loss: Double, correct: Int, images: Int, rate: Double) throws {
    var steps = state.steps ?? StepsLog()
    let row = steps.add(
      loss: loss, correct: correct, images: images, step: state.step,
      epoch: Double(state.epoch) + Double(state.stepInEpoch) / Double(stepsPerEpoch),
      learningRate: rate)
    state.steps = steps
    guard let row else { return }
    try steps.write(to: folder.steps)
    try stepFile?.write(
      [("loss/step", row.loss), ("top1/step", row.top1), ("learning_rate/step", row.learningRate)],
      step: row.step)
  }

  /// The learning rate of a step of the epoch under way.
  func rate(inStep step: Int) -> Double {
    configuration.schedule.rate(
      base: configuration.learningRate, step: state.epoch * stepsPerEpoch + step,
      stepsPerEpoch: stepsPerEpoch, totalEpochs: configuration.epochs, state: state.schedule)
  }

  /// The momentum of a step of the epoch under way.
  private func momentum(inStep step: Int) -> Double {
    configuration.schedule.momentum(
      base: configuration.descent.momentum, step: state.epoch * stepsPerEpoch + step,
      stepsPerEpoch: stepsPerEpoch, totalEpochs: configuration.epochs)
  }

  /// The network for the images of an epoch: the same parameters, perhaps fewer pools.
  func network(ofEpoch epoch: Int) throws -> Network {
    let extent = configuration.imageExtent(ofEpoch: epoch)
    return try Network(configuration.architecture, imagesOf: extent.height, by: extent.width)
  }

  /// Batches of an epoch; a last one of a single image cannot be normalised and is left out.
  private static func steps(_ images: Int, _ configuration: TrainingConfiguration) -> Int {
    let (full, rest) = images.quotientAndRemainder(dividingBy: configuration.batchSize)
    let needed = configuration.architecture.batchNorm ? 2 : 1
    return (configuration.batchSize >= needed ? full : 0) + (rest >= needed ? 1 : 0)
  }

  private func saveIfDue() throws {
    let isDue =
      options.saveEverySteps.map { state.step % $0 == 0 } ?? false
      || options.saveEverySeconds.map { (.now - lastSave) / .seconds(1) >= $0 } ?? false
    guard isDue else { return }
    try save()
    lastSave = .now
  }

  /// Numbers that no longer mean anything.
  func divergence(_ finding: String) -> TrainingFailure {
    TrainingFailure(
      .badData,
      "epoch \(state.epoch + 1), \(finding); training diverged, so use a smaller learning rate than "
        + "\(configuration.learningRate) or clip gradients; what was saved before is intact")
  }

  func measured<Result>(_ name: String, _ body: () throws -> Result) rethrows -> Result {
    guard let profile = backend.profile else { return try body() }
    let start = ContinuousClock.now
    defer { profile.add(name, seconds: (.now - start) / .seconds(1)) }
    return try body()
  }
}
