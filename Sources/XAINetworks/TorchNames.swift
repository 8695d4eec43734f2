public import XAIFiles

extension Network {
  /// The names of this network's parameters in torchvision's VGG family, in node order; nil where
  /// torchvision has no such network.
  ///
  /// There layers are numbered, rectifiers, poolings and dropout of dense layers counted too:
  /// `features.0.weight`, `classifier.6.bias`.
  public var torchvisionNames: [(name: String, torchvision: String)]? {
    let hasOwnHead = nodes.contains { $0.operation == .globalAveragePool }
    guard !hasOwnHead, architecture.pooling, !architecture.stacks.isEmpty else { return nil }
    var names: [(name: String, torchvision: String)] = []
    var (part, next) = ("features", 0)
    for node in nodes {
      switch node.operation {
      case .flatten: (part, next) = ("classifier", 0)
      case .adaptiveAveragePool: break
      // A share of 0 in front of the dense layers is no layer of torchvision's.
      case .dropout: next += part == "classifier" ? 1 : 0
      case .batchNorm where part == "classifier": return nil
      default:
        names += node.parameterShapes.map { name, _ in
          (name, "\(part).\(next)\(name.dropFirst(node.name.count))")
        }
        next += 1
      }
    }
    return names
  }
}

extension Architecture {
  /// This architecture with the number of classes that a file's last layer has.
  /// - Parameters:
  ///   - archive: The file.
  ///   - reading: What may be left over.
  /// - Returns: The architecture; nil where the file's tensors are not those of such a network.
  public func withClasses(
    of archive: TensorArchive, _ reading: Checkpoint.Reading
  ) -> Architecture? {
    let parts = CheckpointParts(of: archive, reading)
    let shapes = Dictionary(
      archive.entries.map { ($0.name, $0.shape) }, uniquingKeysWith: { first, _ in first })
    let counts = Set(
      parts.parameters.compactMap { [2, 4].contains($0.shape.count) ? $0.shape.first : nil })
    for count in [classes] + counts.sorted() where 1...(1 << 16) ~= count {
      var candidate = self
      candidate.classes = count
      let network = Network(candidate)
      guard let names = try? TensorNames(network, in: parts.parameters, source: ""),
        network.parameterShapes.allSatisfy({ name, shape in
          names.tensors[name].flatMap { shapes[$0] }?.fits(shape) ?? false
        })
      else { continue }
      return candidate
    }
    return nil
  }
}
