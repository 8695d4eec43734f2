import XAIKernels

/// A linear node with what follows it up to the next one: the unit that the passes run.
package struct Block: Sendable {
  /// The convolution or dense node.
  package let linear: Node
  /// Adaptive average pooling in front of the entrance.
  package private(set) var adaptivePool: Node?
  /// The node that makes features of maps in front of it: flatten or global average pooling.
  package private(set) var entrance: Node?
  package private(set) var batchNorm: Node?
  package private(set) var relu: Node?
  package private(set) var dropout: Node?
  package private(set) var pool: Node?

  package var isConvolution: Bool { linear.operation == .convolution }

  /// The share that dropout sets to 0.
  package var dropoutShare: Double {
    if case .dropout(let share)? = dropout?.operation { share } else { 0 }
  }

  static func blocks(of nodes: [Node]) -> [Block] {
    var blocks: [Block] = []
    var (adaptivePool, entrance): (Node?, Node?)
    for node in nodes {
      switch node.operation {
      case .convolution, .dense:
        blocks.append(Block(linear: node, adaptivePool: adaptivePool, entrance: entrance))
        (adaptivePool, entrance) = (nil, nil)
      case .adaptiveAveragePool: adaptivePool = node
      case .flatten, .globalAveragePool: entrance = node
      case .batchNorm: blocks[blocks.count - 1].batchNorm = node
      case .relu: blocks[blocks.count - 1].relu = node
      case .dropout: blocks[blocks.count - 1].dropout = node
      case .maxPool: blocks[blocks.count - 1].pool = node
      }
    }
    return blocks
  }
}

extension Block {
  /// What the linear node reads.
  /// - Parameters:
  ///   - input: The output of the block before.
  ///   - backend: What computes.
  /// - Returns: Features where this block is the first dense one, else the input itself.
  /// - Throws: Where memory runs out.
  func enter(_ input: DeviceTensor, _ backend: any Backend) throws(KernelFailure) -> DeviceTensor {
    var input = input
    if let adaptivePool {
      let extent = Array(adaptivePool.outputShape.dropFirst())
      input = try backend.adaptiveAveragePool(input, to: extent, of: .values)
    }
    return switch entrance?.operation {
    case .flatten: try backend.flatten(input)
    case .globalAveragePool: try backend.averagePool(input)
    default: input
    }
  }

  /// The way back of `enter`.
  /// - Parameters:
  ///   - signal: The gradient by what the linear node reads.
  ///   - shape: The shape of the output of the block before.
  ///   - backend: What computes.
  /// - Returns: The gradient by the output of the block before.
  /// - Throws: Where memory runs out.
  func leave(
    _ signal: DeviceTensor, to shape: [Int], _ backend: any Backend
  ) throws(KernelFailure) -> DeviceTensor {
    let pooled = [shape[0]] + (adaptivePool?.outputShape ?? Array(shape.dropFirst()))
    let gradient =
      switch entrance?.operation {
      case .flatten: try backend.unflatten(signal, to: pooled)
      case .globalAveragePool: try backend.averagePoolGradient(signal, to: pooled)
      default: signal
      }
    guard adaptivePool != nil else { return gradient }
    return try backend.adaptiveAveragePoolGradient(gradient, to: shape)
  }
}
