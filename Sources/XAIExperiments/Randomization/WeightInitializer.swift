public import XAITensor

/// Where the weights and biases of a randomized layer come from.
public enum WeightInitializer: String, Sendable, Hashable, CaseIterable, Codable {
  /// Weights from N(0, 2 / fan-in) (He et al. 2015), biases 0: as this network is before training.
  case heNormal = "he-normal"
  /// Weights and biases from U(-1 / sqrt(fan-in), 1 / sqrt(fan-in)): what PyTorch's layers start with,
  /// and what Quantus (Hedstroem et al. 2023) therefore uses. The weights are 2.4 times smaller.
  case pytorchDefault = "pytorch-default"
  /// The trained numbers of each tensor in random order: every moment stays, all structure goes.
  case permute
  /// Normal numbers with the mean and variance of each trained tensor.
  case match

  /// Draws a tensor.
  /// - Parameters:
  ///   - trained: What it replaces; its shape counts, and its numbers for `permute` and `match`.
  ///   - fanIn: How many inputs each output of the layer sums.
  ///   - isBias: Whether it is a bias.
  ///   - stream: Where randomness comes from.
  /// - Returns: The shape of the trained tensor.
  public func draw(
    like trained: Tensor, fanIn: Int, isBias: Bool, from stream: RandomStream
  ) -> Tensor {
    var stream = stream
    switch self {
    case .heNormal:
      return isBias
        ? Tensor(shape: trained.shape)
        : stream.normal(shape: trained.shape, standardDeviation: (2 / Double(fanIn)).squareRoot())
    case .pytorchDefault:
      let bound = 1 / Double(fanIn).squareRoot()
      return stream.uniform(shape: trained.shape, in: -bound..<bound)
    case .permute:
      var values = trained
      stream.shuffle(&values)
      return values
    case .match:
      let (mean, variance) = Self.moments(trained)
      return stream.normal(
        shape: trained.shape, mean: mean, standardDeviation: variance.squareRoot())
    }
  }

  /// Mean and variance of the elements, in Double.
  static func moments(_ tensor: Tensor) -> (mean: Double, variance: Double) {
    tensor.withUnsafeElements { elements in
      let count = Double(max(elements.count, 1))
      let mean = elements.reduce(0) { $0 + Double($1) } / count
      let squares = elements.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
      return (mean, squares / count)
    }
  }
}
