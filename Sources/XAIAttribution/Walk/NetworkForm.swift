public import XAIKernels
public import XAINetworks
public import XAITensor

/// One way to walk through a network: its nodes, and what they hold on the device.
public struct NetworkForm {
  /// The nodes of this form.
  public let network: Network
  private let explained: ExplainedNetwork
  private let mergedNorms: [String: Node]
  /// The layer that a linear node or batch norm belongs to.
  private let layers: [String: String]

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
    layers = Dictionary(
      explained.network.blocks.flatMap { block in
        [block.linear, block.batchNorm].compactMap(\.self).map { ($0.name, block.linear.name) }
      }, uniquingKeysWith: { first, _ in first })
  }

  /// The first node whose parameters may differ from those in another form with the same nodes.
  /// - Parameter other: The same form of a network that has layers in common with this one.
  /// - Returns: Its index; the number of nodes where there is none, and 0 where forms have different nodes.
  func firstDifference(from other: NetworkForm) -> Int {
    guard network == other.network else { return 0 }
    return nodes.firstIndex { node in
      layers[node.name].map { !explained.shares($0, with: other.explained) } ?? false
    } ?? nodes.count
  }

  /// The position of a node.
  /// - Parameter name: Its name.
  /// - Returns: Its index; `nil` where this form has no such node.
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
    try tensor("weight.\(part.key)", of: node) { () throws(KernelFailure) in
      let norm = mergedNorms[node.name]
      if part == .all, let norm, let weight = explained.parameters["\(node.name).weight"] {
        return try backend.constant(
          weight, scalingRowsBy: explained.parameters.evaluationAffine(of: norm).slopes)
      }
      // Only this layer's parameters: others may be released before it.
      var own = Parameters()
      for (name, _) in node.parameterShapes + (norm?.parameterShapes ?? []) {
        own[name] = explained.parameters[name]
      }
      return try backend.constant { [own] in part.of(own.merged(node, with: norm).weight) }
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
    try tensor("bias.\(part.key)", of: node) { () throws(KernelFailure) in
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
      try tensor(what, of: node) { () throws(KernelFailure) in
        try backend.upload(Tensor(shape: [values.count], values.map { Float($0) }))
      }
    }
    return ChannelAffine(
      scale: try upload("slope", slopes), shift: try upload("shift", shifts))
  }

  private func tensor(
    _ what: String, of node: Node, _ make: () throws(KernelFailure) -> DeviceTensor
  ) throws(KernelFailure) -> DeviceTensor {
    let name = "\(node.name).\(what)" + (mergedNorms[node.name] == nil ? "" : ".merged")
    return try explained.tensor(name, of: layers[node.name] ?? node.name, make)
  }
}
