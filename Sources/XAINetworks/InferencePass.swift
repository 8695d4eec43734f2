public import XAIKernels
public import XAITensor

/// The forward pass of a trained network, batch norm folded into the linear node before it.
///
/// Folding is exact up to rounding: `gamma (W x + b - mean) / deviation + beta` is linear in x.
public final class InferencePass {
  /// The network.
  public let network: Network
  private let blocks: [Block]
  private let backend: any Backend
  private let algorithm: ConvolutionAlgorithm
  private var folded: [(weight: DeviceTensor, bias: DeviceTensor)] = []

  /// Prepares the pass.
  /// - Parameters:
  ///   - network: The network.
  ///   - parameters: Its parameters.
  ///   - backend: What computes.
  ///   - algorithm: How convolutions sum.
  /// - Throws: Where memory runs out.
  public init(
    _ network: Network, parameters: Parameters, backend: any Backend,
    algorithm: ConvolutionAlgorithm = .fastest
  ) throws(KernelFailure) {
    self.network = network
    self.backend = backend
    self.algorithm = algorithm
    blocks = network.blocks
    for block in blocks {
      let (weight, bias) = parameters.merged(block.linear, with: block.batchNorm)
      folded.append((try backend.upload(weight), try backend.upload(bias)))
    }
  }

  /// The logits of a batch.
  /// - Parameter images: `[N, C, H, W]`.
  /// - Returns: `[N, classes]`.
  /// - Throws: Where a kernel fails.
  public func logits(_ images: Tensor) throws(KernelFailure) -> Tensor {
    backend.download(try logits(try backend.upload(images)))
  }

  /// The logits of a batch on the device.
  /// - Parameter images: `[N, C, H, W]`, plain.
  /// - Returns: `[N, classes]`, blocked.
  /// - Throws: Where a kernel fails.
  public func logits(_ images: DeviceTensor) throws(KernelFailure) -> DeviceTensor {
    var signal = images
    for (block, parameters) in zip(blocks, folded) {
      signal = try block.enter(signal, backend)
      if block.isConvolution {
        signal = try backend.convolution(
          signal, weights: parameters.weight, bias: parameters.bias,
          mode: block.relu == nil ? .inference : .inferenceWithReLU, algorithm: algorithm)
      } else {
        signal = try backend.dense(signal, weights: parameters.weight, bias: parameters.bias)
        if block.relu != nil { signal = try backend.activate(signal, Activation(relu: true)) }
      }
      if block.pool != nil { signal = try backend.maxPool(signal) }
    }
    return signal
  }
}
