import XAIAttribution
public import XAIKernels
public import XAINetworks
public import XAITensor

/// Estimates the running statistics of batch norm anew for given weights.
public enum RunningStatistics {
  /// Parameters in which the batch norms of some layers have the moments of their input.
  ///
  /// From the input up: mean and unbiased variance over images and positions of the linear node's
  /// output, where all batch norms below already have their new statistics. This is what PyTorch's
  /// running statistics converge to, without their decay.
  /// - Parameters:
  ///   - layers: Names of convolutions and dense layers; those without batch norm are passed over.
  ///   - parameters: All parameters of the network.
  ///   - network: The network.
  ///   - images: `[N, C, H, W]`, normalised; N at least 2. They run as one batch: a VGG-16 of 64x64
  ///     images takes about 3 MB for each.
  ///   - backend: What computes.
  /// - Returns: The parameters; all other tensors as they are, bit for bit.
  /// - Throws: `KernelFailure`; `ExperimentFailure` where there are too few images, or where a variance
  ///   is NaN or infinite.
  public static func estimated(
    for layers: some Collection<String>, of parameters: Parameters, in network: Network,
    on images: Tensor, backend: any Backend
  ) throws -> Parameters {
    guard images.rows > 1 else {
      throw ExperimentFailure(.tooFewForVariance(images: images.rows))
    }
    var result = parameters
    var signal = try backend.upload(images)
    var start = 0
    for (index, node) in network.nodes.enumerated()
    where node.operation == .batchNorm && layers.contains(network.nodes[index - 1].name) {
      // A form reads parameters when it runs: the last part's statistics are in `result` by now.
      let form = ExplainedNetwork(network, parameters: result, backend: backend).trained
      signal = try form.record(
        signal, keeping: .logits, nodes: start..<index, algorithm: .fastest
      ).output
      start = index
      let moments = try backend.channelMoments(signal)
      let count = Float(signal.shape[0] * signal.shape.dropFirst(2).reduce(1, *))
      let variance = backend.download(moments.variance).map { $0 * (count / (count - 1)) }
      let mean = backend.download(moments.mean)
      guard mean.isFinite, variance.isFinite else {
        throw ExperimentFailure(.recalibrationOverflows(node: node.name))
      }
      result["\(node.name).running_mean"] = mean
      result["\(node.name).running_var"] = variance
    }
    return result
  }
}
