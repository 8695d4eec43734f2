import FoundationEssentials
public import XAIFiles
public import XAITensor

/// A trained network in one file, with all that its use needs.
///
/// As this toolkit writes it, a safetensors file. Tensors: the parameters by name, `normalization.mean`
/// (`[C, H, W]` or `[C]`) and `normalization.std` (`[C]`). Metadata: `architecture`, `classes`,
/// `class_names` as JSON, and what the writer adds. PyTorch's `safetensors.torch.load_file` reads it as a
/// state dict. Files of other programs are read too: see `Reading`.
public struct Checkpoint: Sendable {
  /// A class: its identifier in the data set and its name for people.
  public struct ClassName: Sendable, Equatable {
    /// The identifier, such as a WordNet id.
    public var id: String
    /// The name for people.
    public var name: String

    /// Names a class.
    /// - Parameters:
    ///   - id: The identifier.
    ///   - name: The name for people.
    public init(id: String, name: String) {
      self.id = id
      self.name = name
    }
  }

  /// The network.
  public var network: Network
  /// Its parameters.
  public var parameters: Parameters
  /// What is subtracted from pixel / 255: a mean image `[C, H, W]` or a mean colour `[C]`.
  public var mean: Tensor
  /// What the difference is divided by, `[C]`.
  public var standardDeviation: Tensor
  /// The classes in the order of the logits; empty where the file does not say.
  public var classes: [ClassName]
  /// Everything else that the file says about itself.
  public var metadata: [String: String]
  /// Whether the file said how images are normalized; where it did not, pixels / 255 are taken as they
  /// are.
  public var saysHowImagesAreNormalised = true
  /// What was assumed, chosen or passed over when the file was read.
  public package(set) var remarks: [Remark] = []
  /// Whether the file holds a normalization of its own, which another one may have replaced.
  package internal(set) var holdsNormalization = false

  /// Groups what a checkpoint holds.
  /// - Parameters:
  ///   - network: The network.
  ///   - parameters: Its parameters.
  ///   - mean: What is subtracted from pixel / 255.
  ///   - standardDeviation: What the difference is divided by.
  ///   - classes: The classes in the order of the logits.
  ///   - metadata: Everything else to be said.
  public init(
    network: Network, parameters: Parameters, mean: Tensor, standardDeviation: Tensor,
    classes: [ClassName], metadata: [String: String] = [:]
  ) {
    self.network = network
    self.parameters = parameters
    self.mean = mean
    self.standardDeviation = standardDeviation
    self.classes = classes
    self.metadata = metadata
  }

  /// Writes the checkpoint as a whole or not at all.
  /// - Parameters:
  ///   - path: The file, replaced if it exists.
  ///   - others: Further tensors, such as the state of a training.
  ///   - halvesWeights: Whether weights of convolutions and dense layers are written in 16 bits, rounded to nearest:
  ///     half the size, for a network that is only used. Biases, batch norm and statistics keep their 32 bits.
  /// - Throws: Where the file cannot be written, or a weight has no finite half; an older one is intact then.
  public func write(
    to path: String, adding others: [(name: String, data: TensorData)] = [],
    halvesWeights: Bool = false
  ) throws(FileFailure) {
    if halvesWeights {
      for name in parameters.names {
        guard let tensor = parameters[name], tensor.shape.count > 1 else { continue }
        if let weight = tensor.elements.first(where: { !(abs($0) < 65_520) }) {
          throw FileFailure(
            .badData,
            "\(path): the weight \(weight) of \(name) has no finite number of 16 bits; write it in 32 bits"
          )
        }
      }
    }
    var tensors: [(name: String, data: TensorData)] = parameters.names.compactMap { name in
      parameters[name].map {
        (name, halvesWeights && $0.shape.count > 1 ? .float16($0) : .float32($0))
      }
    }
    // Where nothing was known, a reader must not take it for known.
    if saysHowImagesAreNormalised {
      tensors.append(("normalization.mean", .float32(mean)))
      tensors.append(("normalization.std", .float32(standardDeviation)))
    }
    var metadata = metadata
    metadata["architecture"] = network.architecture.json
    if !classes.isEmpty {
      metadata["classes"] = Self.json(classes.map(\.id))
      metadata["class_names"] = Self.json(classes.map(\.name))
    }
    try SafetensorsFile.write(tensors + others, metadata: metadata, to: path)
  }

  private static func json(_ strings: [String]) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return String(decoding: (try? encoder.encode(strings)) ?? Data("[]".utf8), as: UTF8.self)
  }
}
