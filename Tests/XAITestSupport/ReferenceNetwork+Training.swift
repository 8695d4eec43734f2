extension ReferenceNetwork {
  /// What a forward and backward pass in training mode gives.
  public struct Step: Sendable {
    /// The logits.
    public var logits: ReferenceArray
    /// The mean loss.
    public var loss: Double
    /// Gradients of the mean loss by parameter.
    public var gradients: [String: ReferenceArray] = [:]
    /// The batch's moments by batch norm, variance biased.
    public var moments: [String: (mean: ReferenceArray, variance: ReferenceArray)] = [:]
    /// Running statistics after the step, by parameter.
    public var running: [String: ReferenceArray] = [:]
  }

  /// A forward and backward pass in training mode.
  /// - Parameters:
  ///   - images: `[N, C, H, W]`.
  ///   - labels: A class for each image.
  ///   - smoothing: Label smoothing.
  ///   - masks: What dropout multiplies the outputs of ReLUs with, by the ReLU's name.
  ///   - fault: A wrong rule of the backward pass.
  /// - Returns: Loss, gradients and moments.
  public func train(
    _ images: ReferenceArray, labels: [Int], smoothing: Double = 0,
    masks: [String: ReferenceArray] = [:], fault: Fault? = nil
  ) -> Step {
    var (inputs, signal) = ([ReferenceArray](), images)
    var moments: [String: (mean: ReferenceArray, variance: ReferenceArray)] = [:]
    for (name, operation) in layers {
      inputs.append(signal)
      signal = apply(operation, name, signal) { input in
        let measured = Reference.moments(input)
        moments[name] = measured
        return measured
      }
      if let mask = masks[name] { signal = signal.combined(with: mask, *) }
    }
    let (loss, gradient) = Reference.crossEntropy(signal, labels: labels, smoothing: smoothing)
    var step = Step(logits: signal, loss: loss, moments: moments)
    signal = gradient
    for ((name, operation), input) in zip(layers, inputs).reversed() {
      signal = backward(operation, name, signal, input, masks[name], fault, &step.gradients)
    }
    for ((name, _), input) in zip(layers, inputs) {
      guard let (mean, variance) = moments[name] else { continue }
      let count = Double(input.batch * input.plane)
      step.running["\(name).running_mean"] = self["\(name).running_mean"]
        .combined(with: mean) { 0.9 * $0 + 0.1 * $1 }
      step.running["\(name).running_var"] = self["\(name).running_var"]
        .combined(with: variance) { 0.9 * $0 + 0.1 * $1 * count / (count - 1) }
    }
    return step
  }

  private func backward(
    _ operation: Operation, _ name: String, _ signal: ReferenceArray, _ input: ReferenceArray,
    _ mask: ReferenceArray?, _ fault: Fault?, _ gradients: inout [String: ReferenceArray]
  ) -> ReferenceArray {
    switch operation {
    case .convolution:
      let weights = self["\(name).weight"]
      gradients["\(name).weight"] = Reference.convolutionWeightGradient(input, signal)
      gradients["\(name).bias"] = Reference.channelSums(signal)
      return Reference.convolutionInputGradient(
        signal, fault == .turnedKernel ? turned(weights) : weights)
    case .dense:
      gradients["\(name).weight"] = Reference.denseWeightGradient(input, signal)
      gradients["\(name).bias"] = Reference.channelSums(signal)
      return Reference.denseInputGradient(signal, self["\(name).weight"])
    case .batchNorm:
      let result = Reference.batchNormGradient(
        signal, input: input, scale: self["\(name).weight"],
        constantMoments: fault == .constantMoments)
      gradients["\(name).weight"] = result.scale
      gradients["\(name).bias"] = result.shift
      return result.input
    case .relu:
      let kept = mask.map { signal.combined(with: $0, *) } ?? signal
      return fault == .reluPassesAll ? kept : Reference.reluGradient(kept, input: input)
    case .maxPool: return Reference.maxPoolGradient(signal, input: input)
    case .flatten: return signal.reshaped(input.shape)
    case .adaptivePool: return Reference.adaptivePoolGradient(signal, input: input)
    case .averagePool:
      let spread = Reference.averagePoolGradient(signal, input: input)
      guard fault == .averageUndivided else { return spread }
      return ReferenceArray(spread.shape, spread.values.map { $0 * Double(input.plane) })
    }
  }

  private func turned(_ weights: ReferenceArray) -> ReferenceArray {
    let area = weights.shape[2] * weights.shape[3]
    return ReferenceArray(
      weights.shape,
      weights.values.indices.map { index in
        weights.values[index / area * area + area - 1 - index % area]
      })
  }
}
