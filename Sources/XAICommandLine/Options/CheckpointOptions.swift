public import ArgumentParser
public import XAIClassifiers
import XAINetworks
import XAITensor

/// What is known about a network's file that the file does not say itself: the options of every command
/// that reads one.
public struct CheckpointOptions: ParsableArguments {
  /// The architecture's file.
  @Option(help: "An architecture file, for a checkpoint that does not name its own.")
  public var architecture: String?
  /// Weights, tensors and classes.
  @OptionGroup public var contents: CheckpointContents
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

  /// Refuses a word that cannot mean a preprocessing, before anything is read.
  /// - Throws: `ValidationError`.
  public func validate() throws { try Self.validate(preprocessing: preprocessing) }

  /// Refuses a word that cannot mean a preprocessing; what is wrong in a file is told when it is read.
  /// - Parameters:
  ///   - word: What was given.
  ///   - others: What it could be besides.
  /// - Throws: `ValidationError`.
  public static func validate(preprocessing word: String?, also others: [String] = []) throws {
    guard let word, !others.contains(word) else { return }
    do {
      _ = try PreprocessingSettings(word, also: others)
    } catch {
      guard error.kind == .usage else { return }
      throw ValidationError("--preprocessing: \(error.description)")
    }
  }

  /// Files that are read besides the checkpoint.
  public var files: [String] {
    let isFile = preprocessing.map { PreprocessingSettings.named[$0.lowercased()] == nil } ?? false
    return [architecture, contents.classList, isFile ? preprocessing : nil].compactMap(\.self)
  }

  /// What the options say.
  /// - Returns: The knowledge.
  /// - Throws: Where a file they name is missing or cannot be understood.
  public func knowledge() throws -> CheckpointKnowledge {
    var knowledge = try contents.knowledge()
    knowledge.reading.architecture = try architecture.map { try Architecture.read(from: $0) }
    knowledge.preprocessing = try preprocessing.map { (try PreprocessingSettings($0), $0) }
    return knowledge
  }
}
