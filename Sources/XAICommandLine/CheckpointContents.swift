public import ArgumentParser
public import XAIClassifiers
public import XAIDatasets
import XAIFiles
public import XAINetworks
import XAITensor

/// Which of a file's tensors are read, and what its outputs are called.
public struct CheckpointContents: ParsableArguments {
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
  /// Reads the options.
  public init() {}

  /// Which weights of a file are read.
  public enum WeightsChoice: String, ExpressibleByArgument, CaseIterable, Sendable {
    /// The parameters that were trained.
    case standard
    /// Their exponential moving average.
    case ema
  }

  /// The list of classes that is read.
  var classList: String? { classNames == "sorted" ? nil : classNames }

  /// What the options say.
  /// - Returns: The knowledge.
  /// - Throws: Where a list of classes is missing or cannot be understood.
  public func knowledge() throws -> CheckpointKnowledge {
    var knowledge = CheckpointKnowledge()
    knowledge.reading.weights = weights == .ema ? .ema : .standard
    knowledge.reading.ignoredPrefixes = ignoreTensors.flatMap {
      $0.split(separator: ",").map(String.init)
    }
    knowledge.classNames = try classNames.map { try ClassNames($0) }
    return knowledge
  }

  /// Tells what was assumed, chosen or passed over when a file was read.
  /// - Parameters:
  ///   - checkpoint: The checkpoint.
  ///   - path: Its file.
  ///   - console: Who is told.
  public func tell(_ checkpoint: Checkpoint, _ path: String, _ console: Console) {
    for remark in checkpoint.remarks {
      let sentence = "\(path): \(remark.sentence)"
      // What contradicts the file is said even where little is.
      if case .replaced = remark { console.warn(sentence) } else { console.note(sentence) }
    }
  }

  /// Warns where pictures may reach a network otherwise than in its training.
  /// - Parameters:
  ///   - checkpoint: The network.
  ///   - path: Its file.
  ///   - console: Who is told.
  public func warnOfMissingNormalization(
    _ checkpoint: Checkpoint, _ path: String, _ console: Console
  ) {
    guard !checkpoint.saysHowImagesAreNormalised else { return }
    console.warn(
      "\(path) does not say how images are normalised (normalization.mean and normalization.std): "
        + "pixels / 255 are taken as they are; --preprocessing says it")
  }

  /// Completes a checkpoint by the classes of data, or tells that their order is assumed.
  /// - Parameters:
  ///   - checkpoint: The checkpoint.
  ///   - path: Its file.
  ///   - dataset: The data; nil where there are none.
  ///   - console: Who is told.
  ///   - onlyCompletes: Whether the file's own word counts where it has one.
  /// - Returns: The checkpoint with the classes that are known.
  /// - Throws: `ClassifierFailure` where classes are to be those of the data and cannot be.
  public func complete(
    _ checkpoint: Checkpoint, _ path: String, by dataset: (any ImageDataset)?, _ console: Console,
    onlyCompletes: Bool = false
  ) throws -> Checkpoint {
    guard let dataset else {
      if classNames == "sorted" {
        throw ValidationError("--class-names sorted needs --data, whose classes are sorted")
      }
      return checkpoint
    }
    if classNames == "sorted" {
      let sorted = try checkpoint.naming(sortedClassesOf: dataset, path: path)
      let own = checkpoint.classes.map(\.id)
      guard !onlyCompletes || own.isEmpty else { return checkpoint }
      if !own.isEmpty, own != sorted.classes.map(\.id) {
        console.warn("\(path): its own class names give way to those of the command line")
      }
      return sorted
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
    case .replaced(let what): return "its own \(what) give way to those of the command line"
    case .foreignMetadata(let key, let text):
      return "its metadata \(quoted(key)) is another program's and says nothing here: "
        + quoted(text, longest: 60)
    }
  }
}
