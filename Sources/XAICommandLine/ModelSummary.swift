public import XAINetworks

/// The table of a network's nodes.
public struct ModelSummary {
  private let network: Network

  /// Describes a network.
  /// - Parameter network: The network.
  public init(_ network: Network) { self.network = network }

  /// A line for each node, a head before them and the sums behind.
  public var lines: [String] {
    var lines = [row("node", "output", "parameters", "multiply-adds")]
    for node in network.nodes {
      lines.append(
        row(
          node.name, node.outputShape.map(String.init).joined(separator: " x "),
          node.parameterCount == 0 ? "" : Format.count(node.parameterCount),
          node.multiplyAdds == 0 ? "" : Format.count(node.multiplyAdds)))
    }
    lines.append(
      row(
        network.architecture.name ?? "in all", "", Format.count(network.parameterCount),
        Format.count(network.multiplyAdds)))
    return lines
  }

  private func row(_ name: String, _ shape: String, _ count: String, _ adds: String) -> String {
    func left(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(0, width - text.count))
    }
    func right(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    return left(name, 16) + left(shape, 16) + right(count, 12) + right(adds, 16)
  }
}
