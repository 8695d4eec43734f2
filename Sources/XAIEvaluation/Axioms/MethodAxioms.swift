public import XAIAttribution
import XAINetworks
import XAITensor

/// A method held against axioms, on networks that are constructed from one: the same weights, edited.
///
/// Each axiom is a number with an ideal of 0, one for each image; `nil` where it says nothing about the method or
/// the network. Random methods draw the same numbers for both networks. An axiom of your own is an extension
/// that calls `map(of:on:)`.
public struct MethodAxioms {
  /// The method.
  public let method: any AttributionMethod
  /// The network.
  public let network: ExplainedNetwork
  /// The images, classes and baselines that are explained.
  public let request: AttributionRequest
  /// Memory, progress, interruption.
  public let context: AttributionContext

  /// Prepares axioms.
  /// - Parameters:
  ///   - method: The method.
  ///   - network: The network, which is not modified.
  ///   - request: What is explained.
  ///   - context: Memory, progress, interruption.
  public init(
    of method: any AttributionMethod, on network: ExplainedNetwork, for request: AttributionRequest,
    in context: AttributionContext = AttributionContext()
  ) {
    (self.method, self.network, self.request, self.context) = (method, network, request, context)
  }

  /// The maps of the method.
  /// - Parameters:
  ///   - request: What is explained.
  ///   - network: A network.
  /// - Returns: `[N, C | 1, H, W]`.
  /// - Throws: What the method throws.
  func maps(of request: AttributionRequest, on network: ExplainedNetwork) throws -> Tensor {
    let prepared = try method.prepared(for: request, on: network.network)
    return try prepared.attribute(request, on: network, in: context).maps
  }

  /// The network with other weights.
  func edited(_ change: (inout Parameters) -> Void) -> ExplainedNetwork {
    var parameters = network.parameters
    change(&parameters)
    return ExplainedNetwork(network.network, parameters: parameters, backend: network.backend)
  }

  /// The first layer with weights.
  var first: Node? { network.network.nodes.first(where: \.isLinear) }

  /// The last layer, whose outputs are logits.
  var last: Node? { network.network.nodes.last(where: \.isLinear) }

  /// For each image `|left - right| / |right|`, by Euclidean norms; `nil` where the right map is zero.
  static func relativeDistances(_ left: Tensor, _ right: Tensor) -> [Double?] {
    precondition(left.shape == right.shape, "\(left.shape) against \(right.shape)")
    return (0..<right.rows).map { image in
      let (first, second) = (left.row(image).elements, right.row(image).elements)
      let size = Norm.of(second.lazy.map(Double.init))
      let distance = Norm.of(zip(first, second).lazy.map { Double($0) - Double($1) })
      return size > 0 ? distance / size : nil
    }
  }
}

extension Tensor {
  /// The weights of a first layer that read one channel of the image become a function of all of them.
  ///
  /// A convolution's weights are `[K, C, k, k]`; a dense layer's are `[K, C H W]`, channel after channel.
  func changingChannel(
    _ channel: Int, of channels: Int, _ change: (_ weight: Int, _ offset: Int) -> Float
  ) -> Tensor {
    let row = rowCount
    let width = row / channels
    var changed = self
    changed.withUnsafeMutableElements { elements in
      for output in 0..<rows {
        for offset in 0..<width {
          let index = output * row + channel * width + offset
          elements[index] = change(index, output * row + offset)
        }
      }
    }
    return changed
  }
}
