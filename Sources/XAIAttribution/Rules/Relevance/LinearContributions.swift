import XAIKernels
import XAINetworks

/// Parts of a linear node, as rules of relevance propagation ask for them.
///
/// Convolutions always sum directly here. Winograd's transforms round sums of zeros to numbers near
/// zero, and whether a unit got no contribution at all decides what happens to its relevance; a sum of
/// numbers of one sign is exact about that.
extension BackwardStep {
  /// What inputs contribute to each output through a part of the weights.
  /// - Parameters:
  ///   - input: Values in the shape of the node's input, blocked.
  ///   - part: Which weights.
  ///   - bias: Which part of the bias is added; none where it is not given.
  /// - Returns: The shape of the node's output.
  /// - Throws: Where a kernel fails.
  func contribution(
    of input: DeviceTensor, through part: WeightPart, bias: WeightPart? = nil
  ) throws(KernelFailure) -> DeviceTensor {
    let weights = try form.weights(of: node, part)
    var shift: DeviceTensor?
    if let bias { shift = try form.bias(of: node, bias) }
    guard node.operation == .convolution else {
      return try backend.dense(input, weights: weights, bias: shift)
    }
    // Of images' few channels the library has fast direct convolutions for plain input alone.
    let isImage = self.input.layout == .plain
    let plain = isImage ? try backend.upload(backend.download(input)) : input
    return try backend.convolution(
      plain, weights: weights, bias: shift, mode: .inference, algorithm: .direct)
  }

  /// Hands quotients at the outputs back to the inputs through a part of the weights.
  /// - Parameters:
  ///   - quotients: The shape of the node's output, blocked.
  ///   - part: Which weights.
  /// - Returns: The shape of the node's input.
  /// - Throws: Where a kernel fails.
  func handingBack(
    _ quotients: DeviceTensor, through part: WeightPart
  ) throws(KernelFailure) -> DeviceTensor {
    let weights = try form.weights(of: node, part)
    return node.operation == .convolution
      ? try backend.convolutionInputGradient(
        quotients, weights: weights, gate: nil, algorithm: .direct)
      : try backend.denseInputGradient(quotients, weights: weights)
  }

  /// The node's input in channel blocks.
  func blockedInput() throws(KernelFailure) -> DeviceTensor { try backend.blocked(input) }

  /// Whether no input can be negative, so that all that is about negative inputs is zero.
  var inputIsNonNegative: Bool {
    for earlier in form.nodes[..<index].reversed() {
      switch earlier.operation {
      case .relu: return true
      case .dropout, .maxPool, .flatten, .globalAveragePool, .adaptiveAveragePool: continue
      case .convolution, .batchNorm, .dense: return false
      }
    }
    return false
  }
}

extension Network {
  /// Whether a node sees the image itself: no linear node comes before it.
  /// - Parameter node: One of the nodes.
  /// - Returns: Whether it is the first linear node.
  func isFirstLinear(_ node: Node) -> Bool {
    nodes.first(where: \.isLinear) == node
  }
}
