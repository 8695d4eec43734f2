/// A VGG network in the reference's slow and literal operations, forward and backward.
///
/// It expands its own layers and knows nothing of the networks that it tests.
public struct ReferenceNetwork: Sendable {
  /// What a layer does.
  public enum Operation: Sendable, Equatable {
    /// 3x3 with bias.
    case convolution
    /// Over images and positions.
    case batchNorm
    /// `max(x, 0)`.
    case relu
    /// 2x2, stride 2.
    case maxPool
    /// Row-major.
    case flatten
    /// The mean of each channel.
    case averagePool
    /// The means of each channel over windows, to a number of rows and columns.
    case adaptivePool([Int])
    /// With bias.
    case dense
  }

  /// Wrong rules, for showing that a comparison notices them.
  public enum Fault: Sendable, CaseIterable {
    /// ReLU passes every signal on.
    case reluPassesAll
    /// Batch norm's moments do not depend on its input.
    case constantMoments
    /// The signal of a convolution goes back through a kernel turned by 180 degrees.
    case turnedKernel
    /// Global average pooling hands the whole signal to every position.
    case averageUndivided
  }

  /// The layers in the order of the forward pass.
  public let layers: [(name: String, operation: Operation)]
  /// Parameters and running statistics by name.
  public var parameters: [String: ReferenceArray]

  /// Expands a network.
  /// - Parameters:
  ///   - stacks: How many convolutions each stack has.
  ///   - hidden: How many hidden dense layers there are.
  ///   - pooling: Whether a pooling follows each stack.
  ///   - averaging: Whether global average pooling takes the place of flatten.
  ///   - adaptive: The rows and columns of adaptive average pooling before the dense layers.
  ///   - batchNorm: Whether batch norm follows each hidden layer.
  ///   - denseBatchNorm: The same of dense layers, where it differs.
  ///   - parameters: Parameters by name.
  public init(
    stacks: [Int], hidden: Int, pooling: Bool = true, averaging: Bool = false,
    adaptive: [Int]? = nil, batchNorm: Bool = true, denseBatchNorm: Bool? = nil,
    parameters: [String: ReferenceArray]
  ) {
    var layers: [(name: String, operation: Operation)] = []
    func add(_ name: String, _ operation: Operation, _ batchNorm: Bool) {
      layers.append((name, operation))
      if batchNorm { layers.append(("\(name)_bn", .batchNorm)) }
      layers.append(("\(name)_relu", .relu))
    }
    var convolutions = 0
    for (index, count) in stacks.enumerated() {
      for _ in 0..<count {
        convolutions += 1
        add("conv\(convolutions)", .convolution, batchNorm)
      }
      if pooling { layers.append(("pool\(index + 1)", .maxPool)) }
    }
    if let adaptive { layers.append(("avgpool", .adaptivePool(adaptive))) }
    layers.append(averaging ? ("gap", .averagePool) : ("flatten", .flatten))
    for index in 0..<hidden { add("fc\(index + 1)", .dense, denseBatchNorm ?? batchNorm) }
    layers.append(("fc\(hidden + 1)", .dense))
    self.layers = layers
    self.parameters = parameters
  }

  /// One parameter; an empty array, which fits nothing, where it is missing.
  /// - Parameter name: Its name.
  public subscript(name: String) -> ReferenceArray { parameters[name] ?? ReferenceArray([0]) }

  /// Every layer's output in evaluation: batch norm uses its running statistics.
  /// - Parameter images: `[N, C, H, W]`.
  /// - Returns: Outputs in the order of the layers.
  public func evaluate(_ images: ReferenceArray) -> [ReferenceArray] {
    var outputs: [ReferenceArray] = []
    for (name, operation) in layers {
      outputs.append(
        apply(operation, name, outputs.last ?? images) { _ in
          (self["\(name).running_mean"], self["\(name).running_var"])
        })
    }
    return outputs
  }

  func apply(
    _ operation: Operation, _ name: String, _ input: ReferenceArray,
    moments: (ReferenceArray) -> (mean: ReferenceArray, variance: ReferenceArray)
  ) -> ReferenceArray {
    switch operation {
    case .convolution:
      return Reference.convolution(input, self["\(name).weight"], bias: self["\(name).bias"])
    case .dense:
      return Reference.dense(input, self["\(name).weight"], bias: self["\(name).bias"])
    case .relu: return Reference.relu(input)
    case .maxPool: return Reference.maxPool(input)
    case .flatten: return input.reshaped([input.batch, input.channels * input.plane])
    case .averagePool: return Reference.averagePool(input)
    case .adaptivePool(let extent): return Reference.adaptivePool(input, to: extent)
    case .batchNorm:
      let (mean, variance) = moments(input)
      return Reference.batchNorm(
        input, mean: mean, variance: variance, scale: self["\(name).weight"],
        shift: self["\(name).bias"])
    }
  }
}
