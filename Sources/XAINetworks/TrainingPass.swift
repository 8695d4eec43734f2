public import XAIKernels
import XAITensor

/// The forward and backward pass of one training step.
///
/// Batch norm normalises with the batch's own moments and moves the running ones; dropout is active.
/// What the backward pass needs is kept between the two and released on the way back.
///
/// Nodes may be frozen: their parameters get no gradient, and a frozen batch norm normalizes with its
/// running statistics, which stay. Below the first node that is trained nothing runs backward.
public final class TrainingPass {
  private let network: Network
  private let blocks: [Block]
  private let backend: any Backend
  private let algorithm: ConvolutionAlgorithm
  private let frozen: Set<String>
  /// The first block with something to train; nothing is kept for those before it.
  private let firstTrained: Int
  private var records: [Record] = []

  /// What a block leaves for the backward pass.
  private struct Record {
    /// The linear node's input.
    let input: DeviceTensor
    /// The shape of the block's input, before it became features.
    let inputShape: [Int]
    /// The linear node's output; nothing without batch norm, which alone needs it.
    let linearOutput: DeviceTensor?
    /// The output of the activation, before pooling.
    let output: DeviceTensor
    let moments: ChannelMoments?
    let activation: Activation
  }

  /// Where the dropout masks of a step come from.
  public struct DropoutSource: Sendable {
    let seed: UInt64
    let step: Int

    /// Names the masks of one step.
    /// - Parameters:
    ///   - seed: The run's seed.
    ///   - step: The step's index since the start of training.
    public init(seed: UInt64, step: Int) {
      self.seed = seed
      self.step = step
    }

    func dropout(of node: Node, share: Double) -> Dropout {
      let stream = RandomStream(seed: seed, purpose: "dropout/\(node.name)", step)
      return Dropout(probability: share, key: stream.key)
    }
  }

  /// Prepares the passes of a network.
  /// - Parameters:
  ///   - network: The network.
  ///   - backend: What computes.
  ///   - algorithm: How convolutions sum.
  ///   - frozen: The names of the nodes that are not trained.
  public init(
    _ network: Network, backend: any Backend, algorithm: ConvolutionAlgorithm = .fastest,
    frozen: Set<String> = []
  ) {
    self.network = network
    self.backend = backend
    self.algorithm = algorithm
    self.frozen = frozen
    blocks = network.blocks
    firstTrained =
      blocks.firstIndex { block in
        [block.linear, block.batchNorm].contains { $0.map { !frozen.contains($0.name) } ?? false }
      } ?? blocks.count
  }

  /// The logits of a batch; keeps what `backward` needs and moves the running statistics.
  /// - Parameters:
  ///   - images: `[N, C, H, W]`, plain; N at least 2 with batch norm.
  ///   - parameters: Weights and running statistics; the latter are changed.
  ///   - dropout: Where masks come from; nothing disables dropout.
  /// - Returns: `[N, classes]`, blocked.
  /// - Throws: Where a kernel fails.
  public func forward(
    _ images: DeviceTensor, parameters: DeviceParameters, dropout: DropoutSource?
  ) throws(KernelFailure) -> DeviceTensor {
    records.removeAll(keepingCapacity: true)
    var signal = images
    for (index, block) in blocks.enumerated() {
      let inputShape = signal.shape
      signal = try block.enter(signal, backend)
      let linear = try self.linear(block, signal, parameters)
      var activation = Activation(relu: block.relu != nil)
      if let dropout, let node = block.dropout, block.dropoutShare > 0 {
        activation.dropout = dropout.dropout(of: node, share: block.dropoutShare)
      }
      var output = linear
      var moments: ChannelMoments?
      if let norm = block.batchNorm {
        let isFrozen = frozen.contains(norm.name)
        let used =
          isFrozen ? parameters.runningMoments(of: norm) : try backend.channelMoments(linear)
        output = try backend.batchNorm(
          linear, moments: used, affine: parameters.affine(of: norm), activation: activation)
        if !isFrozen {
          moveRunningStatistics(of: block, to: used, parameters, batch: linear.shape)
        }
        moments = used
      } else if block.relu != nil {
        output = try backend.activate(linear, activation)
      }
      if index >= firstTrained {
        records.append(
          Record(
            input: signal, inputShape: inputShape, linearOutput: moments == nil ? nil : linear,
            output: output, moments: moments, activation: activation))
      }
      signal = block.pool == nil ? output : try backend.maxPool(output)
    }
    return signal
  }

