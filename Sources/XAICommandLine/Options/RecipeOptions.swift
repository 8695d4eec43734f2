public import ArgumentParser
import FoundationEssentials
import XAIClassifiers
public import XAIDatasets
import XAIFiles
import XAINetworks
import XAITensor
public import XAITraining

extension Recipe: ExpressibleByArgument {}
extension Augmentation: ExpressibleByArgument {}

/// The options that decide the result.
package struct RecipeOptions: ParsableArguments {
  package enum ScheduleName: String, ExpressibleByArgument, CaseIterable {
    case step, plateau, cosine, constant
    case oneCycle = "one-cycle"
  }

  @Option(help: "An architecture file; default is the modified VGG-16 for 64x64 images.")
  package var architecture: String?
  @Option(
    help: """
      A checkpoint to start from (fine-tuning), of this toolkit or of PyTorch; default is random weights.
      """)
  package var from: String?
  @OptionGroup package var contents: CheckpointContents
  @Option(
    help: ArgumentHelp(
      "Nodes that are not trained, such as conv1,conv2 or conv1...conv4 or conv*.",
      valueName: "nodes"))
  package var freeze: String?
  @Option(help: "The hyper-parameters to start from; default is thesis.")
  package var recipe: Recipe?
  @Option(help: "The most epochs.", transform: Parse.positiveInteger)
  package var epochs: Int?
  @Option(help: "Images in a step.", transform: Parse.positiveInteger)
  package var batchSize: Int?
  @Option(help: "The learning rate.", transform: Parse.positiveNumber)
  package var learningRate: Double?
  @Option(help: "How the learning rate changes.")
  package var schedule: ScheduleName?
  @Option(help: "What step and plateau multiply it with.", transform: Parse.properFraction)
  package var scheduleFactor: Double?
  @Option(
    help: """
      Step: epochs between changes; plateau: its patience; cosine: epochs of warm-up; one-cycle: epochs of \
      its rise.
      """,
    transform: Parse.nonNegativeInteger)
  package var scheduleEpochs: Int?
  @Option(help: "The momentum.", transform: Parse.fraction)
  package var momentum: Double?
  @Flag(inversion: .prefixedNo, help: "Nesterov's momentum.")
  package var nesterov: Bool?
  @Option(help: "The L2 coefficient.", transform: Parse.nonNegativeNumber)
  package var weightDecay: Double?
  @Flag(inversion: .prefixedNo, help: "Whether L2 also applies to batch norm and biases.")
  package var decayBatchNorm: Bool?
  @Option(help: "What dropout cuts after convolutions, in 256ths.", transform: Parse.fraction)
  package var dropoutConvolution: Double?
  @Option(help: "What dropout cuts after dense layers, in 256ths.", transform: Parse.fraction)
  package var dropoutDense: Double?
  @Option(
    help: "Epochs without improvement before training stops.", transform: Parse.positiveInteger)
  package var patience: Int?
  @Option(
    help:
      "What counts as improvement of the loss for patience; the best model is the lowest loss's.",
    transform: Parse.nonNegativeNumber)
  package var minDelta: Double?
  @Option(
    help: ArgumentHelp(
      """
      Sizes of the training images in the course of the epochs, the last one the network's own, such as \
      32:8,48:4,64:3. Small images cost less; default is the network's size, and the recipe fast's own \
      sizes.
      """, valueName: "size:epochs,..."), transform: Self.sizes)
  package var sizes: [ImageSizePhase]?
  @Option(
    help: ArgumentHelp(
      "Before the last epochs, validate on one image in N; 1 is all of them.", valueName: "n"),
    transform: Parse.positiveInteger)
  package var validationStride: Int?
  @Option(
    help: ArgumentHelp(
      "With a validation stride: how many epochs at the end are validated on all images.",
      valueName: "epochs"),
    transform: Parse.positiveInteger)
  package var fullValidations: Int?
  @Option(help: "The part held back for validation.", transform: Parse.properFraction)
  package var validationFraction: Double?
  @Option(help: "How training images are changed at random.")
  package var augment: Augmentation?
  @Option(help: "The share of the target spread over all classes.", transform: Parse.fraction)
  package var labelSmoothing: Double?
  @Option(
    help: ArgumentHelp(
      """
      How pictures reach the network: mean-image or channel-mean, measured on the training images; imagenet, \
      half, or a JSON file with mean, std, resize, crop, interpolation, range, channels; default with --from \
      is what its checkpoint says.
      """, valueName: "name|file"))
  package var preprocessing: String?
  @Option(help: "The largest norm of the gradient; 0 is off.", transform: Parse.nonNegativeNumber)
  package var gradientClip: Double?
  @Option(
    help: "Keep a moving average of the parameters with this decay; 0 is off.",
    transform: Parse.fraction)
  package var averaging: Double?
  @Option(
    help: "Permute training and validation labels with this seed.", transform: Parse.seed)
  package var randomLabels: UInt64?
  @Option(help: "Decides every random choice.", transform: Parse.seed)
  package var seed: UInt64?

  package init() {}

  package func validate() throws {
    try CheckpointOptions.validate(
      preprocessing: preprocessing, also: Preprocessing.Kind.allCases.map(\.rawValue))
    guard from == nil else { return }
    let idle = [
      (contents.weights == .ema, "--weights"),
      (!contents.ignoreTensors.isEmpty, "--ignore-tensors"),
      (contents.classNames != nil, "--class-names"),
    ].filter(\.0).map(\.1)
    guard idle.isEmpty else {
      throw ValidationError(
        "\(idle.joined(separator: ", ")) without --from: only a checkpoint that training starts from is "
          + "read so; give --from CHECKPOINT, too")
    }
  }

  /// What is asked for.
  /// - Parameters:
  ///   - data: The data.
  ///   - saved: The training that is resumed; nil for a new one.
  ///   - console: Who is told.
  /// - Returns: The request.
  /// - Throws: What is missing or wrong in a file, or names no node.
  package func request(
    _ data: DataOpening, resuming saved: SavedTraining?, _ console: Console
  ) throws -> TrainingPreparation.Request {
    var wanted =
      saved?.configuration
      ?? (recipe ?? .thesis).configuration(data: "", architecture: .vgg16Tiny)
    let checkpoint = try saved == nil ? startingCheckpoint(console) : nil
    try apply(to: &wanted, resumes: saved != nil, startingFrom: checkpoint, console)
    var request = TrainingPreparation.Request(wanted, data: data, startingFrom: checkpoint)
    request.sortsClasses = contents.classNames == "sorted"
    request.architectureFile = architecture
    return request
  }

  /// Reads the checkpoint to start from: all that is asked of its file.
  private func startingCheckpoint(_ console: Console) throws -> Checkpoint? {
    guard let from else { return nil }
    var knowledge = try contents.knowledge()
    let given = try architecture.map(Architecture.read(from:))
    let archive = try TensorArchive(path: from, weights: knowledge.reading.weights)
    let namesOwn =
      archive.metadata["architecture"].map {
        (try? Architecture(json: Data($0.utf8), source: "")) != nil
      } ?? false
    if let given, !namesOwn {
      // The classes are those of the file, whatever the architecture's file says.
      knowledge.reading.architecture =
        given.withClasses(of: archive, knowledge.reading) ?? given
    }
    let checkpoint = try Checkpoint.open(
      from, knowledge, takesPictures: preprocessing == nil, observer: console)
    guard let given, namesOwn else { return checkpoint }
    // The classes follow the data, and dropout is a choice of the training.
    var same = checkpoint.network.architecture
    (same.name, same.classes, same.dropout) = (given.name, given.classes, given.dropout)
    guard same == given else {
      throw CommandFailure(
        .contradiction,
        "\(from): holds the architecture \(checkpoint.network.architecture.json), --architecture says "
          + "\(given.json); leave --architecture out")
    }
    return checkpoint
  }

  /// Changes what was given.
  /// - Parameters:
  ///   - configuration: What is changed.
  ///   - resumes: Whether it is that of a training that was begun.
  ///   - checkpoint: The checkpoint of a new training.
  ///   - console: Who is told what is not needed any more.
  /// - Throws: What is missing or wrong in a file, or names no node.
  private func apply(
    to configuration: inout TrainingConfiguration, resumes: Bool,
    startingFrom checkpoint: Checkpoint?, _ console: Console
  ) throws {
    func set<Value>(_ path: WritableKeyPath<TrainingConfiguration, Value>, _ value: Value?) {
      if let value { configuration[keyPath: path] = value }
    }
    set(\.recipe, recipe)
    let network =
      try architecture.map(Architecture.read(from:)) ?? checkpoint?.network.architecture
    if let network {
      configuration.architecture = configuration.recipe.architecture(network)
      if !resumes { configuration.sizes = configuration.recipe.sizes(of: configuration) }
    }
    applyEpochs(to: &configuration, resumes: resumes)
    set(\.batchSize, batchSize)
    set(\.learningRate, learningRate)
    set(\.schedule, chosenSchedule(otherwise: configuration.schedule, epochs: configuration.epochs))
    set(\.descent.momentum, momentum)
    set(\.descent.nesterov, nesterov)
    set(\.descent.weightDecay, weightDecay)
    set(\.descent.decaysBatchNorm, decayBatchNorm)
    set(\.descent.gradientClip, gradientClip)
    set(\.architecture.dropout.convolution, dropoutConvolution)
    set(\.architecture.dropout.dense, dropoutDense)
    set(\.patience, patience)
    set(\.minimumImprovement, minDelta)
    set(\.validationFraction, validationFraction)
    set(\.augmentation, augment)
    set(\.labelSmoothing, labelSmoothing)
    try applyPreprocessing(to: &configuration)
    set(\.averaging, averaging)
    set(\.randomLabels, randomLabels.map(Optional.some))
    set(\.seed, seed)
    if let from {
      let keeps = preprocessing == nil && configuration.from?.keepsPreprocessing ?? true
      configuration.from = .init(
        path: from, digest: try Self.digest(of: from, configuration.from, console),
        keepsPreprocessing: keeps)
    } else if preprocessing != nil {
      configuration.from?.keepsPreprocessing = false
    }
    if let checkpoint, preprocessing == nil {
      configuration.preprocessing = checkpoint.mean.shape.count == 3 ? .meanImage : .channelMean
      configuration.preprocessingSettings = nil
    }
    if let freeze {
      do {
        configuration.frozen = try Network(configuration.architecture).parameterNodes(named: freeze)
      } catch {
        throw TrainingFailure(error.kind, "--freeze \(freeze): \(error)")
      }
    }
  }

  /// The digest of the checkpoint that training starts from.
  ///
  /// A batch system repeats its command: a training that is resumed has left its checkpoint behind, and goes
  /// on without it.
  private static func digest(
    of path: String, _ stored: TrainingConfiguration.Origin?, _ console: Console
  ) throws(FileFailure) -> String {
    do {
      return try SHA256.ofFile(path)
    } catch {
      guard error.kind == .missingInput, let stored else { throw error }
      console.warn(
        "\(path) cannot be read any more; the training goes on all the same, as started from "
          + "\(stored.path) of SHA-256 \(stored.digest)")
      return stored.digest
    }
  }

  private func applyPreprocessing(to configuration: inout TrainingConfiguration) throws {
    guard let preprocessing else { return }
    configuration.preprocessingSettings = nil
    if let kind = Preprocessing.Kind(rawValue: preprocessing) {
      configuration.preprocessing = kind
      return
    }
    let input = configuration.architecture.input
    configuration.preprocessing = .channelMean
    configuration.preprocessingSettings = try PreprocessingSettings(
      preprocessing, also: Preprocessing.Kind.allCases.map(\.rawValue)
    ).json(height: input[1], width: input[2], source: preprocessing)
  }

  /// The schedule that was named, or the one there is with what was given.
  private func chosenSchedule(otherwise current: Schedule, epochs: Int) -> Schedule {
    let same: ScheduleName =
      switch current {
      case .constant: .constant
      case .step: .step
      case .plateau: .plateau
      case .cosine: .cosine
      case .oneCycle: .oneCycle
      }
    switch (schedule ?? same, current) {
    case (.constant, _): return .constant
    case (.step, .step(let factor, let every)):
      return .step(factor: scheduleFactor ?? factor, every: scheduleEpochs ?? every)
    case (.step, _): return .step(factor: scheduleFactor ?? 0.2, every: scheduleEpochs ?? 2)
    case (.plateau, .plateau(let factor, let patience, let threshold)):
      return .plateau(
        factor: scheduleFactor ?? factor, patience: scheduleEpochs ?? patience,
        threshold: threshold)
    case (.plateau, _):
      return .plateau(factor: scheduleFactor ?? 0.2, patience: scheduleEpochs ?? 2)
    case (.cosine, .cosine(let warmup)): return .cosine(warmupEpochs: scheduleEpochs ?? warmup)
    case (.cosine, _): return .cosine(warmupEpochs: scheduleEpochs ?? 0)
    case (.oneCycle, .oneCycle(let rise, let lowest)):
      return .oneCycle(riseEpochs: scheduleEpochs ?? rise, lowestMomentum: lowest)
    case (.oneCycle, _):
      return .oneCycle(riseEpochs: scheduleEpochs ?? max(1, 3 * epochs / 10))
    }
  }
}
