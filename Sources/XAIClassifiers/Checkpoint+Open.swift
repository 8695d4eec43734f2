import FoundationEssentials
public import XAIDatasets
import XAIFiles
public import XAIImages
public import XAINetworks
import XAITensor

/// What a person knows about a network's file that the file does not say itself.
public struct CheckpointKnowledge: Sendable {
  /// Architecture, weights, and tensors that may be left over.
  public var reading = Checkpoint.Reading()
  /// The classes in the order of the logits.
  public var classNames: ClassNames?
  /// How pictures reach the network, and what called it so.
  public var preprocessing: (settings: PreprocessingSettings, source: String)?

  /// Whether the file's own word counts where it has one.
  public var onlyCompletes = false

  /// Nothing is known.
  public init() {}
}

extension Checkpoint {
  /// The key of the metadata that says how pictures of other sizes reach the network, beside the tensors
  /// `normalization.mean` and `normalization.std`; files that take them as they are lack it.
  public static let preprocessingKey = "preprocessing_options"

  /// Reads a network's file and completes it by what is known.
  /// - Parameters:
  ///   - path: A safetensors file, or one of `torch.save`.
  ///   - knowledge: What the file does not say, or says wrongly.
  /// - Returns: The checkpoint.
  /// - Throws: What is missing, damaged or left over, and where both contradict each other.
  public static func open(
    _ path: String, _ knowledge: CheckpointKnowledge
  ) throws(ClassifierFailure) -> Checkpoint {
    var reading = knowledge.reading
    reading.replacesNormalization = knowledge.preprocessing != nil && !knowledge.onlyCompletes
    var checkpoint: Checkpoint
    do {
      checkpoint = try Checkpoint(path: path, reading)
    } catch { throw ClassifierFailure(error) }
    let ownClasses = checkpoint.classes
    if let (settings, source) = knowledge.preprocessing,
      !knowledge.onlyCompletes || !checkpoint.saysHowImagesAreNormalised
    {
      if checkpoint.holdsNormalization { checkpoint.remarks.append(.replaced("normalization")) }
      try checkpoint.apply(settings, source: source)
    }
    if case .listed(let classes, let source)? = knowledge.classNames,
      !knowledge.onlyCompletes || ownClasses.isEmpty
    {
      if !ownClasses.isEmpty, ownClasses.map(\.id) != classes.map(\.id) {
        checkpoint.remarks.append(.replaced("class names"))
      }
      let count = checkpoint.network.architecture.classes
      guard classes.count == count else {
        throw ClassifierFailure(
          .badData, "\(source): names \(classes.count) classes, \(path) has \(count) logits")
      }
      checkpoint.classes = classes
    }
    return checkpoint
  }

  /// The checkpoint with the classes of a data set, their identifiers sorted.
  /// - Parameters:
  ///   - dataset: The data set.
  ///   - path: The checkpoint's file, for messages.
  /// - Returns: The checkpoint with classes.
  /// - Throws: `ClassifierFailure` where their numbers differ.
  public func naming(sortedClassesOf dataset: any ImageDataset, path: String)
    throws(ClassifierFailure) -> Checkpoint
  {
    let count = network.architecture.classes
    guard dataset.classes.count == count else {
      throw ClassifierFailure(
        .badData,
        "\(path): has \(count) logits, \(dataset.name) has \(dataset.classes.count) classes, so these cannot "
          + "be its classes in sorted order")
    }
    var checkpoint = self
    checkpoint.classes = dataset.classes.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
      .map { ClassName(id: $0.id, name: $0.name) }
    return checkpoint
  }

  /// Takes over how pictures reach the network.
  /// - Parameters:
  ///   - settings: How.
  ///   - source: What called it so, for messages.
  /// - Throws: `ClassifierFailure` where the network takes other pictures.
  public mutating func apply(
    _ settings: PreprocessingSettings, source: String
  ) throws(ClassifierFailure) {
    let input = network.architecture.input
    guard input[0] == 3 else {
      throw ClassifierFailure(
        .badData, "\(source): is about pictures of 3 channels, the network takes \(input[0])")
    }
    let preprocessing = try settings.preprocessing(
      height: input[1], width: input[2], source: source)
    (mean, standardDeviation) = (preprocessing.mean, preprocessing.standardDeviation)
    saysHowImagesAreNormalised = true
    metadata[Self.preprocessingKey] = preprocessing.pictureOptions
    metadata["preprocessing"] =
      "(pixel/255 - normalization.mean) / normalization.std, \(source)"
  }
}

extension Checkpoint {
  /// How a picture of any size becomes what the network takes: as its metadata say, else resized.
  /// - Throws: `ClassifierFailure` where the metadata are damaged.
  public var fitting: ImageFitting {
    get throws(ClassifierFailure) { try pictures.fitting }
  }

  /// How pictures reach the network, besides the numbers that normalize them.
  fileprivate var pictures: (fitting: ImageFitting, reversesChannels: Bool) {
    get throws(ClassifierFailure) {
      let input = network.architecture.input
      guard let text = metadata[Self.preprocessingKey] else {
        return (ImageFitting(height: input[1], width: input[2]), false)
      }
      let source = "metadata \(Self.preprocessingKey)"
      let settings = try PreprocessingSettings(
        json: Data(text.utf8), source: source, needsNumbers: false)
      return (
        try settings.fitting(height: input[1], width: input[2], source: source),
        settings.reversesChannels
      )
    }
  }
}

extension Preprocessing {
  /// How pictures reach a network.
  /// - Parameter checkpoint: The network.
  /// - Throws: `ClassifierFailure` where its numbers are not for pictures of three channels, or its metadata are
  ///   damaged.
  public init(of checkpoint: Checkpoint) throws(ClassifierFailure) {
    let pictures = try checkpoint.pictures
    do {
      try self.init(
        mean: checkpoint.mean, standardDeviation: checkpoint.standardDeviation,
        fitting: pictures.fitting, reversesChannels: pictures.reversesChannels)
    } catch { throw ClassifierFailure(error) }
  }

  /// How pictures of other sizes reach the network, for the metadata of a checkpoint: a JSON object of
  /// `resize`, `crop`, `interpolation` and `channels`; nil where they are just resized.
  public var pictureOptions: String? {
    guard fitting != ImageFitting(height: height, width: width) || reversesChannels else {
      return nil
    }
    return "{\(PreprocessingSettings.members(fitting, reversesChannels))}"
  }
}
