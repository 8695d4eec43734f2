public import ArgumentParser
public import XAIClassifiers
public import XAIDatasets
import XAIFiles
public import XAINetworks
import XAITensor

/// What is known about a network's file that the file does not say itself: the options of every command
/// that reads one.
public struct CheckpointOptions: ParsableArguments {
  /// The architecture's file.
  @Option(help: "An architecture file, for a checkpoint that does not name its own.")
  public var architecture: String?
  /// Which weights are read.
  @Option(
    help: """
      Which weights are read of a file that holds several: standard, or ema for their moving average.
      """)
  public var weights: WeightsChoice = .standard
  /// Tensors that may be left over.
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      """
      Pass over tensors whose names begin so; several separated by commas. Any other tensor that the \
      architecture has no place for is an error.
      """, valueName: "prefix,..."))
  public var ignoreTensors: [String] = []
  /// The classes in the order of the logits.
  @Option(
    help: ArgumentHelp(
      """
      The classes in the order of the logits: a file with one identifier or name a line, a JSON list, \
      or ImageNet's {"0": ["n01440764", "tench"], ...}; or sorted, for the data's in sorted order.
      """, valueName: "file|sorted"))
  public var classNames: String?
  /// How pictures reach the network.
  @Option(
    help: ArgumentHelp(
      """
      How pictures reach the network: imagenet (shorter side resized to 256/224 of the network's, middle \
      cut out, ImageNet's mean and deviation), half (from -1 to 1), or a JSON file with mean, std, resize, \
      crop, interpolation, range, channels.
      """, valueName: "name|file"))
  public var preprocessing: String?

  /// Reads the options.
  public init() {}

  /// Which weights of a file are read.
  public enum WeightsChoice: String, ExpressibleByArgument, CaseIterable, Sendable {
    /// The parameters that were trained.
    case standard
    /// Their exponential moving average.
    case ema
  }

  /// Files that are read besides the checkpoint.
  public var files: [String] {
    let isFile = preprocessing.map { PreprocessingSettings.named[$0.lowercased()] == nil } ?? false
    return [architecture, classNames == "sorted" ? nil : classNames, isFile ? preprocessing : nil]
      .compactMap(\.self)
  }

  /// What the options say.
  /// - Returns: The knowledge.
  /// - Throws: Where a file they name is missing or cannot be understood.
  public func knowledge() throws -> CheckpointKnowledge {
    var knowledge = CheckpointKnowledge()
    knowledge.reading.architecture = try architecture.map { try Architecture.read(from: $0) }
    knowledge.reading.weights = weights == .ema ? .ema : .standard
    knowledge.reading.ignoredPrefixes = ignoreTensors.flatMap {
      $0.split(separator: ",").map(String.init)
    }
    knowledge.classNames = try classNames.map { try ClassNames($0) }
    knowledge.preprocessing = try preprocessing.map { (try PreprocessingSettings($0), $0) }
    return knowledge
  }

  /// Reads a checkpoint and tells what was assumed.
  /// - Parameters:
  ///   - path: The file.
  ///   - console: Who is told.
  ///   - takesPictures: Whether pictures are shown to the network, so that it matters how.
  /// - Returns: The checkpoint; its classes are missing where only data can tell them.
  /// - Throws: What is missing, damaged, left over or does not fit.
  public func open(
    _ path: String, _ console: Console, takesPictures: Bool = true
  ) throws -> Checkpoint {
    try open(path, try knowledge(), console, takesPictures: takesPictures)
  }

  /// Reads a checkpoint and tells what was assumed.
  /// - Parameters:
  ///   - path: The file.
  ///   - knowledge: What the options say, perhaps completed.
  ///   - console: Who is told.
  ///   - takesPictures: Whether pictures are shown to the network, so that it matters how.
  /// - Returns: The checkpoint; its classes are missing where only data can tell them.
  /// - Throws: What is missing, damaged, left over or does not fit.
  public func open(
    _ path: String, _ knowledge: CheckpointKnowledge, _ console: Console,
    takesPictures: Bool = true
  ) throws -> Checkpoint {
    let checkpoint = try Checkpoint.open(path, knowledge)
    for remark in checkpoint.remarks { console.note("\(path): \(remark.sentence)") }
    if takesPictures, !checkpoint.saysHowImagesAreNormalised {
      console.warn(
        "\(path) does not say how images are normalised (normalization.mean and normalization.std): "
          + "pixels / 255 are taken as they are; --preprocessing says it")
    }
    return checkpoint
  }

  /// Completes a checkpoint by the classes of data, or tells that their order is assumed.
  /// - Parameters:
  ///   - checkpoint: The checkpoint.
  ///   - path: Its file.
  ///   - dataset: The data; nil where there are none.
  ///   - console: Who is told.
  /// - Returns: The checkpoint with the classes that are known.
  /// - Throws: `ClassifierFailure` where classes are to be those of the data and cannot be.
  public func complete(
    _ checkpoint: Checkpoint, _ path: String, by dataset: (any ImageDataset)?, _ console: Console
  ) throws -> Checkpoint {
    guard let dataset else {
      if classNames == "sorted" {
        throw ValidationError("--class-names sorted needs --data, whose classes are sorted")
      }
      return checkpoint
    }
    if classNames == "sorted" {
      return try checkpoint.naming(sortedClassesOf: dataset, path: path)
    }
    if checkpoint.classes.isEmpty,
      checkpoint.network.architecture.classes == dataset.classes.count
    {
      console.warn(
        "\(path) does not name its classes: their order is assumed to be that of \(dataset.name) "
          + "(\(Self.beginning(of: dataset.classes.map(\.id)))); --class-names FILE or --class-names "
          + "sorted says it")
    }
    return checkpoint
  }

  private static func beginning(of words: [String]) -> String {
    words.prefix(3).joined(separator: ", ") + (words.count > 3 ? ", ..." : "")
  }
}

extension Checkpoint.Remark {
  /// What a person should know, as a clause.
  var sentence: String {
    switch self {
    case .dictionary(let key): return "the state dictionary is read from its key \(quoted(key))"
    case .otherWeights(let key, let areAveraged):
      return areAveraged
        ? "its averaged weights (\(quoted(key))) are there too, and are not read; --weights ema reads them"
        : "its averaged weights are read, not the plain ones (\(quoted(key)))"
    case .prefix(let prefix): return "all names begin with \(quoted(prefix)), which is dropped"
    case .mapped(let layers):
      let pairs = layers.map { "\($0.layer) is \($0.node)" }
      let shown =
        pairs.count > 6
        ? pairs.prefix(3) + ["..."] + pairs.suffix(2) : pairs[...]
      return "layers are mapped by order and shape: \(shown.joined(separator: ", "))"
    case .ignored(let names):
      let shown = names.prefix(3).joined(separator: ", ") + (names.count > 3 ? ", ..." : "")
      return "\(Format.count(names.count, "tensor")) passed over as asked: \(shown)"
    case .foreignMetadata(let key, let text):
      return "its metadata \(quoted(key)) is another program's and says nothing here: "
        + quoted(text, longest: 60)
    }
  }
}
