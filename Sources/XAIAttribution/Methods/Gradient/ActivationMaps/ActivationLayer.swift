import XAINetworks
import XAITensor

/// A node whose output is a stack of maps.
enum ActivationLayer {
  /// Stands for the raw output of the last convolution.
  static let lastConvolution = "last-convolution"
  /// Stands for the output of the rectifier behind the last convolution.
  static let lastRectifier = "last-rectifier"

  /// The nodes that a map can be made of.
  static func names(in network: Network) -> [String] {
    network.nodes.filter { $0.outputShape.count == 3 }.map(\.name)
  }

  /// The node that a parameter means.
  /// - Parameters:
  ///   - name: A node's name, `last-convolution` or `last-rectifier`.
  ///   - network: The network.
  /// - Returns: The node's name.
  /// - Throws: A sentence with all possible names where there is no such node.
  static func resolve(_ name: String, in network: Network) throws(AttributionFailure) -> String {
    let names = names(in: network)
    if name == lastConvolution, let last = network.nodes.last(where: { $0.isConvolution }) {
      return last.name
    }
    if name == lastRectifier,
      let last = network.nodes.last(where: { $0.isActivation && $0.outputShape.count == 3 })
    {
      return last.name
    }
    guard names.contains(name) else {
      let known = network.nodes.contains { $0.name == name }
      let reason = known ? "its output is no activation map" : "the network has no such node"
      throw AttributionFailure(
        .usage,
        "No class activation map of layer '\(name)': \(reason); choose one of "
          + names.joined(separator: ", "))
    }
    return name
  }

  /// Why no map can be made, or nothing.
  static func obstacle(on network: Network) -> String? {
    network.nodes.contains { $0.isConvolution }
      ? nil : "The network has no convolution, so no layer of it is an activation map."
  }
}
