import FoundationEssentials
public import XAIFiles
import XAITensor

extension Checkpoint {
  /// What a reader knows about a file that does not say it itself.
  public struct Reading: Sendable {
    /// The architecture where the file does not name its own.
    public var architecture: Architecture?
    /// Which weights are read where the file holds plain and averaged ones.
    public var weights = TensorArchive.Weights.standard
    /// Tensors whose names begin so may be in the file without being used.
    public var ignoredPrefixes: [String] = []
    /// Whether the file's own normalization is passed over, because another one is known.
    public var replacesNormalization = false

    /// Nothing is known.
    public init() {}

    /// The architecture is known.
    /// - Parameter architecture: The architecture where the file does not name its own.
    public init(architecture: Architecture?) { self.architecture = architecture }
  }

  /// What was assumed, chosen or passed over when a file was read.
  public enum Remark: Sendable, Equatable {
    /// The state dictionary stands under a key of the file.
    case dictionary(key: String)
    /// The file has other weights under a key; averaged ones, or plain ones where averaged were wanted.
    case otherWeights(key: String, areAveraged: Bool)
    /// All names begin so, and the beginning was dropped.
    case prefix(String)
    /// Names were mapped by the order of layers.
    case mapped([MappedLayer])
    /// Tensors that nothing uses were passed over, because the reader was told to.
    case ignored([String])
    /// What the file says of its classes or of its normalization was replaced.
    case replaced(String)
    /// Metadata of another program, which say nothing here.
    case foreignMetadata(key: String, text: String)
  }

  /// A layer of a file and the node that it became.
  public struct MappedLayer: Sendable, Equatable {
    /// The layer's name in the file.
    public let layer: String
    /// The node's name.
    public let node: String
  }

  /// Reads a checkpoint.
  /// - Parameters:
  ///   - path: A safetensors file, or one of `torch.save`.
  ///   - architecture: The architecture where the file does not name its own.
  /// - Throws: What is missing, damaged, left over or does not fit.
  public init(path: String, architecture: Architecture? = nil) throws(NetworkFailure) {
    try self.init(path: path, Reading(architecture: architecture))
  }

  /// Reads a checkpoint.
  /// - Parameters:
  ///   - path: A safetensors file, or one of `torch.save`.
  ///   - reading: What is known about it.
  /// - Throws: What is missing, damaged, left over or does not fit.
  public init(path: String, _ reading: Reading) throws(NetworkFailure) {
    let archive: TensorArchive
    do {
      archive = try TensorArchive(path: path, weights: reading.weights)
    } catch { throw NetworkFailure(error) }
    try self.init(archive, reading)
  }

  /// Reads a checkpoint from an open file.
  /// - Parameters:
  ///   - archive: The file.
  ///   - reading: What is known about it.
  /// - Throws: What is missing, damaged, left over or does not fit.
  public init(
    _ archive: TensorArchive, _ reading: Reading = Reading()
  ) throws(NetworkFailure) {
    let path = archive.path
    let (architecture, isForeign) = try Self.architecture(of: archive, reading)
    let network = Network(architecture)
    let parts = CheckpointParts(of: archive, reading)
    let names = try TensorNames(network, in: parts.parameters, source: path)
    try Self.requireNoLeftovers(parts, names, path)
    try names.requireNoSliding(network, in: archive)
    var parameters = Parameters()
    for (name, shape) in network.parameterShapes {
      guard let stored = names.tensors[name] else { continue }
      let tensor: Tensor
      do { tensor = try archive.tensor(stored) } catch { throw NetworkFailure(error) }
      parameters[name] = tensor.shape.fits(shape) ? tensor.reshaped(to: shape) : tensor
    }
    try parameters.validate(for: network, source: path)
    let classes = try Self.classes(of: archive, count: architecture.classes, isForeign)
    let normalization = try Normalization(archive, architecture.input, reading)
    self.init(
      network: network, parameters: parameters, mean: normalization.mean,
      standardDeviation: normalization.deviation, classes: classes.names,
      metadata: archive.metadata)
    saysHowImagesAreNormalised = normalization.isComplete
    holdsNormalization = Normalization.tensorNames.contains { archive.entry($0) != nil }
    remarks =
      Self.remarks(archive, reading, names, parts) + classes.remarks
      + (isForeign
        ? [.foreignMetadata(key: "architecture", text: metadata["architecture"] ?? "")] : [])
    // What is written from here on says nothing that was not understood.
    for case .foreignMetadata(let key, _) in remarks { metadata[key] = nil }
  }

