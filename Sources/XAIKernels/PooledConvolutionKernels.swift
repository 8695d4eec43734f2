/// A convolution, the rectifier and the 2x2 max pooling behind it in one, and its way back: what lies
/// between them, four times the size of what comes out, is never written.
public protocol PooledConvolutionKernels: AnyObject {
  /// `maxPool(max(W * x + b, 0))`: the same bytes as one after the other.
  /// - Parameters:
  ///   - input: `[N, C, H, W]`, blocked, or plain for images.
  ///   - weights: `[K, C, k, k]`, plain.
  ///   - bias: `[K]`.
  ///   - remembersWinners: Whether the way back follows: the output then knows which element of its
  ///     window each value was, the first of equal ones.
  ///   - algorithm: How the convolution sums.
  /// - Returns: `[N, K, H / 2, W / 2]`; nothing where there is no such kernel for these arguments.
  /// - Throws: Where memory runs out.
  func pooledConvolution(
    _ input: DeviceTensor, weights: DeviceTensor, bias: DeviceTensor, remembersWinners: Bool,
    algorithm: ConvolutionAlgorithm
  ) throws(KernelFailure) -> DeviceTensor?

  /// The gradient of a pooled convolution by its input: each value of the signal goes to the winner of
  /// its window, and from there through the transposed convolution.
  /// - Parameters:
  ///   - signal: `[N, K, H / 2, W / 2]`, blocked: what the rectifier lets pass of what arrives at the
  ///     pooling. At a winner the rectifier's output is the pooling's, so that it decides.
  ///   - output: What `pooledConvolution` returned, with its winners.
  ///   - weights: `[K, C, 3, 3]`, plain.
  ///   - gate: As of `convolutionInputGradient`.
  /// - Returns: `[N, C, H, W]`, blocked.
  /// - Throws: Where memory runs out.
  func pooledConvolutionInputGradient(
    _ signal: DeviceTensor, output: DeviceTensor, weights: DeviceTensor, gate: DeviceTensor?
  ) throws(KernelFailure) -> DeviceTensor
}
