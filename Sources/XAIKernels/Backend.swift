public import XAITensor

/// What networks compute with: operations on opaque device tensors.
///
/// `N` images, `C` channels, `H x W` pixels, `K` output channels. Activations are `.blocked`, images
/// and parameters `.plain`. A backend is confined to one thread; its kernels use the thread team.
/// Programmer errors (shapes that do not fit) trap, what the machine refuses throws.
public protocol Backend: RuleKernels, DifferenceKernels, MomentKernels, PatchKernels,
  PooledConvolutionKernels, QuantileKernels, RelevanceKernels
{
  /// One line for people: library, version, instruction set.
  var summary: String { get }
  /// Measures kernels when set.
  var profile: KernelProfile? { get set }
  /// Bytes of memory held, free pieces included.
  var memoryInUse: Int { get }
  /// How much memory is kept; everything unless it is set.
  var limits: MemoryLimits { get set }

  /// Copies a tensor to the device.
  /// - Parameter tensor: Any shape; stays `.plain`.
  /// - Returns: The device tensor.
  /// - Throws: Where memory runs out.
  func upload(_ tensor: Tensor) throws(KernelFailure) -> DeviceTensor

  /// A tensor that operations only read, such as the weights of a network that is not trained.
  ///
  /// A backend need not keep it where it was packed for its kernels.
  /// - Parameter make: Makes the tensor, the same one at any time.
  /// - Returns: The device tensor, `.plain`.
  /// - Throws: Where memory runs out.
  func constant(_ make: @escaping () -> Tensor) throws(KernelFailure) -> DeviceTensor

  /// A tensor that operations only read, the product of one on the host and a factor for each row.
  ///
  /// The product is computed in Double and rounded; a backend need not hold it where it is packed.
  /// - Parameters:
  ///   - tensor: At least one axis.
  ///   - slopes: What each row along the first axis is multiplied by.
  /// - Returns: The device tensor, `.plain`.
  /// - Throws: Where memory runs out.
  func constant(
    _ tensor: Tensor, scalingRowsBy slopes: [Double]
  ) throws(KernelFailure) -> DeviceTensor

  /// Copies an activation to the device.
  /// - Parameter tensor: `[N, C, H, W]` or `[N, C]`.
  /// - Returns: The same values `.blocked`.
  /// - Throws: Where memory runs out.
  func uploadActivation(_ tensor: Tensor) throws(KernelFailure) -> DeviceTensor

  /// Copies the content of a tensor into one that exists.
  /// - Parameters:
  ///   - tensor: The values.
  ///   - target: A `.plain` device tensor of that shape.
  func write(_ tensor: Tensor, into target: DeviceTensor)

  /// Copies a device tensor to the host.
  /// - Parameter tensor: Any layout.
  /// - Returns: The values in row-major order of the logical shape.
  func download(_ tensor: DeviceTensor) -> Tensor

  /// A `.plain` tensor of zeros.
  /// - Parameter shape: Its extents.
  /// - Returns: The tensor.
  /// - Throws: Where memory runs out.
  func zeros(_ shape: [Int]) throws(KernelFailure) -> DeviceTensor

  // MARK: Linear operations

  /// A square convolution with stride 1 and "same" padding.
  /// - Parameters:
  ///   - input: `[N, C, H, W]`, blocked, or plain for images.
  ///   - weights: `[K, C, k, k]`, plain.
  ///   - bias: `[K]` or nothing.
  ///   - mode: Whether gradients follow, and whether a rectifier is applied to the output.
  ///   - algorithm: Exact summation or the fastest.
  /// - Returns: `[N, K, H, W]`.
  /// - Throws: Where the library refuses.
  func convolution(
    _ input: DeviceTensor, weights: DeviceTensor, bias: DeviceTensor?, mode: ForwardMode,
    algorithm: ConvolutionAlgorithm
  ) throws(KernelFailure) -> DeviceTensor

  /// The gradient of a convolution by its input: the transposed convolution.
  /// - Parameters:
  ///   - signal: `[N, K, H, W]`, blocked.
  ///   - weights: `[K, C, k, k]`, plain.
  ///   - gate: `[N, C, H, W]`, blocked: the output of a rectifier that was the convolution's input; the
  ///     gradient is 0 where it is not positive. Nothing lets everything pass.
  ///   - algorithm: Exact summation or the fastest.
  /// - Returns: `[N, C, H, W]`, blocked.
  /// - Throws: Where the library refuses.
  func convolutionInputGradient(
    _ signal: DeviceTensor, weights: DeviceTensor, gate: DeviceTensor?,
    algorithm: ConvolutionAlgorithm
  ) throws(KernelFailure) -> DeviceTensor

  /// The gradient of a convolution by its weights.
  /// - Parameters:
  ///   - input: The forward pass's input.
  ///   - signal: `[N, K, H, W]`, blocked.
  ///   - gradient: `[K, C, k, k]`, plain; overwritten.
  ///   - algorithm: Exact summation or the fastest.
  /// - Throws: Where the library refuses.
  func convolutionWeightGradient(
    input: DeviceTensor, signal: DeviceTensor, into gradient: DeviceTensor,
    algorithm: ConvolutionAlgorithm
  ) throws(KernelFailure)

  /// A dense layer, `y = x W^T + b`.
  /// - Parameters:
  ///   - input: `[N, C]`, blocked.
  ///   - weights: `[K, C]`, plain.
  ///   - bias: `[K]` or nothing.
  /// - Returns: `[N, K]`, blocked.
  /// - Throws: Where the library refuses.
  func dense(
    _ input: DeviceTensor, weights: DeviceTensor, bias: DeviceTensor?
  ) throws(KernelFailure) -> DeviceTensor

  /// The gradient of a dense layer by its input, `dx = dy W`.
  /// - Parameters:
  ///   - signal: `[N, K]`, blocked.
  ///   - weights: `[K, C]`, plain.
  /// - Returns: `[N, C]`, blocked.
  /// - Throws: Where the library refuses.
  func denseInputGradient(
    _ signal: DeviceTensor, weights: DeviceTensor
  ) throws(KernelFailure) -> DeviceTensor

  /// The gradient of a dense layer by its weights, `dW = dy^T x`.
  /// - Parameters:
  ///   - input: `[N, C]`, blocked.
  ///   - signal: `[N, K]`, blocked.
  ///   - gradient: `[K, C]`, plain; overwritten.
  /// - Throws: Where the library refuses.
  func denseWeightGradient(
    input: DeviceTensor, signal: DeviceTensor, into gradient: DeviceTensor
  ) throws(KernelFailure)

  /// The gradient by a bias: the sum over images and positions.
  /// - Parameters:
  ///   - signal: `[N, K, ...]`, blocked.
  ///   - gradient: `[K]`, plain; overwritten.
  /// - Throws: Where memory runs out.
  func biasGradient(
    _ signal: DeviceTensor, into gradient: DeviceTensor
  ) throws(KernelFailure)

  // MARK: Batch norm, rectifier, dropout

  /// Mean and biased variance of each channel over images and positions.
  /// - Parameter input: `[N, C, ...]`, blocked.
  /// - Returns: Two plain tensors `[C]`.
  /// - Throws: Where memory runs out.
  func channelMoments(_ input: DeviceTensor) throws(KernelFailure) -> ChannelMoments

  /// Batch norm with given moments, then optionally rectifier and dropout, in one pass.
  /// - Parameters:
  ///   - input: `[N, C, ...]`, blocked.
  ///   - moments: Mean and variance `[C]`.
  ///   - affine: Scale (gamma) and shift (beta) `[C]`.
  ///   - activation: What follows the normalisation.
  /// - Returns: The shape of the input.
  /// - Throws: Where memory runs out.
  func batchNorm(
    _ input: DeviceTensor, moments: ChannelMoments, affine: ChannelAffine, activation: Activation
  ) throws(KernelFailure) -> DeviceTensor

  /// The gradient of batch norm in training mode (moments depend on the input).
  /// - Parameters:
  ///   - signal: The gradient by the output.
  ///   - input: The forward pass's input.
  ///   - output: The forward pass's output: where it is 0, rectifier or dropout cut.
  ///   - moments: The forward pass's moments.
  ///   - affine: Scale and shift.
  ///   - activation: What followed the normalisation.
  ///   - gradient: Gradients by scale and shift `[C]`; overwritten.
  /// - Returns: The gradient by the input.
  /// - Throws: Where memory runs out.
  func batchNormGradient(
    _ signal: DeviceTensor, input: DeviceTensor, output: DeviceTensor, moments: ChannelMoments,
    affine: ChannelAffine, activation: Activation, into gradient: ChannelAffine
  ) throws(KernelFailure) -> DeviceTensor

  /// Rectifier and dropout without batch norm.
  /// - Parameters:
  ///   - input: Any blocked activation.
  ///   - activation: What is applied.
  /// - Returns: The shape of the input.
  /// - Throws: Where memory runs out.
  func activate(
    _ input: DeviceTensor, _ activation: Activation
  ) throws(KernelFailure) -> DeviceTensor

  /// The gradient of rectifier and dropout.
  /// - Parameters:
  ///   - signal: The gradient by the output.
  ///   - output: The forward pass's output.
  ///   - activation: What was applied.
  /// - Returns: The gradient by the input.
  /// - Throws: Where memory runs out.
  func activateGradient(
    _ signal: DeviceTensor, output: DeviceTensor, activation: Activation
  ) throws(KernelFailure) -> DeviceTensor

  // MARK: Pooling and shape

  /// 2x2 max pooling with stride 2; an odd last row or column is left out.
  /// - Parameter input: `[N, C, H, W]`, blocked.
  /// - Returns: `[N, C, H / 2, W / 2]`.
  /// - Throws: Where memory runs out.
  func maxPool(_ input: DeviceTensor) throws(KernelFailure) -> DeviceTensor

  /// Routes a signal to the first maximum of each window in row-major order.
  /// - Parameters:
  ///   - signal: `[N, C, H / 2, W / 2]`, blocked.
  ///   - input: The forward pass's input.
  /// - Returns: `[N, C, H, W]`.
  /// - Throws: Where memory runs out.
  func maxPoolGradient(
    _ signal: DeviceTensor, input: DeviceTensor
  ) throws(KernelFailure) -> DeviceTensor

  /// The mean of each channel over all positions (global average pooling; Lin et al. 2014).
  /// - Parameter input: `[N, C, H, W]`, blocked, or plain for images.
  /// - Returns: `[N, C]`, blocked.
  /// - Throws: Where memory runs out.
  func averagePool(_ input: DeviceTensor) throws(KernelFailure) -> DeviceTensor

  /// Spreads a signal evenly over all positions: the way back of `averagePool`.
  /// - Parameters:
  ///   - signal: `[N, C]`, blocked.
  ///   - shape: `[N, C, H, W]`.
  /// - Returns: The signal divided by H W at every position, blocked.
  /// - Throws: Where memory runs out.
  func averagePoolGradient(
    _ signal: DeviceTensor, to shape: [Int]
  ) throws(KernelFailure) -> DeviceTensor

  /// The means of each channel over h x w windows (adaptive average pooling, as in PyTorch): window i of
  /// a side covers `floor(i H / h) ..< ceil((i + 1) H / h)`.
  /// - Parameters:
  ///   - input: `[N, C, H, W]`.
  ///   - extent: h and w, each at least 1; they may be larger than H and W.
  ///   - quantity: Whether values or variances of values are averaged.
  /// - Returns: `[N, C, h, w]`, blocked.
  /// - Throws: Where memory runs out.
  func adaptiveAveragePool(
    _ input: DeviceTensor, to extent: [Int], of quantity: AveragedQuantity
  ) throws(KernelFailure) -> DeviceTensor

  /// Spreads a signal evenly over its windows: the way back of `adaptiveAveragePool` of values.
  /// - Parameters:
  ///   - signal: `[N, C, h, w]`, blocked.
  ///   - shape: `[N, C, H, W]`.
  /// - Returns: At every position the sum over the windows that cover it, blocked.
  /// - Throws: Where memory runs out.
  func adaptiveAveragePoolGradient(
    _ signal: DeviceTensor, to shape: [Int]
  ) throws(KernelFailure) -> DeviceTensor

  /// `[N, C, H, W]` to `[N, C * H * W]` in the order C, H, W.
  /// - Parameter input: Blocked, or plain for images.
  /// - Returns: `[N, C * H * W]`, blocked.
  /// - Throws: Where memory runs out.
  func flatten(_ input: DeviceTensor) throws(KernelFailure) -> DeviceTensor

  /// The way back of `flatten`.
  /// - Parameters:
  ///   - signal: `[N, C * H * W]`, blocked.
  ///   - shape: `[N, C, H, W]`.
  /// - Returns: The same values, blocked.
  /// - Throws: Where memory runs out.
  func unflatten(
    _ signal: DeviceTensor, to shape: [Int]
  ) throws(KernelFailure) -> DeviceTensor

  // MARK: Arithmetic on parameters

  /// `target = keep * target + factor * source`, elementwise on plain tensors.
  /// - Parameters:
  ///   - target: What is written.
  ///   - keep: Its factor.
  ///   - source: What is added; the same shape.
  ///   - factor: Its factor.
  func accumulate(
    into target: DeviceTensor, keeping keep: Float, adding source: DeviceTensor, times factor: Float
  )

  /// One step of stochastic gradient descent, as PyTorch's: `g += decay w; v = momentum v + g;
  /// w -= rate (nesterov ? g + momentum v : v)`.
  /// - Parameters:
  ///   - weights: A parameter, plain.
  ///   - velocity: Its momentum buffer, zero before the first step.
  ///   - gradient: Its gradient.
  ///   - update: Rate, momentum, decay.
  func descend(
    _ weights: DeviceTensor, velocity: DeviceTensor, gradient: DeviceTensor,
    update: DescentUpdate)

  /// The sum of the squares of all elements, in Double.
  /// - Parameter tensor: A plain tensor.
  /// - Returns: The sum.
  func sumOfSquares(_ tensor: DeviceTensor) -> Double
}

