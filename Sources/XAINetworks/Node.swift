/// One operation of a network.
///
/// ReLU, dropout, pooling and flatten are nodes of their own, so that a rule or a recording names
/// exactly what it means.
public struct Node: Sendable, Equatable {
  /// What a node does.
  public enum Operation: Sendable, Equatable {
    /// 3x3, stride 1, padding 1, with bias.
    case convolution
    /// 2-D or 1-D batch norm.
    case batchNorm
    /// `max(x, 0)`.
    case relu
    /// Sets a share to 0 in training; nothing otherwise.
    case dropout(Double)
    /// 2x2, stride 2.
    case maxPool
    /// `[C, H, W]` to `[C * H * W]`.
    case flatten
    /// `[C, H, W]` to `[C]`: the mean of each channel.
    case globalAveragePool
    /// `[C, H, W]` to `[C, h, w]`: means over windows that cover the map, as PyTorch's adaptive average
    /// pooling.
    case adaptiveAveragePool
    /// `W x + b`.
    case dense
  }

  /// Its stable name: `conv1`, `conv1_bn`, `conv1_relu`, `pool1`, `flatten` or `gap`, `fc3`, ...
  public let name: String
  /// What it does.
  public let operation: Operation
  /// Shape of its input, without the batch.
  public let inputShape: [Int]
  /// Shape of its output, without the batch.
  public let outputShape: [Int]

  /// Names and shapes of its parameters, running statistics included.
  public var parameterShapes: [(name: String, shape: [Int])] {
    let (inputs, outputs) = (inputShape[0], outputShape[0])
    switch operation {
    case .convolution:
      return [("\(name).weight", [outputs, inputs, 3, 3]), ("\(name).bias", [outputs])]
    case .dense: return [("\(name).weight", [outputs, inputs]), ("\(name).bias", [outputs])]
    case .batchNorm:
      return ["weight", "bias", "running_mean", "running_var"].map { ("\(name).\($0)", [outputs]) }
    case .relu, .dropout, .maxPool, .flatten, .globalAveragePool, .adaptiveAveragePool: return []
    }
  }

  /// The number of trained parameters.
  public var parameterCount: Int {
    parameterShapes.filter { !Parameters.isRunningStatistic($0.name) }
      .reduce(0) { $0 + $1.shape.reduce(1, *) }
  }

  /// Multiply-adds for one image.
  public var multiplyAdds: Int {
    switch operation {
    case .convolution: 9 * inputShape[0] * outputShape.reduce(1, *)
    case .dense: inputShape[0] * outputShape[0]
    case .batchNorm, .relu, .dropout, .maxPool, .flatten, .globalAveragePool, .adaptiveAveragePool:
      0
    }
  }
}

extension Node {
  /// Whether it is a convolution or dense: it has weights, and outputs are linear in inputs.
  public var isLinear: Bool { operation == .convolution || operation == .dense }

  /// Whether its outputs are means of inputs of one channel.
  public var isAveragePooling: Bool {
    operation == .globalAveragePool || operation == .adaptiveAveragePool
  }
}
