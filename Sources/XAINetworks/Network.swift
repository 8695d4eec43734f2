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
    nodes = Expansion.nodes(of: architecture)
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

struct Expansion {
  private let architecture: Architecture
  /// The extent that maps are brought to before they become features.
  private let extent: [Int]?
  private var nodes: [Node] = []
  private var shape: [Int]
  private var convolutions = 0

  private init(_ architecture: Architecture, input: [Int], extent: [Int]?) {
    self.architecture = architecture
    self.extent = extent
    shape = input
  }

  /// The nodes of an architecture.
  /// - Parameters:
  ///   - architecture: A validated architecture.
  ///   - input: The shape of an image; the architecture's where it is nil.
  ///   - pools: How many of the stacks end with a pool, the first ones; all where it is nil.
  ///   - extent: The extent that maps are brought to before they become features; the architecture's adaptive
  ///     pooling where it is nil.
  /// - Returns: The nodes in the order of the forward pass.
  static func nodes(
    of architecture: Architecture, input: [Int]? = nil, pools: Int? = nil, extent: [Int]? = nil
  ) -> [Node] {
    var expansion = Expansion(
      architecture, input: input ?? architecture.input,
      extent: extent ?? architecture.adaptivePooling)
    for (index, stack) in architecture.stacks.enumerated() {
      for channels in stack { expansion.appendConvolution(channels) }
      if architecture.pooling, index < pools ?? .max { expansion.appendPool("pool\(index + 1)") }
    }
    expansion.appendAdaptivePool()
    expansion.appendHead()
    return expansion.nodes
  }

  private mutating func appendHead() {
    if architecture.globalAveragePooling {
      append("gap", .globalAveragePool, output: [shape[0]])
    } else {
      append("flatten", .flatten, output: [shape.reduce(1, *)])
    }
    for (index, units) in architecture.hidden.enumerated() {
      append("fc\(index + 1)", .dense, output: [units])
      appendTail(
        "fc\(index + 1)", batchNorm: architecture.denseBatchNorm ?? architecture.batchNorm,
        dropout: architecture.dropout.dense)
    }
    append("fc\(architecture.hidden.count + 1)", .dense, output: [architecture.classes])
  }

  private mutating func append(_ name: String, _ operation: Node.Operation, output: [Int]? = nil) {
    nodes.append(
      Node(
        name: name, operation: operation, inputShape: shape, outputShape: output ?? shape))
    shape = output ?? shape
  }

  private mutating func appendConvolution(_ channels: Int) {
    convolutions += 1
    append("conv\(convolutions)", .convolution, output: [channels] + shape.dropFirst())
    appendTail(
      "conv\(convolutions)", batchNorm: architecture.batchNorm,
      dropout: architecture.dropout.convolution)
  }

  private mutating func appendTail(_ name: String, batchNorm: Bool, dropout: Double) {
    if batchNorm { append("\(name)_bn", .batchNorm) }
    append("\(name)_relu", .relu)
    append("\(name)_dropout", .dropout(dropout))
  }

  /// Pooling to the extent that the maps have already would change nothing.
  private mutating func appendAdaptivePool() {
    guard let extent, Array(shape.dropFirst()) != extent else {
      return
    }
    append("avgpool", .adaptiveAveragePool, output: [shape[0]] + extent)
  }

  private mutating func appendPool(_ name: String) {
    append(name, .maxPool, output: [shape[0], shape[1] / 2, shape[2] / 2])
  }
}
