public import XAIKernels
import XAINetworks
import XAITensor

extension NetworkForm {
  /// Runs Gaussian activations forward: means and variances instead of values.
  ///
  /// The lightweight probabilistic network of Gast and Roth 2018, as Ancona et al. 2019 use it.
  /// - Parameters:
  ///   - input: The moments of the input of the first node that runs.
  ///   - range: The nodes that run.
  ///   - algorithm: How convolutions sum.
  /// - Returns: The moments of the output of the last node that ran.
  /// - Throws: Where a kernel fails.
  public func moments(
    of input: GaussianMoments, through range: Range<Int>, algorithm: ConvolutionAlgorithm
  ) throws(KernelFailure) -> GaussianMoments {
    var moments = input
    for index in range { moments = try step(nodes[index], moments, algorithm) }
    return moments
  }

  private func step(
    _ node: Node, _ input: GaussianMoments, _ algorithm: ConvolutionAlgorithm
  ) throws(KernelFailure) -> GaussianMoments {
    switch node.operation {
    case .convolution:
      return GaussianMoments(
        mean: try backend.convolution(
          input.mean, weights: try weights(of: node), bias: try bias(of: node), mode: .inference,
          algorithm: algorithm),
        variance: try backend.convolution(
          input.variance, weights: try weights(of: node, .squared), bias: nil, mode: .inference,
          algorithm: algorithm))
    case .dense:
      return GaussianMoments(
        mean: try backend.dense(
          input.mean, weights: try weights(of: node), bias: try bias(of: node)),
        variance: try backend.dense(
          input.variance, weights: try weights(of: node, .squared), bias: nil))
    case .batchNorm:
      let affine = try affine(of: node)
      let scaled = try backend.scaleChannels(input.variance, by: affine.scale, adding: nil)
      return GaussianMoments(
        mean: try backend.scaleChannels(input.mean, by: affine.scale, adding: affine.shift),
        variance: try backend.scaleChannels(scaled, by: affine.scale, adding: nil))
    case .relu: return try backend.rectifiedMoments(input)
    case .dropout: return input
    case .maxPool: return try backend.maxPooledMoments(input)
    case .flatten:
      return GaussianMoments(
        mean: try backend.flatten(input.mean), variance: try backend.flatten(input.variance))
    case .adaptiveAveragePool:
      let extent = Array(node.outputShape.dropFirst())
      return GaussianMoments(
        mean: try backend.adaptiveAveragePool(input.mean, to: extent, of: .values),
        variance: try backend.adaptiveAveragePool(input.variance, to: extent, of: .variances))
    case .globalAveragePool:
      // The variance of a mean of independent values is their mean variance through their number.
      let positions = node.inputShape.dropFirst().reduce(1, *)
      let share = try backend.upload(
        Tensor(shape: [node.inputShape[0]], repeating: 1 / Float(positions)))
      return GaussianMoments(
        mean: try backend.averagePool(input.mean),
        variance: try backend.scaleChannels(
          try backend.averagePool(input.variance), by: share, adding: nil))
    }
  }
}
