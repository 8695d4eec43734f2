import XAIAttribution
import XAIDatasets
import XAINetworks
import XAITensor

/// A network whose features are compared: the trained one, or what is held against it.
enum NetworkVariant: String {
  /// The network of the session.
  case trained
  /// Every dense layer is random.
  case randomHead = "random-head"
  /// Every layer is random.
  case randomNetwork = "random-network"

  /// Those that are held against the trained one.
  static let random: [NetworkVariant] = [.randomHead, .randomNetwork]
}

extension Session {
  /// The first network, or a random one like it.
  func variant(_ variant: NetworkVariant) -> ExplainedNetwork {
    let networks = RandomNetworks(like: network.explained, seed: request.seed)
    return switch variant {
    case .trained: network.explained
    case .randomHead: networks.head(draw: 0)
    case .randomNetwork: networks.all(draw: 0)
    }
  }

  /// What a reader must know of the training data: whether they are those that the network was trained on.
  func dataNotes() -> [String] {
    guard let dataset, let known = network.checkpoint.metadata["data_digest"],
      known != dataset.digest
    else { return [] }
    let note =
      "\(dataset.name) is not the data that \(network.path) was trained on: their digests differ."
    observer.warn(note)
    return [note]
  }
}
