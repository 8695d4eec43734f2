import XAIKernels
import XAINetworks

extension NetworkForm {
  /// Runs a convolution, its rectifier and the pooling behind it as one.
  /// - Parameters:
  ///   - index: A node.
  ///   - input: Its input.
  ///   - end: The node that does not run any more.
  ///   - extent: `.logits` or `.winners`.
  ///   - names: Nodes whose output is wanted.
  ///   - algorithm: How convolutions sum.
  /// - Returns: The pooling and its output; nothing where the node is no such convolution, where somebody
  ///   wants what lies between, or where they do not run as one.
  /// - Throws: Where a kernel fails.
  func pooledConvolution(
    at index: Int, on input: DeviceTensor, before end: Int, keeping extent: Recording.Extent,
    and names: Set<String>, _ algorithm: ConvolutionAlgorithm
  ) throws(KernelFailure) -> (node: Int, output: DeviceTensor)? {
    let node = nodes[index]
    guard node.operation == .convolution, let pool = pooling(behind: index), pool < end,
      names.isDisjoint(with: nodes[index..<pool].map(\.name)),
      let output = try backend.pooledConvolution(
        input, weights: try weights(of: node), bias: try bias(of: node),
        remembersWinners: extent == .winners, algorithm: algorithm)
    else { return nil }
    return (pool, output)
  }

  /// The rectifiers that run as one with the pooling behind them; not behind the image itself.
  var pooledRectifiers: Set<Int> {
    Set(
      nodes.indices.dropFirst().filter {
        nodes[$0].operation == .convolution && pooling(behind: $0) != nil
      }.map { $0 + 1 })
  }

  /// The max pooling behind a node where only a rectifier and dropout lie between them.
  private func pooling(behind index: Int) -> Int? {
    guard index + 1 < nodes.count, nodes[index + 1].operation == .relu else { return nil }
    for next in nodes.indices.dropFirst(index + 2) {
      switch nodes[next].operation {
      case .dropout: continue
      case .maxPool: return next
      default: return nil
      }
    }
    return nil
  }
}
