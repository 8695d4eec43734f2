import XAIKernels
import XAITensor

/// One batch on its way up to a layer, and from there to the logits.
struct LayerPasses {
  private let lower: Recording
  private let upper: Recording
  private let seed: DeviceTensor
  private let algorithm: ConvolutionAlgorithm
  private var backend: any Backend { lower.form.backend }

  /// Walks forward.
  /// - Parameters:
  ///   - images: `[N, C, H, W]`, normalised.
  ///   - targets: One class for each image.
  ///   - form: Where the layer has an output of its own.
  ///   - index: The layer, which is not the last node.
  ///   - algorithm: How convolutions sum.
  /// - Throws: Where a kernel fails.
  init(
    images: Tensor, targets: [Int], _ form: NetworkForm, layer index: Int,
    algorithm: ConvolutionAlgorithm
  ) throws(KernelFailure) {
    self.algorithm = algorithm
    lower = try form.record(
      try form.backend.upload(images), keeping: .gates, nodes: 0..<index + 1,
      algorithm: algorithm)
    upper = try form.record(
      lower.output, keeping: .gates, nodes: index + 1..<form.nodes.count, algorithm: algorithm)
    seed = try form.seed(at: targets)
  }

  /// The layer's output, `[N, K, h, w]`.
  var activation: Tensor { backend.download(lower.output) }

  /// The gradient of the target's logit by the layer's output, `[N, K, h, w]`.
  func gradient() throws(KernelFailure) -> Tensor {
    backend.download(
      try BackwardWalk(Composite(), algorithm: algorithm).signal(from: seed, of: upper))
  }

  /// Guided backprop at the input, `[N, C, H, W]`.
  func guidedSignal() throws(KernelFailure) -> Tensor {
    let walk = BackwardWalk(
      .guidedBackprop, algorithm: algorithm)
    return backend.download(
      try walk.signal(from: try walk.signal(from: seed, of: upper), of: lower))
  }
}
