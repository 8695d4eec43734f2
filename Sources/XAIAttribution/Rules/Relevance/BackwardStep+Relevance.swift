public import XAIKernels
import XAINetworks
import XAITensor

/// What rules of relevance propagation are made of; a rule from outside uses the same.
///
/// Convolutions always sum directly here. Winograd's transforms round sums of zeros to numbers near
/// zero, and whether a unit got no contribution at all decides what happens to its relevance; a sum of
/// numbers of one sign is exact about that.
extension BackwardStep {
  /// What inputs contribute to each output through a part of the weights.
  /// - Parameters:
  ///   - input: Values in the shape of the node's input, blocked.
  ///   - part: Which weights.
  ///   - bias: Which part of the bias is added; none where it is `nil`.
  /// - Returns: The shape of the node's output.
  /// - Throws: Where a kernel fails.
  public func contribution(
    of input: DeviceTensor, through part: WeightPart, bias: WeightPart? = nil
  ) throws(KernelFailure) -> DeviceTensor {
    let weights = try form.weights(of: node, part)
    var shift: DeviceTensor?
    if let bias { shift = try form.bias(of: node, bias) }
    guard node.isConvolution else {
      return try backend.dense(input, weights: weights, bias: shift)
    }
    // Of images' few channels the library has fast direct convolutions for plain input alone.
    let isImage = try self.input.layout == .plain
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
  public func handingBack(
    _ quotients: DeviceTensor, through part: WeightPart
  ) throws(KernelFailure) -> DeviceTensor {
    let weights = try form.weights(of: node, part)
    return node.isConvolution
      ? try backend.convolutionInputGradient(
        quotients, weights: weights, gate: nil, algorithm: .direct)
      : try backend.denseInputGradient(quotients, weights: weights)
  }

  /// The node's input in channel blocks, as arithmetic on activations takes it.
  /// - Returns: The shape of the node's input.
  /// - Throws: Where it was not recorded, or memory runs out.
  public func blockedInput() throws(KernelFailure) -> DeviceTensor {
    try backend.blocked(try input)
  }

  /// Ones in place of the node's input, in channel blocks: for rules that ask for weights alone.
  /// - Parameter signal: What arrives at the output; its batch is that of the ones.
  /// - Returns: The shape of the node's input.
  /// - Throws: Where memory runs out.
  public func ones(for signal: DeviceTensor) throws(KernelFailure) -> DeviceTensor {
    try backend.uploadActivation(
      Tensor(shape: [signal.shape[0]] + node.inputShape, repeating: 1))
  }

  /// The node's input by sign: one part where it cannot be negative, else two that sum to it.
  ///
  /// Negative inputs support an output through negative weights, so rules that tell support from opposition
  /// take the two parts through opposite weights.
  /// - Returns: In the shape of the node's input, blocked.
  /// - Throws: Where the input was not recorded, or memory runs out.
  public func inputParts() throws(KernelFailure) -> [SignedInput] {
    let input = try blockedInput()
    if inputIsNonNegative { return [SignedInput(values: input, isNegative: false)] }
    return [
      SignedInput(values: try backend.part(input, .positive), isNegative: false),
      SignedInput(values: try backend.part(input, .negative), isNegative: true),
    ]
  }

  /// Whether no input can be negative, so that all that is about negative inputs is zero.
  public var inputIsNonNegative: Bool {
    for earlier in form.nodes[..<index].reversed() {
      if earlier.isActivation { return true }
      // All others keep signs: dropout, pooling, changes of shape.
      if earlier.isLinear || earlier.isBatchNorm { return false }
    }
    return false
  }
}

/// The part of a node's input of one sign.
public struct SignedInput {
  /// The values; 0 where the input has the other sign.
  public let values: DeviceTensor
  /// Whether it is the negative part.
  public let isNegative: Bool
}
