import XAIAttribution
public import XAINetworks
public import XAIRepresentations

extension Network {
  /// The word for every rectifier and pooling.
  public static let allLayers = "all"

  /// The layers that words name, each once, in the order of the network.
  /// - Parameters:
  ///   - words: Names of nodes, or `all` for every rectifier and pooling; nil for the last rectifier of
  ///     each extent and that of every hidden dense layer.
  ///   - allowsInput: Whether the image itself, `input`, is one.
  /// - Returns: Names of nodes.
  /// - Throws: `RepresentationFailure` with the layers that there are where one does not exist.
  public func layers(
    _ words: [String]?, allowsInput: Bool = false
  ) throws(RepresentationFailure) -> [String] {
    guard let words else { return representativeLayers }
    let input = allowsInput ? [LayerOutputs.input] : []
    let known = input + nodes.map(\.name)
    var wanted: Set<String> = []
    for word in words {
      if word == Self.allLayers {
        wanted.formUnion(
          nodes.filter { $0.isActivation || $0.isMaxPooling || $0.isAveragePooling }.map(\.name))
      } else if known.contains(word) {
        wanted.insert(word)
      } else {
        throw RepresentationFailure(.unknownLayer(word, known: known))
      }
    }
    return known.filter(wanted.contains)
  }

  /// The shape of a layer's output, without the batch.
  /// - Parameter layer: The name of a node, or `input`.
  /// - Returns: The shape; that of the image where there is no such node.
  package func shape(of layer: String) -> [Int] {
    nodes.first { $0.name == layer }?.outputShape ?? architecture.input
  }

  /// Layers in groups whose outputs are in memory together.
  /// - Parameters:
  ///   - layers: Names of nodes.
  ///   - images: The images of each layer whose outputs are kept.
  ///   - bytes: What a group may take; a layer that takes more is a group of its own.
  /// - Returns: The groups.
  package func groups(of layers: [String], images: Int, within bytes: Int) -> [[String]] {
    var groups: [[String]] = []
    var room = 0
    for layer in layers {
      let size = MemoryLayout<Float>.stride * images * shape(of: layer).reduce(1, *)
      if groups.isEmpty || size > room {
        groups.append([])
        room = bytes
      }
      groups[groups.count - 1].append(layer)
      room -= size
    }
    return groups
  }
}
