import XAIClassifiers
public import XAIDatasets
import XAIImages
public import XAINetworks
public import XAITensor

/// What a training needs before it begins: its resolved configuration, its data and its start.
public struct TrainingPreparation {
  /// What is asked for.
  public struct Request: Sendable {
    /// How it is trained; the name of the data and the number of classes follow the data.
    public var configuration: TrainingConfiguration
    /// The data; their division is that of the configuration.
    public var data: DataOpening
    /// What a new training starts from, whose file the configuration names.
    public var checkpoint: Checkpoint?
    /// Whether the outputs of the checkpoint are the classes of the data in sorted order.
    public var sortsClasses = false
    /// Where the architecture was read, where it was given besides: its classes give way to those of the data,
    /// also where a training is resumed.
    public var architectureFile: String?

    /// Asks for a training.
    /// - Parameters:
    ///   - configuration: How it is trained.
    ///   - data: The data.
    ///   - checkpoint: What a new training starts from; nil for random parameters.
    public init(
      _ configuration: TrainingConfiguration, data: DataOpening,
      startingFrom checkpoint: Checkpoint? = nil
    ) {
      (self.configuration, self.data, self.checkpoint) = (configuration, data, checkpoint)
    }
  }

  /// How it is trained.
  public let configuration: TrainingConfiguration
  /// The data, their labels permuted where that was asked for.
  public let dataset: any ImageDataset
  /// What a new training starts from; nil for random parameters and where one is resumed.
  public let start: StartingPoint?

  /// Opens the data and fits all to them.
  /// - Parameters:
  ///   - request: What is asked for.
  ///   - saved: The training that is resumed; nil for a new one.
  ///   - folder: The run folder, for messages.
  ///   - observer: Who is told.
  /// - Throws: What is missing, wrong or contradicts the saved training.
  public init(
    _ request: Request, resuming saved: SavedTraining? = nil, folder: String,
    observer: any WorkObserver = NoObserver()
  ) throws {
    var wanted = request.configuration
    try wanted.validate()
    var data = request.data
    (data.validationFraction, data.splitSeed) = (wanted.validationFraction, wanted.seed)
    let dataset = try data.open(
      input: wanted.architecture.input, fitting: try Self.fitting(request, saved),
      observer: observer)
    wanted.data = dataset.name
    if saved == nil || request.architectureFile != nil {
      Self.adoptClasses(of: dataset, request.architectureFile, &wanted, observer)
    }
    if let saved { try Self.check(&wanted, saved, dataset, folder, observer) }
    start = try request.checkpoint.map { checkpoint in
      let checkpoint =
        request.sortsClasses
        ? try checkpoint.naming(sortedClassesOf: dataset, path: wanted.from?.path ?? "")
        : checkpoint
      let start = try StartingPoint(
        checkpoint, for: Network(wanted.architecture), dataset: dataset, seed: wanted.seed,
        keepsPreprocessing: wanted.from?.keepsPreprocessing ?? false)
      Self.tell(start, wanted, dataset, observer)
      return start
    }
    configuration = wanted
    self.dataset = wanted.randomLabels.map { RelabelledDataset(dataset, seed: $0) } ?? dataset
    if let frozen = wanted.frozen { Self.tell(frozen, Network(wanted.architecture), observer) }
  }

  /// How pictures become what the network takes; nil where they are just resized.
  private static func fitting(_ request: Request, _ saved: SavedTraining?) throws -> ImageFitting? {
    if let saved { return saved.preprocessing.fitting }
    let wanted = request.configuration
    if let checkpoint = request.checkpoint, wanted.from?.keepsPreprocessing == true {
      return try checkpoint.fitting
    }
    return try wanted.givenPreprocessing()?.fitting
  }

  /// Makes the last layer for the classes of the data.
  private static func adoptClasses(
    of dataset: any ImageDataset, _ file: String?, _ wanted: inout TrainingConfiguration,
    _ observer: any WorkObserver
  ) {
    let classes = dataset.classes.count
    if let file, wanted.architecture.classes != classes {
      observer.note(
        "\(file) has \(wanted.architecture.classes) classes, \(dataset.name) has \(classes): the "
          + "last layer is made for \(classes)")
    }
    wanted.architecture.classes = classes
  }

  /// Refuses what would have changed what was done, and tells what would not.
  private static func check(
    _ wanted: inout TrainingConfiguration, _ saved: SavedTraining, _ dataset: any ImageDataset,
    _ folder: String, _ observer: any WorkObserver
  ) throws {
    let conflicts = wanted.conflicts(resuming: saved.configuration, at: saved.state)
    guard conflicts.isEmpty else {
      throw TrainingFailure(.otherConfiguration(folder: folder, conflicts: conflicts))
    }
    guard saved.classIDs == dataset.classes.map(\.id) else {
      throw TrainingFailure(
        .badData,
        "\(folder): the classes of \(dataset.name) are not those of the saved state")
    }
    if saved.state.hasSeenOtherTestImages(than: dataset) {
      observer.note(
        "the test images of \(dataset.name) are others than before; training never sees them and goes on"
      )
    }
    // The same training, whatever its data and its checkpoint are called now.
    (wanted.data, wanted.from) = (saved.configuration.data, saved.configuration.from)
  }

  private static func tell(
    _ start: StartingPoint, _ wanted: TrainingConfiguration, _ dataset: any ImageDataset,
    _ observer: any WorkObserver
  ) {
    let (path, classes) = (wanted.from?.path ?? "", dataset.classes.count)
    let layer = Network(wanted.architecture).logits?.name ?? ""
    observer.note(
      "\(path): parameters are taken over; of the \(grouped(classes, "output")) of \(layer), "
        + "\(grouped(start.knownClasses)) are of classes that it knows, "
        + "\(grouped(classes - start.knownClasses)) are new; images are normalized as "
        + (start.preprocessing == nil ? "measured on \(dataset.name)" : "it says"))
    if start.assumesOrder {
      observer.warn(
        "\(path): names no classes; the order of its outputs is assumed to be that of the classes of "
          + "\(dataset.name)")
    }
  }

  private static func tell(_ frozen: [String], _ network: Network, _ observer: any WorkObserver) {
    let count = network.nodes.filter { !frozen.contains($0.name) }
      .reduce(0) { $0 + $1.parameterCount }
    observer.note(
      "frozen: \(frozen.joined(separator: ", ")); \(grouped(count)) of "
        + "\(grouped(network.parameterCount)) parameters are trained")
  }
}
