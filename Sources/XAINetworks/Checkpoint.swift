import FoundationEssentials
public import XAIFiles
public import XAITensor

/// A trained network in one safetensors file, with all that its use needs.
///
/// Tensors: the parameters by name, `normalization.mean` (`[C, H, W]` or `[C]`) and
/// `normalization.std` (`[C]`). Metadata: `architecture`, `classes`, `class_names` as JSON, and what the
/// writer adds. PyTorch's `safetensors.torch.load_file` reads it as a state dict.
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
  /// Whether the file said how images are normalised; where it did not, pixels / 255 are taken as they
  /// are.
  public private(set) var saysHowImagesAreNormalised = true

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

  /// Reads a checkpoint.
  /// - Parameters:
  ///   - path: A safetensors file.
  ///   - architecture: The architecture where the file does not name its own.
  /// - Throws: `FileFailure` or `NetworkFailure`: what is missing, damaged or does not fit.
  public init(path: String, architecture: Architecture? = nil) throws {
    try self.init(file: try SafetensorsFile(path: path), path: path, architecture: architecture)
  }

  /// Reads a checkpoint from an open file, which may hold more.
  /// - Parameters:
  ///   - file: The file.
  ///   - path: Its name in messages.
  ///   - architecture: The architecture where the file does not name its own.
  /// - Throws: What is missing, damaged or does not fit.
  public init(file: SafetensorsFile, path: String, architecture: Architecture? = nil) throws {
    let network = Network(
      try Self.architecture(of: file, path: path, otherwise: architecture))
    var parameters = Parameters()
    for (name, _) in network.parameterShapes where file.entry(name) != nil {
      parameters[name] = try file.tensor(name)
    }
    try parameters.validate(for: network, source: path)
    let shape = network.architecture.input
    let mean = try Self.normalization("mean", file, missing: 0, shapes: [shape, [shape[0]]], path)
    let deviation = try Self.normalization("std", file, missing: 1, shapes: [[shape[0]]], path)
    try Self.requireFiniteImages(mean, deviation, path)
    self.init(
      network: network, parameters: parameters, mean: mean, standardDeviation: deviation,
      classes: try Self.classes(of: file, count: network.architecture.classes, path: path),
      metadata: file.metadata)
    saysHowImagesAreNormalised = ["mean", "std"].allSatisfy {
      file.entry("normalization.\($0)") != nil
    }
  }

  /// Writes the checkpoint as a whole or not at all.
  /// - Parameters:
  ///   - path: The file, replaced if it exists.
  ///   - others: Further tensors, such as the state of a training.
  /// - Throws: Where the file cannot be written; an older one is intact then.
  public func write(
    to path: String, adding others: [(name: String, data: TensorData)] = []
  ) throws(FileFailure) {
    var tensors: [(name: String, data: TensorData)] = parameters.names.compactMap { name in
      parameters[name].map { (name, .float32($0)) }
    }
    tensors.append(("normalization.mean", .float32(mean)))
    tensors.append(("normalization.std", .float32(standardDeviation)))
    var metadata = metadata
    metadata["architecture"] = network.architecture.json
    if !classes.isEmpty {
      metadata["classes"] = Self.json(classes.map(\.id))
      metadata["class_names"] = Self.json(classes.map(\.name))
    }
    try SafetensorsFile.write(tensors + others, metadata: metadata, to: path)
  }

  private static func architecture(
    of file: SafetensorsFile, path: String, otherwise given: Architecture?
  ) throws(NetworkFailure) -> Architecture {
    guard let text = file.metadata["architecture"] else {
      if let given { return given }
      throw NetworkFailure(
        "\(path): its metadata names no architecture, so it is no checkpoint of this program; "
          + "give the architecture's file with --architecture")
    }
    let own = try Architecture(json: Data(text.utf8), source: "\(path), metadata architecture")
    if let given,
      Network(given).parameterShapes.map(\.shape)
        != Network(own).parameterShapes.map(\.shape)
    {
      throw NetworkFailure("\(path): holds the architecture \(own.json), expected \(given.json)")
    }
    return own
  }

  private static func normalization(
    _ name: String, _ file: SafetensorsFile, missing: Float, shapes: [[Int]], _ path: String
  ) throws -> Tensor {
    let name = "normalization.\(name)"
    guard file.entry(name) != nil else {
      return Tensor(shape: shapes[shapes.count - 1], repeating: missing)
    }
    let tensor = try file.tensor(name)
    guard shapes.contains(tensor.shape) else {
      throw NetworkFailure(
        "\(path): tensor \(name) has shape \(tensor.shape), expected "
          + shapes.map { "\($0)" }.joined(separator: " or "))
    }
    guard tensor.isFinite, missing == 0 || tensor.elements.allSatisfy({ $0 > 0 }) else {
      throw NetworkFailure("\(path): tensor \(name) holds values that cannot normalise an image")
    }
    return tensor
  }

  /// Refuses what makes infinity of black or white; other pixels lie between.
  private static func requireFiniteImages(
    _ mean: Tensor, _ deviation: Tensor, _ path: String
  ) throws(NetworkFailure) {
    let area = mean.count / deviation.count
    for (index, mean) in mean.elements.enumerated() {
      let scale = 1 / deviation.elements[index / area]
      for pixel: Float in [0, 1] where !((pixel - mean) * scale).isFinite {
        throw NetworkFailure(
          "\(path): normalization.mean and normalization.std make infinity of an image; the file is damaged"
        )
      }
    }
  }

  private static func classes(
    of file: SafetensorsFile, count: Int, path: String
  ) throws(NetworkFailure) -> [ClassName] {
    func list(_ key: String) throws(NetworkFailure) -> [String]? {
      guard let text = file.metadata[key] else { return nil }
      guard let list = JSONText.strings(text, count: count) else {
        throw NetworkFailure(
          "\(path): metadata \"\(key)\" is no list of \(count) names, one for each logit")
      }
      return list
    }
    let names = try list("class_names")
    guard let ids = try list("classes") ?? names else { return [] }
    return zip(ids, names ?? ids).map { ClassName(id: $0, name: $1) }
  }

  private static func json(_ strings: [String]) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return String(decoding: (try? encoder.encode(strings)) ?? Data("[]".utf8), as: UTF8.self)
  }
}
