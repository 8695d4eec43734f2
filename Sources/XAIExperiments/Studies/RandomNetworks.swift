import XAIAttribution
import XAINetworks
import XAITensor

/// The networks of random weights that what a trained network shows is held against.
struct RandomNetworks {
  private let network: ExplainedNetwork
  private let seed: UInt64

  init(like network: ExplainedNetwork, seed: UInt64) {
    (self.network, self.seed) = (network, seed)
  }

  /// A network of which every layer is random.
  /// - Parameter draw: Which of several.
  /// - Returns: The network on the same backend.
  func all(draw: Int) -> ExplainedNetwork { above(nil, draw: draw) }

  /// A network of which the layers above a node are random, so that the node's outputs are the trained ones.
  /// - Parameters:
  ///   - layer: The node's name; nil for no node.
  ///   - draw: Which of several.
  /// - Returns: The network on the same backend.
  func above(_ layer: String?, draw: Int) -> ExplainedNetwork {
    let nodes = network.network.nodes
    let first = layer.flatMap { name in nodes.firstIndex { $0.name == name } }.map { $0 + 1 } ?? 0
    let parameters = Randomization().randomize(
      nodes[first...].filter(\.isLinear).map(\.name), of: network.parameters,
      in: network.network, seed: seed &+ UInt64(draw))
    return ExplainedNetwork(network.network, parameters: parameters, backend: network.backend)
  }

  /// A network of which every dense layer is random: it sees what the trained one sees, and knows no class.
  /// - Parameter draw: Which of several.
  /// - Returns: The network on the same backend; what the layers below hold there is shared.
  func head(draw: Int) -> ExplainedNetwork {
    let names = network.network.nodes.filter(\.isDense).map(\.name)
    let parameters = Randomization().randomize(
      names, of: network.parameters, in: network.network, seed: seed &+ UInt64(draw))
    return network.replacing(
      names,
      from: ExplainedNetwork(network.network, parameters: parameters, backend: network.backend))
  }
}
