public import XAINetworks

/// What nodes are to rules: a role in a network, whatever operations play it.
public struct NodeRole: Sendable {
  private let plays: @Sendable (Node, Network) -> Bool

  /// Describes a role.
  /// - Parameter plays: Whether a node of a network has it.
  public init(_ plays: @escaping @Sendable (Node, Network) -> Bool) { self.plays = plays }

  /// Whether a node has the role.
  /// - Parameters:
  ///   - node: The node.
  ///   - network: Its network.
  /// - Returns: Whether it has.
  public func isPlayed(by node: Node, in network: Network) -> Bool { plays(node, network) }
}

extension NodeRole {
  /// Convolutions and dense nodes: they have weights.
  public static let linear = NodeRole { node, _ in node.isLinear }
  /// Linear nodes that see windows of maps.
  public static let convolution = NodeRole { node, _ in node.isConvolution }
  /// Linear nodes that see all features.
  public static let dense = NodeRole { node, _ in node.isDense }
  /// Rectifiers.
  public static let activation = NodeRole { node, _ in node.isActivation }
  /// Poolings that keep the largest value of a window.
  public static let maxPooling = NodeRole { node, _ in node.isMaxPooling }
  /// Poolings that keep the mean of a window.
  public static let averagePooling = NodeRole { node, _ in node.isAveragePooling }
  /// Batch norm.
  public static let batchNorm = NodeRole { node, _ in node.isBatchNorm }
  /// The linear node that sees the image itself.
  public static let firstLinear = NodeRole { node, network in network.isFirstLinear(node) }
  /// The convolution that sees the image itself.
  public static let firstConvolution = NodeRole { node, network in
    node.isConvolution && network.isFirstLinear(node)
  }
  /// The node whose outputs are the logits.
  public static let last = NodeRole { node, network in node == network.nodes.last }
}

extension Node {
  /// Whether it is linear and sees windows of maps.
  public var isConvolution: Bool { operation == .convolution }
  /// Whether it is linear and sees all features.
  public var isDense: Bool { operation == .dense }
  /// Whether it is a rectifier.
  public var isActivation: Bool { operation == .relu }
  /// Whether its outputs are the largest values of windows.
  public var isMaxPooling: Bool { operation == .maxPool }
  /// Whether it is batch norm.
  public var isBatchNorm: Bool { operation == .batchNorm }
}

extension Network {
  /// Whether a node sees the image itself: no linear node comes before it.
  /// - Parameter node: One of the nodes.
  /// - Returns: Whether it is the first linear node.
  public func isFirstLinear(_ node: Node) -> Bool { nodes.first(where: \.isLinear) == node }
}