  /// The gradients of all trained parameters, from the gradient by the logits of the last `forward`.
  /// - Parameters:
  ///   - logitGradient: `[N, classes]`, blocked.
  ///   - parameters: The weights of the forward pass.
  ///   - gradients: Overwritten. Biases in front of a batch norm have no effect: theirs stay as they
  ///     are, zero from the start; so do those of frozen nodes.
  /// - Throws: Where a kernel fails.
  public func backward(
    _ logitGradient: DeviceTensor, parameters: DeviceParameters, into gradients: DeviceParameters
  ) throws(KernelFailure) {
    precondition(
      records.count == blocks.count - firstTrained,
      "a forward pass comes before each backward pass")
    var signal = logitGradient
    for (index, block) in blocks.enumerated().dropFirst(firstTrained).reversed() {
      let record = records.removeLast()
      if block.pool != nil { signal = try backend.maxPoolGradient(signal, input: record.output) }
      if let norm = block.batchNorm, !frozen.contains(norm.name),
        let linear = record.linearOutput, let moments = record.moments
      {
        signal = try backend.batchNormGradient(
          signal, input: linear, output: record.output, moments: moments,
          affine: parameters.affine(of: norm), activation: record.activation,
          into: gradients.affine(of: norm))
      } else {
        if block.relu != nil {
          signal = try backend.activateGradient(
            signal, output: record.output, activation: record.activation)
        }
        if let norm = block.batchNorm {
          signal = try frozenNormGradient(signal, of: norm, parameters)
        }
        if !frozen.contains(block.linear.name) {
          try backend.biasGradient(signal, into: gradients["\(block.linear.name).bias"])
        }
      }
      try linearGradient(
        block, record, &signal, parameters, gradients["\(block.linear.name).weight"],
        needsInput: index > firstTrained)
    }
  }

  /// The way back through a batch norm with fixed statistics, which only scales each channel.
  private func frozenNormGradient(
    _ signal: DeviceTensor, of norm: Node, _ parameters: DeviceParameters
  ) throws(KernelFailure) -> DeviceTensor {
    let none = try backend.zeros([norm.outputShape[0]])
    return try backend.batchNorm(
      signal,
      moments: ChannelMoments(mean: none, variance: parameters.runningMoments(of: norm).variance),
      affine: ChannelAffine(scale: parameters.affine(of: norm).scale, shift: none),
      activation: Activation(relu: false))
  }

  private func linear(
    _ block: Block, _ input: DeviceTensor, _ parameters: DeviceParameters
  ) throws(KernelFailure) -> DeviceTensor {
    let weights = parameters["\(block.linear.name).weight"]
    // Batch norm takes every constant away again, unless it is frozen: a bias in front of it is not
    // added.
    let needsBias = block.batchNorm.map { frozen.contains($0.name) } ?? true
    let bias = needsBias ? parameters["\(block.linear.name).bias"] : nil
    return block.isConvolution
      ? try backend.convolution(
        input, weights: weights, bias: bias, mode: .training, algorithm: algorithm)
      : try backend.dense(input, weights: weights, bias: bias)
  }

  private func linearGradient(
    _ block: Block, _ record: Record, _ signal: inout DeviceTensor,
    _ parameters: DeviceParameters, _ gradient: DeviceTensor, needsInput: Bool
  ) throws(KernelFailure) {
    let weights = parameters["\(block.linear.name).weight"]
    let isTrained = !frozen.contains(block.linear.name)
    if block.isConvolution {
      if isTrained {
        try backend.convolutionWeightGradient(
          input: record.input, signal: signal, into: gradient, algorithm: algorithm)
      }
      if needsInput {
        signal = try backend.convolutionInputGradient(
          signal, weights: weights, gate: nil, algorithm: algorithm)
      }
    } else {
      if isTrained {
        try backend.denseWeightGradient(input: record.input, signal: signal, into: gradient)
      }
      if needsInput {
        signal = try backend.denseInputGradient(signal, weights: weights)
        signal = try block.leave(signal, to: record.inputShape, backend)
      }
    }
  }

  /// `running = 0.9 running + 0.1 batch`, with the unbiased variance and the bias that was not added.
  private func moveRunningStatistics(
    of block: Block, to moments: ChannelMoments, _ parameters: DeviceParameters, batch shape: [Int]
  ) {
    guard let norm = block.batchNorm else { return }
    let count = Float(shape[0] * shape.dropFirst(2).reduce(1, *))
    let (mean, variance) = (
      parameters["\(norm.name).running_mean"], parameters["\(norm.name).running_var"]
    )
    let share: Float = 0.1
    backend.accumulate(into: mean, keeping: 1 - share, adding: moments.mean, times: share)
    backend.accumulate(
      into: mean, keeping: 1, adding: parameters["\(block.linear.name).bias"], times: share)
    backend.accumulate(
      into: variance, keeping: 1 - share, adding: moments.variance,
      times: share * count / max(count - 1, 1))
  }
}

extension DeviceParameters {
  /// Scale and shift of a batch norm, or their gradients.
  func affine(of norm: Node) -> ChannelAffine {
    ChannelAffine(scale: self["\(norm.name).weight"], shift: self["\(norm.name).bias"])
  }

  /// What a batch norm normalizes with in evaluation.
  func runningMoments(of norm: Node) -> ChannelMoments {
    ChannelMoments(
      mean: self["\(norm.name).running_mean"], variance: self["\(norm.name).running_var"])
  }
}
