/// A linear node with what follows it up to the next one: the unit that the passes run.
package struct Block: Sendable {
  /// The convolution or dense node.
  package let linear: Node
  /// Whether its input is flattened first.
  package private(set) var flattensInput = false
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
    var flattens = false
    for node in nodes {
      switch node.operation {
      case .convolution, .dense:
        blocks.append(Block(linear: node, flattensInput: flattens))
        flattens = false
      case .flatten: flattens = true
      case .batchNorm: blocks[blocks.count - 1].batchNorm = node
      case .relu: blocks[blocks.count - 1].relu = node
      case .dropout: blocks[blocks.count - 1].dropout = node
      case .maxPool: blocks[blocks.count - 1].pool = node
      }
    }
    return blocks
  }
}
