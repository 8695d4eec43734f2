import XAIAttribution
import XAINetworks
import XAITensor

extension MethodAxioms {
  /// Implementation invariance, of batch norm: how much a map changes when batch norm is merged into the
  /// layers before it, which is the same function.
  ///
  /// Source: Sundararajan et al. 2017.
  ///
  /// Gradients, integrated gradients and DeepLIFT do not change; relevance propagation need not hold.
  /// - Returns: The relative change of each map; `nil` without batch norm and for zero maps.
  /// - Throws: What the method throws.
  public func mergingInvariance() throws -> [Double?] {
    guard network.network.nodes.contains(where: { $0.operation == .batchNorm }) else {
      return Array(repeating: nil, count: request.count)
    }
    return Self.relativeDistances(
      try maps(of: request, on: merged), try maps(of: request, on: network))
  }

  /// Implementation invariance of a doubled layer: how much a map changes when the last hidden layer is followed
  /// by an identity, which is the same function, as what it passes on is not negative.
  /// - Returns: The relative change of each map; `nil` for a network without hidden layers and for zero maps.
  /// - Throws: What the method throws.
  public func doublingInvariance() throws -> [Double?] {
    guard let doubled else { return Array(repeating: nil, count: request.count) }
    return Self.relativeDistances(
      try maps(of: request, on: doubled), try maps(of: request, on: merged))
  }

  /// The same function without batch norm.
  private var merged: ExplainedNetwork {
    var architecture = network.network.architecture
    (architecture.batchNorm, architecture.denseBatchNorm) = (false, false)
    var parameters = Parameters()
    for block in network.network.blocks {
      let (weight, bias) = network.parameters.merged(block.linear, with: block.batchNorm)
      parameters["\(block.linear.name).weight"] = weight
      parameters["\(block.linear.name).bias"] = bias
    }
    return ExplainedNetwork(
      Network(architecture), parameters: parameters, backend: network.backend)
  }

  /// The same function without batch norm, with an identity after the last hidden layer.
  private var doubled: ExplainedNetwork? {
    let merged = merged
    var architecture = merged.network.architecture
    let isDense = !architecture.hidden.isEmpty
    if let units = architecture.hidden.last {
      architecture.hidden.append(units)
    } else if let channels = architecture.stacks.last?.last {
      architecture.stacks[architecture.stacks.count - 1].append(channels)
    } else {
      return nil
    }
    let doubled = Network(architecture)
    let before = merged.network.nodes.filter(\.isLinear)
    let after = doubled.nodes.filter(\.isLinear)
    // The new layer stands behind the last one of its kind, and moves the logits' layer on where it is dense.
    let place = isDense ? before.count - 1 : before.count { $0.operation == .convolution }
    var parameters = Parameters()
    for (index, node) in after.enumerated() {
      if index == place {
        parameters["\(node.name).weight"] = .identity(node.parameterShapes[0].shape)
        parameters["\(node.name).bias"] = Tensor(shape: node.parameterShapes[1].shape)
      } else {
        let source = before[index < place ? index : index - 1].name
        for part in ["weight", "bias"] {
          parameters["\(node.name).\(part)"] = merged.parameters["\(source).\(part)"]
        }
      }
    }
    return ExplainedNetwork(doubled, parameters: parameters, backend: network.backend)
  }
}

extension Tensor {
  /// Weights that pass on what comes in: `[K, K]`, or `[K, K, k, k]` with 1 in the middle.
  fileprivate static func identity(_ shape: [Int]) -> Tensor {
    var weights = Tensor(shape: shape)
    let taps = shape.dropFirst(2).reduce(1, *)
    weights.withUnsafeMutableElements { elements in
      for unit in 0..<shape[0] { elements[(unit * shape[1] + unit) * taps + taps / 2] = 1 }
    }
    return weights
  }
}
