/// An architecture expanded to its nodes.
public struct Network: Sendable, Equatable {
  /// What was expanded.
  public let architecture: Architecture
  /// The operations, in the order of the forward pass.
  public let nodes: [Node]

  /// Expands an architecture.
  /// - Parameter architecture: A validated architecture.
  public init(_ architecture: Architecture) {
    self.architecture = architecture
    var expansion = Expansion(architecture)
    for (index, stack) in architecture.stacks.enumerated() {
      for channels in stack { expansion.appendConvolution(channels) }
      if architecture.pooling { expansion.appendPool("pool\(index + 1)") }
    }
    expansion.appendAdaptivePool()
    if architecture.globalAveragePooling {
      expansion.append("gap", .globalAveragePool, output: [expansion.shape[0]])
    } else {
      expansion.append("flatten", .flatten, output: [expansion.shape.reduce(1, *)])
    }
    for (index, units) in architecture.hidden.enumerated() {
      expansion.append("fc\(index + 1)", .dense, output: [units])
      expansion.appendTail(
        "fc\(index + 1)", batchNorm: architecture.denseBatchNorm ?? architecture.batchNorm,
        dropout: architecture.dropout.dense)
    }
    expansion.append("fc\(architecture.hidden.count + 1)", .dense, output: [architecture.classes])
    nodes = expansion.nodes
  }

  /// A network with a choice of the nodes: batch norm merged, or a part of it.
  package init(_ architecture: Architecture, nodes: [Node]) {
    self.architecture = architecture
    self.nodes = nodes
  }

  /// Names and shapes of all parameters, in node order.
  public var parameterShapes: [(name: String, shape: [Int])] { nodes.flatMap(\.parameterShapes) }

  /// The number of trained parameters.
  public var parameterCount: Int { nodes.reduce(0) { $0 + $1.parameterCount } }

  /// Multiply-adds of the forward pass of one image.
  public var multiplyAdds: Int { nodes.reduce(0) { $0 + $1.multiplyAdds } }

  /// The layers as the passes run them.
  package var blocks: [Block] { Block.blocks(of: nodes) }
}

private struct Expansion {
  let architecture: Architecture
  var nodes: [Node] = []
  var shape: [Int]
  var convolutions = 0

  init(_ architecture: Architecture) {
    self.architecture = architecture
    shape = architecture.input
  }

  mutating func append(_ name: String, _ operation: Node.Operation, output: [Int]? = nil) {
    nodes.append(
      Node(
        name: name, operation: operation, inputShape: shape, outputShape: output ?? shape))
    shape = output ?? shape
  }

  mutating func appendConvolution(_ channels: Int) {
    convolutions += 1
    append("conv\(convolutions)", .convolution, output: [channels] + shape.dropFirst())
    appendTail(
      "conv\(convolutions)", batchNorm: architecture.batchNorm,
      dropout: architecture.dropout.convolution)
  }

  mutating func appendTail(_ name: String, batchNorm: Bool, dropout: Double) {
    if batchNorm { append("\(name)_bn", .batchNorm) }
    append("\(name)_relu", .relu)
    append("\(name)_dropout", .dropout(dropout))
  }

  /// Pooling to the extent that the maps have already would change nothing.
  mutating func appendAdaptivePool() {
    guard let extent = architecture.adaptivePooling, Array(shape.dropFirst()) != extent else {
      return
    }
    append("avgpool", .adaptiveAveragePool, output: [shape[0]] + extent)
  }

  mutating func appendPool(_ name: String) {
    append(name, .maxPool, output: [shape[0], shape[1] / 2, shape[2] / 2])
  }
}
