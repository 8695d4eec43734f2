public import XAIKernels
public import XAINetworks
public import XAITensor

/// One way to walk through a network: its nodes, and what they hold on the device.
public struct NetworkForm {
  /// The nodes of this form.
  public let network: Network
  private let explained: ExplainedNetwork
  private let mergedNorms: [String: Node]

  /// What computes.
  public var backend: any Backend { explained.backend }
  /// The nodes of `network`.
  public var nodes: [Node] { network.nodes }

  init(_ network: Network, of explained: ExplainedNetwork) {
    self.network = network
    self.explained = explained
    let present = Set(network.nodes.map(\.name))
    mergedNorms = Dictionary(
      explained.network.blocks.compactMap { block in
        guard let norm = block.batchNorm, !present.contains(norm.name) else { return nil }
        return (block.linear.name, norm)
      }, uniquingKeysWith: { first, _ in first })
  }

  /// The position of a node.
  /// - Parameter name: Its name.
  /// - Returns: Its index, or nothing where this form has no such node.
  public func index(of name: String) -> Int? { nodes.firstIndex { $0.name == name } }

  /// Weights and bias on the host, batch norm merged where this form merges it.
  /// - Parameter node: A convolution or dense node.
  /// - Returns: `[K, C, 3, 3]` or `[K, C]`, and `[K]`.
  public func hostParameters(of node: Node) -> (weight: Tensor, bias: Tensor) {
    explained.parameters.merged(node, with: mergedNorms[node.name])
  }

  /// A part of a linear node's weights on the device, made at the first call.
  /// - Parameters:
  ///   - node: A convolution or dense node.
  ///   - part: Which part.
  /// - Returns: `[K, C, 3, 3]` or `[K, C]`, plain.
  /// - Throws: Where memory runs out.
  public func weights(
    of node: Node, _ part: WeightPart = .all
  ) throws(KernelFailure) -> DeviceTensor {
    try explained.tensor(name("weight.\(part.rawValue)", of: node)) {
      () throws(KernelFailure) in
      try backend.upload(part.of(hostParameters(of: node).weight))
    }
  }

  /// A part of a linear node's bias on the device.
  /// - Parameters:
  ///   - node: A convolution or dense node.
  ///   - part: Which part.
  /// - Returns: `[K]`, plain.
  /// - Throws: Where memory runs out.
  public func bias(
    of node: Node, _ part: WeightPart = .all
  ) throws(KernelFailure) -> DeviceTensor {
    try explained.tensor(name("bias.\(part.rawValue)", of: node)) { () throws(KernelFailure) in
      try backend.upload(
        part.of(explained.parameters.mergedBias(node, with: mergedNorms[node.name])))
    }
  }

  /// Batch norm in evaluation: `y = scale x + shift`.
  /// - Parameter node: A batch-norm node.
  /// - Returns: Two plain tensors `[C]`.
  /// - Throws: Where memory runs out.
  public func affine(of node: Node) throws(KernelFailure) -> ChannelAffine {
    let (slopes, shifts) = explained.parameters.evaluationAffine(of: node)
    func upload(_ what: String, _ values: [Double]) throws(KernelFailure) -> DeviceTensor {
      try explained.tensor(name(what, of: node)) { () throws(KernelFailure) in
        try backend.upload(Tensor(shape: [values.count], values.map { Float($0) }))
      }
    }
    return ChannelAffine(
      scale: try upload("slope", slopes), shift: try upload("shift", shifts))
  }

  private func name(_ what: String, of node: Node) -> String {
    "\(node.name).\(what)" + (mergedNorms[node.name] == nil ? "" : ".merged")
  }
}

/// A part of a weight matrix W.
public enum WeightPart: String, Sendable, Hashable, CaseIterable {
  /// W.
  case all
  /// `max(W, 0)`.
  case positive
  /// `min(W, 0)`.
  case negative
  /// `W * W`, elementwise.
  case squared
  /// `|W|`.
  case absolute

  /// The part of a tensor.
  /// - Parameter weights: W.
  /// - Returns: The shape of W.
  public func of(_ weights: Tensor) -> Tensor {
    switch self {
    case .all: weights
    case .positive: weights.map { max($0, 0) }
    case .negative: weights.map { min($0, 0) }
    case .squared: weights.map { $0 * $0 }
    case .absolute: weights.map { abs($0) }
    }
  }
}
