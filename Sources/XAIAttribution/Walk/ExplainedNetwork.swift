public import XAIKernels
public import XAINetworks

/// A network under explanation: parameters and the forms in which rules walk through them.
///
/// Parameters have value semantics and nothing modifies them, so no call can leave anything behind.
public final class ExplainedNetwork {
  /// The network as trained, batch norm in nodes of its own.
  public let network: Network
  /// Its parameters.
  public let parameters: Parameters
  /// What computes.
  public let backend: any Backend
  /// The file it is from, with its classes and what reaches it of a picture; nil where it was put together.
  public let checkpoint: Checkpoint?
  /// What forms hold on the device, by layer; shared between forms, and with networks that have a layer
  /// in common.
  private let layers: [String: DeviceLayer]

  /// Prepares a network.
  /// - Parameters:
  ///   - network: The network.
  ///   - parameters: Its parameters.
  ///   - backend: What computes.
  public convenience init(_ network: Network, parameters: Parameters, backend: any Backend) {
    self.init(network, parameters, backend, from: nil)
  }

  /// Prepares the network of a file.
  /// - Parameters:
  ///   - checkpoint: What was read from the file.
  ///   - backend: What computes.
  public convenience init(_ checkpoint: Checkpoint, backend: any Backend) {
    self.init(checkpoint.network, checkpoint.parameters, backend, from: checkpoint)
  }

  private init(
    _ network: Network, _ parameters: Parameters, _ backend: any Backend,
    from checkpoint: Checkpoint?
  ) {
    (self.network, self.parameters) = (network, parameters)
    (self.backend, self.checkpoint) = (backend, checkpoint)
    layers = Dictionary(
      uniqueKeysWithValues: network.blocks.map { ($0.linear.name, DeviceLayer()) })
  }

  private init(
    _ network: ExplainedNetwork, _ parameters: Parameters, _ layers: [String: DeviceLayer]
  ) {
    (self.network, self.parameters) = (network.network, parameters)
    (backend, self.layers) = (network.backend, layers)
    checkpoint = nil
  }

  /// This network with some layers of another.
  ///
  /// What the layers of both hold on the device is shared, so that many combinations of two networks
  /// take no more memory than the two, and their weights are prepared once.
  /// - Parameters:
  ///   - names: Convolutions and dense layers; a layer's batch norm belongs to it.
  ///   - other: A network of the same architecture on the same backend.
  /// - Returns: The combination; neither network is modified. With parameters of another architecture no method
  ///   explains it, but each says which parameter does not fit.
  public func replacing(
    _ names: some Sequence<String>, from other: ExplainedNetwork
  ) -> ExplainedNetwork {
    var (parameters, layers) = (self.parameters, self.layers)
    let names = Set(names)
    for block in network.blocks where names.contains(block.linear.name) {
      layers[block.linear.name] = other.layers[block.linear.name]
      for node in [block.linear, block.batchNorm].compactMap(\.self) {
        for (name, _) in node.parameterShapes { parameters[name] = other.parameters[name] }
      }
    }
    return ExplainedNetwork(self, parameters, layers)
  }

  /// Whether a layer is the same as another network's, because one was made from the other.
  func shares(_ layer: String, with other: ExplainedNetwork) -> Bool {
    layers[layer] === other.layers[layer]
  }

  /// The form with every batch norm in a node of its own: for rules that treat it as a layer.
  public var trained: NetworkForm { NetworkForm(network, of: self) }

  /// The form with batch norm merged into the linear nodes: the same function, faster.
  /// - Parameter kept: A node that must exist under its own name with its own output: where it is a
  ///   linear node or a batch norm, that pair is not merged.
  /// - Returns: The form.
  public func merged(keeping kept: String? = nil) -> NetworkForm {
    let pair = network.blocks.first {
      $0.batchNorm != nil && [$0.linear.name, $0.batchNorm?.name].contains(kept)
    }
    let names = Set([pair?.linear.name].compactMap(\.self))
    return NetworkForm(network.mergingBatchNorm(keeping: names), of: self)
  }

  /// A tensor of a layer that forms share, made at the first call.
  func tensor(
    _ name: String, of layer: String, _ make: () throws(KernelFailure) -> DeviceTensor
  ) throws(KernelFailure) -> DeviceTensor {
    if let known = layers[layer]?.tensors[name] { return known }
    let tensor = try make()
    layers[layer]?.tensors[name] = tensor
    return tensor
  }
}

/// What the forms of a layer hold on the device, by name.
private final class DeviceLayer {
  var tensors: [String: DeviceTensor] = [:]
}