/// How a forward operation is used.
public enum ForwardMode: Sendable, Hashable {
  /// Gradients by the weights follow; weights change between calls.
  case training
  /// No training follows; weights stay, so their preparation is kept with them.
  case inference
  /// As `inference`, with the rectifier applied to the output.
  case inferenceWithReLU
}

/// How convolutions sum their products.
public enum ConvolutionAlgorithm: String, Sendable, Hashable, CaseIterable {
  /// Winograd F(4x4, 3x3) for 3x3 convolutions of activations: a quarter of the multiplications,
  /// relative errors around 1e-6 in a layer. The same bytes at any number of threads; outputs also at
  /// any batch size.
  case fastest
  /// Direct summation.
  case direct
}

/// Mean and variance of each channel.
public struct ChannelMoments {
  /// `[C]`.
  public let mean: DeviceTensor
  /// `[C]`, biased.
  public let variance: DeviceTensor

  /// Groups the two.
  /// - Parameters:
  ///   - mean: `[C]`.
  ///   - variance: `[C]`.
  public init(mean: DeviceTensor, variance: DeviceTensor) {
    self.mean = mean
    self.variance = variance
  }
}

/// Scale and shift of each channel, or their gradients.
public struct ChannelAffine {
  /// gamma, `[C]`.
  public let scale: DeviceTensor
  /// beta, `[C]`.
  public let shift: DeviceTensor

  /// Groups the two.
  /// - Parameters:
  ///   - scale: gamma, `[C]`.
  ///   - shift: beta, `[C]`.
  public init(scale: DeviceTensor, shift: DeviceTensor) {
    self.scale = scale
    self.shift = shift
  }
}

/// What follows a linear operation or batch norm.
public struct Activation: Sendable {
  /// Whether negative values become 0.
  public var relu: Bool
  /// Dropout after the rectifier, in training.
  public var dropout: Dropout?

  /// Describes an activation.
  /// - Parameters:
  ///   - relu: Whether negative values become 0; required for dropout.
  ///   - dropout: Dropout, in training.
  public init(relu: Bool, dropout: Dropout? = nil) {
    precondition(relu || dropout == nil, "dropout is defined after a rectifier only")
    self.relu = relu
    self.dropout = dropout
  }
}
