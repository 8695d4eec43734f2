import XAIClassifiers
import XAICommandLine
import XAIDatasets
import XAIFiles
import XAIImages
import XAINetworks
import XAITensor
import XAITraining

/// What a command line makes of a training: its resolved configuration, its data and its start.
struct TrainingPreparation {
  let configuration: TrainingConfiguration
  let dataset: any ImageDataset
  /// What a new training starts from; nothing for random parameters and where one is resumed.
  let start: StartingPoint?

  /// Resolves the options and opens the data.
  /// - Parameters:
  ///   - common: The options of data and behavior.
  ///   - recipe: The options that decide the result.
  ///   - folder: The run folder, for messages.
  ///   - saved: The training that is resumed.
  ///   - console: Who is told.
  /// - Throws: What is missing, wrong or contradicts the saved training.
  init(
    _ common: CommonOptions, _ recipe: RecipeOptions, folder: String,
    resuming saved: SavedTraining?,
    _ console: Console
  ) throws {
    let chosen = recipe.recipe ?? .thesis
    var wanted =
      saved?.configuration ?? chosen.configuration(data: "", architecture: .vgg16Tiny)
    let checkpoint = try saved == nil ? recipe.startingCheckpoint(console) : nil
    try recipe.apply(to: &wanted, resumes: saved != nil, startingFrom: checkpoint, console)
    try wanted.validate()
    let dataset = try common.open(
      input: wanted.architecture.input,
      fitting: try Self.fitting(wanted, saved, checkpoint),
      validationFraction: wanted.validationFraction,
      seed: wanted.seed, console)
    wanted.data = dataset.name
    if saved == nil || recipe.architecture != nil {
      Self.adoptClasses(of: dataset, recipe, &wanted, console)
    }
    if let saved { try Self.check(&wanted, saved, dataset, folder, console) }
    start = try checkpoint.map { checkpoint in
      let checkpoint =
        recipe.contents.classNames == "sorted"
        ? try checkpoint.naming(sortedClassesOf: dataset, path: recipe.from ?? "") : checkpoint
      let start = try StartingPoint(
        checkpoint, for: Network(wanted.architecture), dataset: dataset, seed: wanted.seed,
        keepsPreprocessing: wanted.from?.keepsPreprocessing ?? false)
      Self.tell(start, wanted, dataset, console)
      return start
    }
    configuration = wanted
    self.dataset = wanted.randomLabels.map { RelabelledDataset(dataset, seed: $0) } ?? dataset
    if let frozen = wanted.frozen { Self.tell(frozen, Network(wanted.architecture), console) }
  }

  /// How pictures become what the network takes; nil where they are just resized.
  private static func fitting(
    _ wanted: TrainingConfiguration, _ saved: SavedTraining?, _ checkpoint: Checkpoint?
  ) throws -> ImageFitting? {
    if let saved { return saved.preprocessing.fitting }
    if let checkpoint, wanted.from?.keepsPreprocessing == true { return try checkpoint.fitting }
    return try wanted.givenPreprocessing()?.fitting
  }

  /// Makes the last layer for the classes of the data.
  private static func adoptClasses(
    of dataset: any ImageDataset, _ recipe: RecipeOptions, _ wanted: inout TrainingConfiguration,
    _ console: Console
  ) {
    let classes = dataset.classes.count
    if let file = recipe.architecture, wanted.architecture.classes != classes {
      console.note(
        "\(file) has \(wanted.architecture.classes) classes, \(dataset.name) has \(classes): the "
          + "last layer is made for \(classes)")
    }
    wanted.architecture.classes = classes
  }

  /// Refuses what would have changed what was done, and tells what would not.
  private static func check(
    _ wanted: inout TrainingConfiguration, _ saved: SavedTraining, _ dataset: any ImageDataset,
    _ folder: String, _ console: Console
  ) throws {
    let conflicts = wanted.conflicts(resuming: saved.configuration, at: saved.state)
    guard conflicts.isEmpty else {
      throw TrainingFailure(
        .usage,
        "\(folder): --resume with another configuration (\(conflicts.joined(separator: "; "))): what "
          + "was done would have come out otherwise, so leave these options out or start in another "
          + "folder")
    }
    guard saved.classIDs == dataset.classes.map(\.id) else {
      throw TrainingFailure(
        .badData,
        "\(folder): the classes of \(dataset.name) are not those of the saved state")
    }
    if saved.state.hasSeenOtherTestImages(than: dataset) {
      console.note(
        "the test images of \(dataset.name) are others than before; training never sees them and goes on"
      )
    }
    // The same training, whatever its data and its checkpoint are called now.
    (wanted.data, wanted.from) = (saved.configuration.data, saved.configuration.from)
  }

  private static func tell(
    _ start: StartingPoint, _ wanted: TrainingConfiguration, _ dataset: any ImageDataset,
    _ console: Console
  ) {
    let (path, classes) = (wanted.from?.path ?? "", dataset.classes.count)
    let layer = Network(wanted.architecture).logits?.name ?? ""
    console.note(
      "\(path): parameters are taken over; of the \(Format.count(classes, "output")) of \(layer), "
        + "\(Format.count(start.knownClasses)) are of classes that it knows, "
        + "\(Format.count(classes - start.knownClasses)) are new; images are normalized as "
        + (start.preprocessing == nil ? "measured on \(dataset.name)" : "it says"))
    if start.assumesOrder {
      console.warn(
        "\(path): names no classes; the order of its outputs is assumed to be that of the classes of "
          + "\(dataset.name)")
    }
  }

  private static func tell(_ frozen: [String], _ network: Network, _ console: Console) {
    let count = network.nodes.filter { !frozen.contains($0.name) }
      .reduce(0) { $0 + $1.parameterCount }
    console.note(
      "frozen: \(frozen.joined(separator: ", ")); \(Format.count(count)) of "
        + "\(Format.count(network.parameterCount)) parameters are trained")
  }
}
