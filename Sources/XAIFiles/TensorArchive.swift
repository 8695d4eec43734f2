public import XAITensor

/// Named tensors of a file, whatever its format.
///
/// What the file holds decides which format it is, never its name. Opening reads and checks what
/// describes the tensors; their elements are read when asked for.
public struct TensorArchive: Sendable {
  /// The formats that are read.
  public enum Format: String, Sendable {
    /// A safetensors file.
    case safetensors
    /// A file of `torch.save`.
    case torch
  }

  /// Which of several state dictionaries of a file is read.
  public enum Weights: String, Sendable, CaseIterable {
    /// The parameters that were trained.
    case standard
    /// Their exponential moving average, which some training programs save beside them.
    case ema
  }

  /// What the file says about a tensor.
  public struct Entry: Sendable, Equatable {
    /// The tensor's name.
    public let name: String
    /// The extent of each axis, slowest first; empty for a scalar.
    public let shape: [Int]
    /// The type of its elements as the safetensors format names it: `F32`, `F8_E4M3`.
    public let typeName: String
    /// Whether its elements can be read as Float32.
    public let isReadable: Bool
  }

  private enum Source {
    case safetensors(SafetensorsFile)
    case torch(TorchFile)
  }

  /// The path that was opened.
  public let path: String
  /// The format that the content has.
  public let format: Format
  /// The texts stored with the tensors; empty in files of `torch.save`.
  public let metadata: [String: String]
  /// The tensors in the order of the file.
  public let entries: [Entry]
  /// The key under which the state dictionary was found (`state_dict`), nil where it is the whole
  /// content.
  public let dictionaryKey: String?
  /// The key of averaged weights that are in the file too and were not taken, or of the plain ones
  /// where averaged ones were asked for.
  public let otherWeightsKey: String?

  private let source: Source
  private let indices: [String: Int]

  /// Opens a file.
  /// - Parameters:
  ///   - path: The file.
  ///   - weights: Which state dictionary is read where it holds several.
  /// - Throws: `.missingInput` where it does not exist, `.badData` where it is broken, has another
  ///   format or lacks the weights.
  public init(path: String, weights: Weights = .standard) throws(FileFailure) {
    let file = try InputFile(path: path)
    if try Self.isSafetensors(file) {
      let file = try SafetensorsFile(file: file)
      guard weights == .standard else {
        throw FileFailure(
          .badData,
          "'\(path)' holds no averaged weights: a safetensors file has one set of tensors;"
            + " ask for its weights as they are")
      }
      source = .safetensors(file)
      format = .safetensors
      metadata = file.metadata
      entries = file.entries.map {
        Entry(name: $0.name, shape: $0.shape, typeName: $0.typeName, isReadable: $0.type != nil)
      }
      dictionaryKey = nil
      otherWeightsKey = nil
    } else {
      let file = try TorchFile(file: file, weights: weights)
      source = .torch(file)
      format = .torch
      metadata = [:]
      entries = file.entries
      dictionaryKey = file.dictionaryKey
      otherWeightsKey = file.otherWeightsKey
    }
    self.path = path
    indices = Dictionary(uniqueKeysWithValues: zip(entries.map(\.name), entries.indices))
  }

  /// What the file says about a tensor.
  /// - Parameter name: The tensor's name.
  /// - Returns: Its entry, nil where the file has no such tensor.
  public func entry(_ name: String) -> Entry? { indices[name].map { entries[$0] } }

  /// Reads a tensor as Float32.
  /// - Parameter name: The tensor's name.
  /// - Returns: The tensor, rounded to nearest where Float32 cannot hold a value.
  /// - Throws: `.badData` where the file has no such tensor or its type is not read,
  ///   `.inputOutput` where reading fails.
  public func tensor(_ name: String) throws(FileFailure) -> Tensor {
    switch source {
    case .safetensors(let file): try file.tensor(name)
    case .torch(let file): try file.tensor(name)
    }
  }

  /// Whether a file is safetensors: a length of eight bytes, below 4 GB, and a JSON object.
  ///
  /// What nothing else is known of either counts by its name, which then chooses the words of the
  /// failure.
  private static func isSafetensors(_ file: InputFile) throws(FileFailure) -> Bool {
    let start = try file.bytes(in: 0..<min(file.size, ForeignFile.longestStart))
    if start.count > 8, start[8] == UInt8(ascii: "{"), start[4..<8].allSatisfy({ $0 == 0 }) {
      return true
    }
    if start.starts(with: "PK".utf8) || start.first == 0x80 { return false }
    return ForeignFile.recognize(start) == nil && file.path.hasSuffix(".safetensors")
  }
}
