public import ArgumentParser
public import XAIClassifiers
import XAIFiles
import XAINetworks

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

  /// Refuses the classes of data where there are none.
  /// - Parameter data: What names the data.
  /// - Throws: `ValidationError`.
  package func requireData(_ data: String?) throws {
    if classNames == "sorted", data == nil {
      throw ValidationError("--class-names sorted needs --data, whose classes are sorted")
    }
  }
}
