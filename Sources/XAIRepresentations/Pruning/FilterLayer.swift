import XAIAttribution
public import XAINetworks

/// A convolution whose filters may be removed, and what depends on them.
public struct FilterLayer: Sendable, Equatable {
  /// The convolution's name.
  public let convolution: String
  /// Its batch norm's name; nil where there is none.
  public let batchNorm: String?
  /// The rectifier's name, whose output is what a filter is worth.
  public let rectifier: String
  /// The number of filters.
  public let filters: Int
  /// The linear node that reads the filters' output.
  public let reader: String
  /// How many inputs of the reader belong to a filter: 1 of a convolution, or the positions that flatten leaves.
  public let inputsPerFilter: Int

  /// Describes a layer.
  /// - Parameters:
  ///   - convolution: The convolution's name.
  ///   - batchNorm: Its batch norm's name; nil where there is none.
  ///   - rectifier: The rectifier's name.
  ///   - filters: The number of filters.
  ///   - reader: The linear node that reads the filters' output.
  ///   - inputsPerFilter: How many inputs of the reader belong to a filter.
  public init(
    convolution: String, batchNorm: String?, rectifier: String, filters: Int, reader: String,
    inputsPerFilter: Int
  ) {
    (self.convolution, self.batchNorm, self.rectifier) = (convolution, batchNorm, rectifier)
    (self.filters, self.reader, self.inputsPerFilter) = (filters, reader, inputsPerFilter)
  }

  /// The layers of a network, from the input to the logits.
  /// - Parameter network: The network.
  /// - Returns: One for each convolution with a rectifier.
  public static func all(of network: Network) -> [FilterLayer] {
    let linear = network.nodes.filter(\.isLinear)
    return zip(linear, linear.dropFirst()).compactMap { node, reader in
      guard node.isConvolution,
        let block = network.blocks.first(where: { $0.linear.name == node.name }),
        let rectifier = block.relu
      else { return nil }
      let filters = node.outputShape[0]
      return FilterLayer(
        convolution: node.name, batchNorm: block.batchNorm?.name, rectifier: rectifier.name,
        filters: filters, reader: reader.name, inputsPerFilter: reader.inputShape[0] / filters)
    }
  }
}