  private static func architecture(
    of archive: TensorArchive, _ reading: Reading
  ) throws(NetworkFailure) -> (Architecture, isForeign: Bool) {
    let (path, given) = (archive.path, reading.architecture)
    guard let text = archive.metadata["architecture"] else {
      if let given { return (given, false) }
      throw NetworkFailure(
        .noArchitecture, .init(path: path),
        "\(path): its metadata names no architecture, so it is no checkpoint of this program; give the "
          + "architecture's file")
    }
    let own: Architecture
    do {
      own = try Architecture(json: Data(text.utf8), source: "\(path), metadata architecture")
    } catch {
      if let given { return (given, true) }
      throw error
    }
    if let given, !given.computes(as: own) {
      throw NetworkFailure("\(path): holds the architecture \(own.json), expected \(given.json)")
    }
    return (own, false)
  }

  private static func requireNoLeftovers(
    _ parts: CheckpointParts, _ names: TensorNames, _ path: String
  ) throws(NetworkFailure) {
    let used = Set(names.tensors.values)
    let left = parts.parameters.filter { !used.contains($0.name) }
    guard !left.isEmpty else { return }
    let shown = left.prefix(5).map { entry in
      quoted(entry.name, longest: 80)
        + (entry.isReadable ? "" : " (of type \(entry.typeName), which is not read)")
    }
    throw NetworkFailure(
      .leftovers, .init(path: path, tensor: left.first?.name),
      "\(path): the architecture has no place for \(left.count) of its tensors: "
        + shown.joined(separator: ", ") + (left.count > 5 ? ", ..." : "")
        + "; it is of another architecture, or holds more than a network: pass over what is not needed"
    )
  }

  private static func classes(
    of archive: TensorArchive, count: Int, _ isForeign: Bool
  ) throws(NetworkFailure) -> (names: [ClassName], remarks: [Remark]) {
    // Beside an architecture in our own words these lists are ours, too.
    let isOurs = archive.metadata["architecture"] != nil && !isForeign
    var remarks: [Remark] = []
    func list(_ key: String) throws(NetworkFailure) -> [String]? {
      guard let text = archive.metadata[key] else { return nil }
      if let list = JSONText.strings(text, count: count) { return list }
      guard !isOurs else {
        throw NetworkFailure(
          "\(archive.path): metadata \"\(key)\" is no list of \(count) names, one for each logit")
      }
      remarks.append(.foreignMetadata(key: key, text: text))
      return nil
    }
    let names = try list("class_names")
    guard let ids = try list("classes") ?? names else { return ([], remarks) }
    return (zip(ids, names ?? ids).map { ClassName(id: $0, name: $1) }, remarks)
  }

  private static func remarks(
    _ archive: TensorArchive, _ reading: Reading, _ names: TensorNames, _ parts: CheckpointParts
  ) -> [Remark] {
    var remarks: [Remark] = []
    if let key = archive.dictionaryKey { remarks.append(.dictionary(key: key)) }
    if let key = archive.otherWeightsKey {
      remarks.append(.otherWeights(key: key, areAveraged: reading.weights == .standard))
    }
    if !names.prefix.isEmpty { remarks.append(.prefix(names.prefix)) }
    if !names.mapped.isEmpty {
      remarks.append(.mapped(names.mapped.map { MappedLayer(layer: $0.layer, node: $0.node) }))
    }
    if !parts.ignored.isEmpty { remarks.append(.ignored(parts.ignored)) }
    return remarks
  }
}

/// The tensors of a file by what they may be.
struct CheckpointParts {
  /// Parameters of the network.
  var parameters: [TensorArchive.Entry] = []
  /// What the reader said that nothing needs.
  var ignored: [String] = []

  init(of archive: TensorArchive, _ reading: Checkpoint.Reading) {
    let names = Set(archive.entries.map(\.name))
    for entry in archive.entries {
      if reading.ignoredPrefixes.contains(where: { entry.name.hasPrefix($0) }) {
        ignored.append(entry.name)
      } else if !Self.isHarmless(entry.name, beside: names) {
        parameters.append(entry)
      }
    }
  }

  /// Counters of batch norm, how images are normalized, and what a saved training of ours holds besides.
  private static func isHarmless(_ name: String, beside names: Set<String>) -> Bool {
    if name.hasSuffix(".num_batches_tracked") || name == "num_batches_tracked" { return true }
    if Normalization.tensorNames.contains(name) { return true }
    return ["velocity.", "average."].contains { prefix in
      name.hasPrefix(prefix) && names.contains(String(name.dropFirst(prefix.count)))
    }
  }
}
