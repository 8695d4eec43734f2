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
  /// What forms hold on the device, by name; shared between them.
  private var tensors: [String: DeviceTensor] = [:]

  /// Prepares a network.
  /// - Parameters:
  ///   - network: The network.
  ///   - parameters: Its parameters.
  ///   - backend: What computes.
  public init(_ network: Network, parameters: Parameters, backend: any Backend) {
    self.network = network
    self.parameters = parameters
    self.backend = backend
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

  /// A tensor that forms share, made at the first call.
  func tensor(
    _ name: String, _ make: () throws(KernelFailure) -> DeviceTensor
  ) throws(KernelFailure) -> DeviceTensor {
    if let known = tensors[name] { return known }
    let tensor = try make()
    tensors[name] = tensor
    return tensor
  }

  /// Forgets what forms hold on the device, so that other weights have room.
  ///
  /// What is needed again is made again.
  public func forgetDeviceTensors() {
    tensors.removeAll()
    backend.trimMemory()
  }
}
